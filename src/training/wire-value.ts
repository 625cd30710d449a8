import type { HyperparameterFact } from "../facts/hyperparameter-table.js";

/** The text that goes on the wire, or what would have been right. */
export type WireValue =
  | {
      /** The text as a request holds it. */
      readonly wire: string;
    }
  | {
      /** What would have been right, e.g. the range. */
      readonly expected: string;
    };

/**
 * One hyperparameter value in the form that the container reads: `True` and `False`, plain decimals without exponent.
 *
 * Values already in wire form (`"0.90"`, `"True"`, `"10, 20"`) pass as they are when they are in range.
 */
export function wireValue(fact: HyperparameterFact, value: unknown): WireValue {
  switch (fact.kind) {
    case "integer":
    case "float":
      return numberValue(fact, value);
    case "boolean":
      return booleanValue(value);
    case "enum":
      return enumValue(fact.values ?? [], value);
    case "string":
      return epochList(value);
  }
}

/** A finite number as a plain decimal: `1e-7` becomes `0.0000001`. */
export function plainDecimal(value: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return point >= digits.length
    ? sign + digits.padEnd(point, "0")
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function numberValue(fact: HyperparameterFact, value: unknown): WireValue {
  const expected = rangeText(fact);
  const given = typeof value === "string" ? readNumber(value) : value;
  if (typeof given !== "number" || !Number.isFinite(given)) return { expected };
  if (fact.kind === "integer" && !Number.isSafeInteger(given)) return { expected };
  if (fact.min !== undefined && (given < fact.min || (fact.exclusiveMin === true && given === fact.min))) {
    return { expected };
  }
  if (fact.max !== undefined && (given > fact.max || (fact.exclusiveMax === true && given === fact.max))) {
    return { expected };
  }
  // A text keeps its form ("0.90") unless it has an exponent, of which nobody knows whether the container reads it.
  return { wire: typeof value === "string" && !/e/i.test(value) ? value.trim() : plainDecimal(given) };
}

function readNumber(text: string): number | undefined {
  return /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) && text.length <= 64 ? Number(text) : undefined;
}

/** The range in words, e.g. `an integer greater than 16`. */
function rangeText(fact: HyperparameterFact): string {
  const kind = fact.kind === "integer" ? "an integer" : "a number";
  const low =
    fact.min === undefined ? undefined : `${fact.exclusiveMin === true ? "greater than" : "at least"} ${fact.min}`;
  const high =
    fact.max === undefined ? undefined : `${fact.exclusiveMax === true ? "less than" : "at most"} ${fact.max}`;
  const bounds = [low, high].filter((bound) => bound !== undefined).join(" and ");
  return bounds === "" ? kind : `${kind} ${bounds}`;
}

function booleanValue(value: unknown): WireValue {
  const text = typeof value === "boolean" ? String(value) : typeof value === "string" ? value.toLowerCase() : "";
  if (text === "true") return { wire: "True" };
  return text === "false" ? { wire: "False" } : { expected: "true or false" };
}

function enumValue(values: readonly string[], value: unknown): WireValue {
  return typeof value === "string" && values.includes(value)
    ? { wire: value }
    : { expected: `one of ${values.map((known) => `"${known}"`).join(", ")}` };
}

/** The only free text is `lr_scheduler_step`; the guide's sample is `"10, 20"`. */
function epochList(value: unknown): WireValue {
  const expected = 'epochs in rising order, as [10, 20] or "10, 20"';
  const text = Array.isArray(value) ? value.map(String).join(", ") : typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length > 2500 || !/^\s*\d+(?:\s*,\s*\d+)*\s*$/.test(text)) return { expected };
  const epochs = readEpochs(text);
  const rising = epochs.every((epoch, index) => index === 0 || epoch > epochs[index - 1]!);
  return rising ? { wire: text.trim() } : { expected };
}

/** The epochs of an `lr_scheduler_step` text. */
export function readEpochs(text: string): number[] {
  return text.split(",").map(Number);
}
