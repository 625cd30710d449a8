import { SegmentationError } from "./errors.js";

/** Refuses a limit that is no number: a `NaN`, e.g. of an unset variable, would silently mean no limit at all. */
export function checkLimit(parameter: string, value: number): number {
  if (typeof value === "number" && value >= 0) return value;
  const expected = "a number of 0 or more (Infinity for no limit)";
  throw new SegmentationError("input.invalid", `${parameter} is ${value}. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
