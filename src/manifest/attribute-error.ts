import { SegmentationError } from "../core/errors.js";
import { segmentationType } from "./label-kinds.js";

/** The error for a manifest, or an attribute of it, without masks. */
export function attributeError(
  attribute: string | undefined,
  found: readonly string[],
  uri: string | undefined,
): SegmentationError<"manifest.attribute"> {
  const expected = `labels of type ${segmentationType}`;
  const where = uri === undefined ? "The manifest" : `The manifest ${uri}`;
  return new SegmentationError(
    "manifest.attribute",
    `${where} has no masks${attribute === undefined ? "" : ` under "${attribute}"`}. It has ${found.join("; ")}. Expected ${expected}.`,
    { found, expected, ...(attribute === undefined ? {} : { attribute }) },
  );
}
