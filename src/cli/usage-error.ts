import { SegmentationError } from "../core/errors.js";

/** A wrong command line: exit code 2. */
export class UsageError extends SegmentationError<"input.invalid"> {}

/** The error of an option or word that is wrong or missing. */
export function wrong(parameter: string, value: string | undefined, expected: string): UsageError {
  const message = value === undefined ? expected : `${parameter}: ${expected} is needed, not ${JSON.stringify(value)}`;
  return new UsageError("input.invalid", message, { parameter, value, expected });
}
