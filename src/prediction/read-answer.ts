import { sniffImage } from "../codec/sniff-image.js";
import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import { decodeMask } from "../mask/decode-mask.js";
import { decodeProbabilities } from "../mask/decode-probabilities.js";
import type { Mask } from "../mask/mask.js";
import type { ProbabilityMap } from "../mask/probability-map.js";
import type { Answer } from "./invoke.js";
import type { RequestBody } from "./request-body.js";

/** Reads a mask answer: PNG of any kind whose samples are class indices. Throws `prediction.answer`. */
export function readMask<Name extends string>(
  endpoint: string,
  answer: Answer,
  body: RequestBody,
  classes: ClassTable<Name>,
): Mask<Name> {
  const expected = `a PNG mask with class indices below ${classes.count}`;
  const mask = reading(endpoint, answer, expected, () => decodeMask(answer.bytes, { classes }));
  checkSize(endpoint, answer, body, mask);
  return mask;
}

/** Reads a probability answer; its bytes decide on the framing, not its content type. Throws `prediction.answer`. */
export function readProbabilityMap<Name extends string>(
  endpoint: string,
  answer: Answer,
  body: RequestBody,
  classes: ClassTable<Name>,
): ProbabilityMap<Name> {
  const expected = `a record with probabilities of ${classes.count} classes`;
  const map = reading(endpoint, answer, expected, () => decodeProbabilities(answer.bytes, { classes }));
  checkSize(endpoint, answer, body, map);
  return map;
}

function reading<Result>(endpoint: string, answer: Answer, expected: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!SegmentationError.is(error)) throw error;
    throw unfit(endpoint, answer, expected, `${error.message} (${sniffImage(answer.bytes).description})`, error);
  }
}

/** The answer has the size of the image; turned by a quarter when the container heeds the EXIF orientation. */
function checkSize(
  endpoint: string,
  answer: Answer,
  { width, height }: RequestBody,
  found: { readonly width: number; readonly height: number },
): void {
  if (width === undefined || height === undefined) return;
  if (found.width === width && found.height === height) return;
  if (found.width === height && found.height === width) return;
  throw unfit(
    endpoint,
    answer,
    `the size of the image, ${width} x ${height}`,
    `It is ${found.width} x ${found.height}.`,
  );
}

function unfit(endpoint: string, answer: Answer, expected: string, why: string, cause?: unknown): SegmentationError {
  return new SegmentationError(
    "prediction.answer",
    `The answer of "${endpoint}" is not what was asked for: expected ${expected}. ${why}`,
    { endpoint, ...(answer.contentType === undefined ? {} : { contentType: answer.contentType }), expected },
    cause === undefined ? undefined : { cause },
  );
}
