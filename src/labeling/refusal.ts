import { SegmentationError } from "../core/errors.js";

/** The error of a labeling setting that breaks a rule of Ground Truth. */
export function refusal(parameter: string, value: unknown, expected: string): SegmentationError<"labeling.invalid"> {
  const shown = typeof value === "string" ? ` "${value.slice(0, 140)}"` : typeof value === "number" ? ` ${value}` : "";
  return new SegmentationError("labeling.invalid", `${parameter}${shown} is not usable: expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}

/** Throws unless `value` is an integer in a range; returns it. */
export function integerBetween(parameter: string, value: number, min: number, max: number, unit = ""): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw refusal(parameter, value, `an integer from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`);
  }
  return value;
}
