import { SegmentationError } from "./errors.js";

/**
 * Marks a builder type with the required steps that are still to do.
 *
 * A public, string-keyed member on purpose: a private or symbol-keyed phantom is lost in the emitted declarations,
 * and with it the compile error. It never exists at run time.
 */
export interface Todo<Step extends string> {
  /** Never there at run time: it holds the steps that are to do in the type, `never` when all are done. */
  readonly "~todo"?: Step;
}

/**
 * Throws `builder.incomplete` naming the required steps that were not taken; the check for JavaScript users.
 *
 * @param steps - Values by step, under the names that the builder's type has: `images`, or alternatives written out as
 * `labels(...) or pairs(...)`.
 */
export function requireSteps(builder: string, steps: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(steps).filter((step) => steps[step] === undefined);
  if (missing.length === 0) return;
  const calls = missing
    .map((step) => (step.endsWith(")") ? `.${step.replaceAll(" or ", " or .")}` : `.${step}(...)`))
    .join(", ");
  throw new SegmentationError("builder.incomplete", `${builder} is incomplete: call ${calls} first.`, {
    builder,
    missing,
  });
}
