import { sniffImage } from "../codec/sniff-image.js";
import { SegmentationError } from "../core/errors.js";

/** An image that may be sent. */
export interface RequestBody {
  readonly bytes: Uint8Array;
  readonly contentType: "image/jpeg" | "image/png";
  /** Size as stored, when the header tells. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Real-time endpoints take 25 MB (hosting FAQ); the container was reported to stop at 10 MB, the model says 6 MB. */
export const largestBody = 25_000_000;

/**
 * Looks at the bytes before they are sent: JPEG, or PNG, which is not documented and works.
 *
 * @throws `prediction.body` for anything else, for a damaged header, and above 25,000,000 bytes.
 */
export function checkBody(image: Uint8Array): RequestBody {
  if (!(image instanceof Uint8Array))
    throw refused(0, "the bytes of a JPEG or PNG file, as a Uint8Array", typeof image);
  if (image.length > largestBody) {
    throw refused(image.length, `at most ${largestBody} bytes, the limit of an endpoint: scale the image down`);
  }
  const found = sniffImage(image);
  if (found.kind !== "jpeg" && found.kind !== "png") {
    throw refused(image.length, "the bytes of a JPEG (or PNG) file", found.description);
  }
  const { width, height, jpeg } = found;
  if (found.kind === "jpeg" && jpeg === undefined) {
    throw refused(image.length, "a JPEG with a readable header", "a damaged JPEG");
  }
  if (found.kind === "png" && width === undefined) {
    throw refused(image.length, "a PNG with a readable header", "a damaged PNG");
  }
  return { bytes: image, contentType: found.kind === "jpeg" ? "image/jpeg" : "image/png", width, height };
}

function refused(bytes: number, expected: string, found?: string): SegmentationError {
  const what = found === undefined ? `${bytes} bytes` : found;
  return new SegmentationError("prediction.body", `This is ${what}: expected ${expected}.`, {
    bytes,
    ...(found === undefined ? {} : { found }),
    expected,
  });
}
