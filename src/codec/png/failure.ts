import { SegmentationError } from "../../core/errors.js";

/** The error of a damaged or unfit PNG; `offset` counts bytes from the start of the file. */
export function pngError(
  message: string,
  offset: number,
  details: { readonly chunk?: string; readonly expected?: string; readonly cause?: unknown } = {},
): SegmentationError<"codec.png"> {
  const { cause, ...rest } = details;
  const expected = rest.expected === undefined ? "" : ` Expected ${rest.expected}.`;
  return new SegmentationError(
    "codec.png",
    `${message} (PNG, byte ${offset}${rest.chunk === undefined ? "" : `, chunk ${rest.chunk}`}).${expected}`,
    { offset, ...rest },
    cause === undefined ? undefined : { cause },
  );
}

/** The compressed data is damaged, ends early or has a wrong checksum. */
export function notInflated(offset: number, cause?: unknown): Error {
  return pngError("The image data cannot be inflated", offset, {
    chunk: "IDAT",
    expected: "an undamaged file",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The image data gives too many bytes. */
export function noMoreThan(expected: number, offset: number): Error {
  return pngError(`The image data holds more than the ${expected} bytes that the size needs`, offset, {
    chunk: "IDAT",
    expected: "pixel data of the announced size",
  });
}

/** The image data gives too few bytes. */
export function tooShort(actual: number, expected: number, offset: number): Error {
  return pngError(`The image data has ${actual} bytes of pixels, ${expected} are needed`, offset, {
    chunk: "IDAT",
    expected: "a whole file",
  });
}

/** A row's filter byte is none; `offset` is that of the first IDAT chunk, as for all that is compressed. */
export function badFilter(row: number, filter: number, offset: number): Error {
  return pngError(`Row ${row} has the filter type ${filter}`, offset, {
    chunk: "IDAT",
    expected: "filter type 0 to 4",
  });
}
