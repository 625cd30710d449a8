import type { ImportPlace } from "../core/error-details.js";
import { SegmentationError } from "../core/errors.js";

/** A place in an export whose file is known. */
export interface Place extends ImportPlace {
  readonly file: string;
}

/** A place further inside of a JSON document. */
export function inside(place: Place, step: string | number): Place {
  return { ...place, path: `${place.path ?? "$"}${typeof step === "number" ? `[${step}]` : `.${step}`}` };
}

/** A place in words. */
export function placeText({ file, line, path, offset }: Place): string {
  return `${file}${line === undefined ? "" : `, line ${line}`}${path === undefined ? "" : `, ${path}`}${offset === undefined ? "" : `, byte ${offset}`}`;
}

/** The error for something in an export that cannot be. */
export function importError(
  place: Place,
  what: string,
  expected: string,
  cause?: unknown,
): SegmentationError<"import.file"> {
  const details = { ...place, expected };
  const options = cause === undefined ? {} : { cause };
  return new SegmentationError("import.file", `${placeText(place)}: ${what}. Expected ${expected}.`, details, options);
}

/** Does some drawing; an error of it is told with its place. */
export function drawing<Result>(place: Place, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!SegmentationError.is(error, "import.shape") || error.details.file !== undefined) throw error;
    const details = { ...place, expected: error.details.expected };
    throw new SegmentationError("import.shape", `${placeText(place)}: ${error.message}`, details, { cause: error });
  }
}

/** The error for a shape that this package does not draw. */
export function shapeKindError(place: Place, kind: string, known: string): SegmentationError<"import.shape"> {
  const expected = `${known}; leave other shapes out with otherShapes: "leftOut"`;
  return new SegmentationError("import.shape", `${placeText(place)}: the shape is a ${kind}. Expected ${expected}.`, {
    ...place,
    expected,
  });
}
