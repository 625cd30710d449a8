import type { Shape } from "./shapes.js";

/** How the service words a broken constraint (seen in public reports of refusals; see the table in CONTRIBUTING). */
const measures: Readonly<Record<string, string>> = { string: "length", blob: "length", list: "length", map: "length" };

const compiled = new Map<string, RegExp>();

/** What a refusal shows of collections: members that the model lacks may be of any depth and number. */
const deepest = 16;
const mostShown = 1_000;

/** A value as Java's `toString` prints it inside an error text. */
export function javaText(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "object") {
    const list = Array.isArray(value);
    const entries = depth < deepest ? Object.entries(value) : [];
    const shown = entries.slice(0, mostShown).map(([key, item]) => (list ? "" : `${key}=`) + javaText(item, depth + 1));
    const more = entries.length > shown.length || depth === deepest ? ["..."] : [];
    const text = [...shown, ...more].join(", ");
    return list ? `[${text}]` : `{${text}}`;
  }
  return `${value as string | number | boolean}`;
}

/** Every constraint of a scalar shape, in the order in which the service lists them for the elements of a list or map. */
export function constraintsOf(shape: Shape): string[] {
  const kind = measures[shape.type] ?? "value";
  const out: string[] = [];
  if (shape.max !== undefined) out.push(`Member must have ${kind} less than or equal to ${shape.max}`);
  if (shape.min !== undefined) out.push(`Member must have ${kind} greater than or equal to ${shape.min}`);
  if (shape.pattern !== undefined) out.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  if (shape.enum !== undefined) out.push(`Member must satisfy enum value set: ${javaText(shape.enum)}`);
  return out;
}

/** The constraints that a value of this shape breaks, one sentence each. */
export function brokenConstraints(shape: Shape, value: unknown): string[] {
  const kind = measures[shape.type] ?? "value";
  const out: string[] = [];
  const amount = kind === "length" ? lengthOf(value) : (value as number);
  const tooLong = shape.max !== undefined && amount > shape.max;
  if (shape.enum !== undefined && !shape.enum.includes(value as string)) {
    out.push(`Member must satisfy enum value set: ${javaText(shape.enum)}`);
  }
  if (shape.pattern !== undefined && !matches(shape, value as string)) {
    out.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  if (tooLong) out.push(`Member must have ${kind} less than or equal to ${shape.max}`);
  if (shape.min !== undefined && amount < shape.min) {
    out.push(`Member must have ${kind} greater than or equal to ${shape.min}`);
  }
  return out;
}

/** Texts are measured in code points, byte strings in bytes. */
function lengthOf(value: unknown): number {
  if (typeof value === "string") {
    // Pairs of surrogates count once.
    return value.length - (value.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
  }
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return Object.keys(value as object).length;
}

/** Java matches the whole text; `u` because `\p{L}` means something else without it. */
function matches(shape: Shape, text: string): boolean {
  const source = shape.js ?? shape.pattern ?? "";
  let pattern = compiled.get(source);
  if (pattern === undefined) {
    pattern = new RegExp(`^(?:${source})$`, "u");
    compiled.set(source, pattern);
  }
  return pattern.test(text);
}
