import { isObject, type JsonObject, own } from "../manifest/json.js";
import { importError, inside, type Place } from "./import-error.js";

/** A value that must be an object. Throws `import.file`. */
export function objectAt(value: unknown, place: Place): JsonObject {
  if (isObject(value)) return value;
  throw importError(place, `there is ${describe(value)}`, "an object");
}

/** A member that must be a list. */
export function listIn(object: JsonObject, key: string, place: Place): readonly unknown[] {
  const value = own(object, key);
  if (Array.isArray(value)) return value as readonly unknown[];
  throw importError(inside(place, key), `there is ${describe(value)}`, "a list");
}

/** A member that must be an object. */
export function objectIn(object: JsonObject, key: string, place: Place): JsonObject {
  return objectAt(own(object, key), inside(place, key));
}

/** A member that must be a text of at least one character. */
export function textIn(object: JsonObject, key: string, place: Place): string {
  const value = own(object, key);
  if (typeof value === "string" && value !== "") return value;
  throw importError(inside(place, key), `there is ${describe(value)}`, "a text");
}

/** A member that must be a finite number. */
export function numberIn(object: JsonObject, key: string, place: Place): number {
  const value = own(object, key);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw importError(inside(place, key), `there is ${describe(value)}`, "a number");
}

/** A list whose items must all be finite numbers. */
export function numbersAt(value: unknown, place: Place): readonly number[] {
  if (!Array.isArray(value)) throw importError(place, `there is ${describe(value)}`, "a list of numbers");
  const list = value as readonly unknown[];
  const bad = list.findIndex((item) => typeof item !== "number" || !Number.isFinite(item));
  if (bad >= 0) throw importError(inside(place, bad), `there is ${describe(list[bad])}`, "a number");
  return list as readonly number[];
}

/** A pair of finite numbers. */
export function pointAt(value: unknown, place: Place): readonly [number, number] {
  const [x, y, ...more] = numbersAt(value, place);
  if (x !== undefined && y !== undefined && more.length === 0) return [x, y];
  throw importError(place, "there is no pair of numbers", "a point as [x, y]");
}

/** Width and height in pixels. */
export function sizeIn(
  object: JsonObject,
  place: Place,
  keys: readonly [string, string] = ["width", "height"],
): { readonly width: number; readonly height: number } {
  return { width: numberIn(object, keys[0], place), height: numberIn(object, keys[1], place) };
}

/** A value in a few words. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
