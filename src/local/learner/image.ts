import { decodeJpegPlainly } from "../../codec/jpeg/decode-plainly.js";
import { sniffImage } from "../../codec/sniff-image.js";
import { ContainerError } from "../contracts.js";

/** A decoded photograph. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, row by row from the top. */
  readonly data: Uint8Array;
}

/** Largest photograph in pixels. */
const maxPixels = 50_000_000;
/** What the JPEG decoder may need for its planes, in MB. */
const maxMemory = 1024;

/**
 * Decodes a JPEG or PNG photograph as stored, without turning it as EXIF says: masks have the stored size.
 *
 * Decoding itself is one piece: a picture of several million pixels keeps the event loop busy for longer than a slice.
 *
 * Rejects with a `ClientError` for anything else, damaged files and pictures above 50 million pixels.
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<RgbImage> {
  const found = sniffImage(bytes);
  if (found.kind !== "jpeg" && found.kind !== "png") {
    throw unreadable(name, `it is ${found.description}, expected a JPEG`);
  }
  const { width, height } = found;
  if (width === undefined || height === undefined) throw unreadable(name, "its header is damaged");
  if (width * height > maxPixels) {
    throw unreadable(name, `it has ${width} x ${height} pixels, the limit is ${maxPixels} pixels`);
  }
  try {
    return found.kind === "jpeg"
      ? await decodeJpegPlainly(bytes, { maxPixels, maxMemory })
      : await decodePngPhoto(bytes);
  } catch (error) {
    throw unreadable(name, error instanceof Error ? error.message : "its data is damaged");
  }
}

async function decodePngPhoto(bytes: Uint8Array): Promise<RgbImage> {
  const { PNG } = await import("pngjs");
  const { width, height, data } = PNG.sync.read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from + 2]!;
  }
  return { width, height, data: rgb };
}

function unreadable(name: string, why: string): ContainerError {
  return new ContainerError("ClientError", `${name} is not a readable image file: ${why}`);
}
