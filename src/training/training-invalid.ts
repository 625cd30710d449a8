import { SegmentationError } from "../core/errors.js";

/** A setting of a training job that cannot be. */
export function trainingInvalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("training.invalid", `${parameter} is ${String(value)}: expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
