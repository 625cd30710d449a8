import { conversionError } from "./conversion.js";
import { logsModel } from "./log-shapes.js";
import { serviceModel } from "./service-model.js";
import type { ServiceModel, Shape } from "./shapes.js";
import { isScalar } from "./shapes.js";
import { brokenConstraints, constraintsOf, javaText } from "./wording.js";

/** What the service model says of a request. */
export interface Verdict {
  /** `undefined` when the request is well formed. */
  readonly type?: "ValidationException" | "SerializationException";
  readonly message?: string;
  /** One sentence for each broken constraint. */
  readonly violations: readonly string[];
  /** The request with the members that the model knows; the service ignores all others. */
  readonly value: Readonly<Record<string, unknown>>;
}

const models: ReadonlyMap<string, ServiceModel> = new Map([...Object.entries(serviceModel), ["logs", logsModel]]);

/** Whether the model holds an operation; names of JavaScript's own are no operations. */
export function hasOperation(service: string, operation: string): boolean {
  const model = models.get(service);
  return model !== undefined && Object.hasOwn(model.operations, operation);
}

/** Checks a request against the service model, in the wording of the service. The operation must be known. */
export function validate(service: string, operation: string, request: unknown): Verdict {
  const model = models.get(service)!;
  const walk = new Walk(model.shapes);
  const value = walk.visit(model.operations[operation]!, request, "") as Record<string, unknown>;
  const mistyped = walk.mistyped[0];
  if (mistyped !== undefined) {
    return {
      type: "SerializationException",
      message: mistyped.text,
      violations: walk.mistyped.map((m) => `${m.text} at '${m.path}'`),
      value,
    };
  }
  const { count } = walk;
  if (count === 0) return { violations: [], value };
  const message = `${count} validation error${count === 1 ? "" : "s"} detected: ${walk.violations.join("; ")}`;
  return { type: "ValidationException", message, violations: walk.violations, value };
}

/** So many violations are told in words; a request of 4 MB can have a million. */
const mostTold = 1_000;

/** Goes through a request beside its shapes; never deeper than the model is. */
class Walk {
  readonly violations: string[] = [];
  /** All of them, also those that are not told. */
  count = 0;
  readonly mistyped: { readonly text: string; readonly path: string }[] = [];

  constructor(private readonly shapes: Readonly<Record<string, Shape>>) {}

  visit(name: string, value: unknown, path: string): unknown {
    const shape = this.shapes[name]!;
    const text = conversionError(shape, value);
    if (text !== undefined) {
      if (this.mistyped.length < mostTold) this.mistyped.push({ text, path });
      return undefined;
    }
    if (shape.type === "structure") return this.structure(shape, value as Record<string, unknown>, path);
    if (shape.type === "list") return this.list(shape, value as unknown[], path);
    if (shape.type === "map") return this.map(shape, value as Record<string, unknown>, path);
    // A time stamp is any number of seconds.
    if (shape.type !== "timestamp")
      for (const sentence of brokenConstraints(shape, value)) this.add(path, value, sentence);
    return value;
  }

  private structure(shape: Shape, value: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> {
    const dot = path === "" ? "" : `${path}.`;
    const given = (member: string): unknown => (Object.hasOwn(value, member) ? value[member] : undefined);
    for (const member of shape.required ?? []) {
      if ((given(member) ?? null) === null) this.add(dot + lower(member), null, "Member must not be null");
    }
    const known: [string, unknown][] = [];
    for (const [member, ref] of Object.entries(shape.members ?? {})) {
      const item = given(member) ?? null;
      if (item !== null) known.push([member, this.visit(ref, item, dot + lower(member))]);
    }
    return Object.fromEntries(known);
  }

  private list(shape: Shape, value: readonly unknown[], path: string): unknown[] {
    for (const sentence of brokenConstraints({ ...bounds(shape), type: "list" }, value))
      this.add(path, value, sentence);
    const element = this.shapes[shape.member!]!;
    if (!isScalar(element)) {
      return value.map((item, index) =>
        item === null ? null : this.visit(shape.member!, item, `${path}.${index + 1}.member`),
      );
    }
    // Scalars are reported once, at the list itself.
    if (value.filter((item) => this.elementBroken(element, item, path)).length > 0) {
      this.add(path, value, `Member must satisfy constraint: [${constraintsOf(element).join(", ")}]`);
    }
    return [...value];
  }

  private map(shape: Shape, value: Readonly<Record<string, unknown>>, path: string): Record<string, unknown> {
    for (const sentence of brokenConstraints({ ...bounds(shape), type: "map" }, value)) this.add(path, value, sentence);
    const keyShape = this.shapes[shape.key!]!;
    const valueShape = this.shapes[shape.value!]!;
    if (Object.keys(value).some((key) => brokenConstraints(keyShape, key).length > 0)) {
      this.add(path, value, `Map keys must satisfy constraint: [${constraintsOf(keyShape).join(", ")}]`);
    }
    if (!isScalar(valueShape)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, this.visit(shape.value!, item, `${path}.${key}.member`)]),
      );
    }
    if (Object.values(value).filter((item) => this.elementBroken(valueShape, item, path)).length > 0) {
      this.add(path, value, `Map value must satisfy constraint: [${constraintsOf(valueShape).join(", ")}]`);
    }
    return Object.fromEntries(Object.entries(value));
  }

  private elementBroken(shape: Shape, item: unknown, path: string): boolean {
    const text = conversionError(shape, item);
    if (text !== undefined) {
      if (this.mistyped.length < mostTold) this.mistyped.push({ text, path });
      return false;
    }
    return item === null || brokenConstraints(shape, item).length > 0;
  }

  private add(path: string, value: unknown, sentence: string): void {
    if (++this.count > mostTold) return;
    const shown = value === null ? "null" : `'${javaText(value)}'`;
    this.violations.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${sentence}`);
  }
}

function bounds(shape: Shape): { readonly min?: number; readonly max?: number } {
  return {
    ...(shape.min === undefined ? {} : { min: shape.min }),
    ...(shape.max === undefined ? {} : { max: shape.max }),
  };
}

/** Paths in the error text start each member with a small letter: `KmsKeyId` becomes `kmsKeyId`. */
function lower(member: string): string {
  return member.slice(0, 1).toLowerCase() + member.slice(1);
}
