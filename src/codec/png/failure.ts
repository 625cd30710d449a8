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
