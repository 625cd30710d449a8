import { decodePng } from "../codec/png/decode.js";
import { toRgba } from "../codec/png/rgba.js";
import { sniffImage } from "../codec/sniff-image.js";
import { SegmentationError } from "../core/errors.js";
import { decodeJpeg } from "./decode-jpeg.js";
import type { JpegDecoder } from "./decode-jpeg.js";
import { withoutAlpha } from "./rgb-picture.js";
import type { RgbPicture } from "./rgb-picture.js";
import { turnPicture } from "./turn-picture.js";

/** How picture files become pixels. */
export interface DecodeRules {
  /** Largest picture in pixels. */
  readonly maxPixels: number;
  /** Whether the EXIF orientation turns the picture. */
  readonly orient: "ignore" | "apply";
  readonly jpeg: JpegDecoder;
}

/**
 * Decodes a photograph by the rules of MXNet's `imread`: red, green, blue; alpha dropped without blending; gray and
 * palettes widened; the upper byte of 16 bits.
 *
 * @throws `prediction.body` for what is no readable JPEG or PNG, `codec.limit` above the limit of pixels, before the
 * pixels are decoded.
 */
export async function decodePicture(bytes: Uint8Array, rules: DecodeRules): Promise<RgbPicture> {
  const found = sniffImage(bytes);
  if (found.kind !== "jpeg" && found.kind !== "png") {
    throw unreadable(bytes, "the bytes of a JPEG or PNG file", found.description);
  }
  const { width, height } = found;
  if (width === undefined || height === undefined) {
    throw unreadable(bytes, "a picture whose header is whole", `a damaged ${found.kind === "jpeg" ? "JPEG" : "PNG"}`);
  }
  checkPixels(width, height, rules.maxPixels);
  try {
    if (found.kind === "png") {
      const image = decodePng(bytes, { maxPixels: rules.maxPixels });
      const plain = image.colorType === "rgb" && image.samples instanceof Uint8Array;
      return withoutAlpha(width, height, plain ? image.samples : toRgba(image));
    }
    const picture = await decodeJpeg(bytes, found.jpeg?.components ?? 3, rules.jpeg, rules.maxPixels);
    return rules.orient === "apply" ? turnPicture(picture, found.jpeg?.orientation ?? 1) : picture;
  } catch (error) {
    if (SegmentationError.is(error, "codec.limit") || SegmentationError.is(error, "onnx")) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw unreadable(bytes, "a whole JPEG or PNG", `a damaged picture (${why})`, error);
  }
}

/** The fast form of a graph has matrices as long as a side: their memory grows with its square. */
const longestSide = 16_384;

/** Refuses pictures of too many pixels, since a network needs about 2 kB of memory for each, and too long ones. */
export function checkPixels(width: number, height: number, maxPixels: number): void {
  if (Math.max(width, height) > longestSide) {
    throw new SegmentationError(
      "codec.limit",
      `The picture is ${width} x ${height} pixels; no side may be longer than ${longestSide}. Cut it into tiles.`,
      { what: "pixels of a side", limit: longestSide, actual: Math.max(width, height) },
    );
  }
  if (width * height <= maxPixels) return;
  throw new SegmentationError(
    "codec.limit",
    `The picture is ${width} x ${height} pixels, more than the limit of ${maxPixels}. Scale it down or raise maxPixels.`,
    { what: "pixels", limit: maxPixels, actual: width * height },
  );
}

function unreadable(bytes: Uint8Array, expected: string, found: string, cause?: unknown): SegmentationError {
  return new SegmentationError(
    "prediction.body",
    `This is ${found}: expected ${expected}.`,
    { bytes: bytes.length, found, expected },
    cause === undefined ? undefined : { cause },
  );
}
