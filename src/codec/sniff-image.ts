import { SegmentationError } from "../core/errors.js";
import { readJpegHeader } from "./jpeg/header.js";
import type { JpegHeader } from "./jpeg/header.js";
import { readPngSize } from "./png/header.js";
import { describeKind, sniffKind } from "./sniff-kind.js";
import type { FileKind } from "./sniff-kind.js";

/** What some bytes are, told from the bytes alone. */
export interface SniffedImage {
  /** The kind of file, told from its first bytes; `description` says it in words. */
  readonly kind: FileKind;
  /** The kind in words, for messages: `a GIF image`, `an XML document (perhaps an error answer of S3)`. */
  readonly description: string;
  /** Pixels per row as stored; of JPEG, PNG and GIF files with a readable header. */
  readonly width?: number;
  /** Rows as stored. */
  readonly height?: number;
  /** The header of a JPEG; missing when it cannot be read. */
  readonly jpeg?: JpegHeader;
}

/**
 * Tells what kind of file some bytes are, and the size of JPEG, PNG and GIF images. Never throws.
 *
 * @example
 * ```ts
 * import { sniffImage } from "sagemaker-semseg/masks";
 *
 * sniffImage(new TextEncoder().encode("GIF89a")).description; // "a GIF image"
 * ```
 */
export function sniffImage(bytes: Uint8Array): SniffedImage {
  const kind = sniffKind(bytes);
  const found = { kind, description: describeKind(kind) };
  if (kind === "png") return { ...found, ...readPngSize(bytes) };
  if (kind === "gif" && bytes.length >= 10) {
    return { ...found, width: bytes[6]! | (bytes[7]! << 8), height: bytes[8]! | (bytes[9]! << 8) };
  }
  if (kind !== "jpeg") return found;
  try {
    const jpeg = readJpegHeader(bytes);
    return { ...found, jpeg, width: jpeg.width, ...(jpeg.height === 0 ? {} : { height: jpeg.height }) };
  } catch (error) {
    if (SegmentationError.is(error, "codec.jpeg")) return found;
    throw error;
  }
}
