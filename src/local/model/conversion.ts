import type { Shape } from "./shapes.js";

const number = "class com.amazon.coral.value.json.numbers.TruncatingBigNumber";
const numeric = new Set(["integer", "long", "float", "double"]);

/**
 * The text of the `SerializationException` for a value of another JSON type; `undefined` when the type fits.
 *
 * Texts as another service on the same server framework words them (public recordings).
 */
export function conversionError(shape: Shape, value: unknown): string | undefined {
  const kind = shape.type;
  if (value === null || value === undefined || kind === "blob") return undefined;
  const list = Array.isArray(value);
  const object = typeof value === "object" && !list;
  if (list && kind !== "list") return "Start of list found where not expected";
  if (object && kind !== "structure" && kind !== "map") return "Start of structure or map found where not expected.";
  if (kind === "list" && !list)
    return object ? "Start of structure or map found where not expected." : "Expected list or null";
  if (kind === "map" && !object) return "Expected map or null";
  if (kind === "structure" && !object) return "Expected null";
  if (kind === "string" && typeof value !== "string") {
    return `${typeof value === "boolean" ? "class java.lang.Boolean" : number} can not be converted to an String`;
  }
  if (numeric.has(kind) && typeof value !== "number")
    return `class java.lang.${typeof value === "boolean" ? "Boolean" : "String"} can not be converted to an ${capital(kind)}`;
  if (numeric.has(kind) && !Number.isFinite(value)) return `${number} can not be converted to an ${capital(kind)}`;
  if (kind === "boolean" && typeof value === "string")
    return `'${value.toUpperCase()}' can not be converted to an Boolean`;
  if (kind === "boolean" && typeof value !== "boolean") return `${number} can not be converted to an Boolean`;
  if (kind === "timestamp" && (typeof value !== "number" || !Number.isFinite(value))) {
    return `class java.lang.${typeof value === "boolean" ? "Boolean" : "String"} can not be converted to milliseconds since epoch`;
  }
  return undefined;
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
