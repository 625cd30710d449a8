import { own } from "./json.js";
import type { JsonObject } from "./json.js";

/** Who made a label, by its metadata: `yes` and `no` in labeled lines, `true` in failed ones. */
export function annotatorOf(metadata: JsonObject): "human" | "machine" | undefined {
  const value = own(metadata, "human-annotated");
  if (value === "yes" || value === "true" || value === true) return "human";
  if (value === "no" || value === "false" || value === false) return "machine";
  return undefined;
}
