import { SegmentationError } from "../../core/errors.js";
import { checkSignature, pngSignature } from "./chunks.js";
import type { PngChunk } from "./chunks.js";
import { pngError } from "./failure.js";

/** What the IHDR chunk says. */
export interface PngHeader {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  /** `gray` 0, `rgb` 2, `palette` 3, `gray-alpha` 4, `rgba` 6 in the file. */
  readonly colorType: PngColorType;
  /** Samples per pixel: 1 to 4. */
  readonly channels: number;
  /** Whether the rows are stored in the seven Adam7 passes. */
  readonly interlaced: boolean;
}

/** The PNG colour types by name. */
export type PngColorType = "gray" | "rgb" | "palette" | "gray-alpha" | "rgba";

/** Colour types by number, with their legal depths (PNG 3rd edition, table 12). */
const colorTypes = new Map<number, { colorType: PngColorType; channels: number; depths: readonly number[] }>([
  [0, { colorType: "gray", channels: 1, depths: [1, 2, 4, 8, 16] }],
  [2, { colorType: "rgb", channels: 3, depths: [8, 16] }],
  [3, { colorType: "palette", channels: 1, depths: [1, 2, 4, 8] }],
  [4, { colorType: "gray-alpha", channels: 2, depths: [8, 16] }],
  [6, { colorType: "rgba", channels: 4, depths: [8, 16] }],
]);

/** Default of `maxPixels`: 100 million pixels, e.g. 10000 x 10000. */
export const defaultMaxPixels = 100_000_000;

/** Reads IHDR; refuses what the specification does not allow and pictures above the limit. */
export function readHeader(chunk: PngChunk, maxPixels: number): PngHeader {
  const { data, offset } = chunk;
  const fail = (message: string, at: number, expected: string): SegmentationError =>
    pngError(message, offset + 8 + at, { chunk: "IHDR", expected });
  if (data.length !== 13) throw fail(`IHDR has ${data.length} bytes`, 0, "13 bytes");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  // 2^31-1 is the specification's limit for both.
  if (width === 0 || width > 0x7fffffff) throw fail(`The width is ${width}`, 0, "1 to 2147483647");
  if (height === 0 || height > 0x7fffffff) throw fail(`The height is ${height}`, 4, "1 to 2147483647");
  const bitDepth = data[8]!;
  const kind = colorTypes.get(data[9]!);
  if (kind === undefined) throw fail(`The colour type is ${data[9]!}`, 9, "0, 2, 3, 4 or 6");
  if (!kind.depths.includes(bitDepth)) {
    throw fail(`The bit depth is ${bitDepth} at colour type ${data[9]!}`, 8, kind.depths.join(", "));
  }
  if (data[10] !== 0) throw fail(`The compression method is ${data[10]!}`, 10, "0");
  if (data[11] !== 0) throw fail(`The filter method is ${data[11]!}`, 11, "0");
  if (data[12]! > 1) throw fail(`The interlace method is ${data[12]!}`, 12, "0 or 1");
  const pixels = width * height;
  if (pixels > maxPixels) {
    throw new SegmentationError(
      "codec.limit",
      `The PNG is ${width} x ${height} pixels, more than the limit of ${maxPixels}. Raise maxPixels to read it.`,
      { what: "pixels", limit: maxPixels, actual: pixels, offset: offset + 8 },
    );
  }
  return { width, height, bitDepth, colorType: kind.colorType, channels: kind.channels, interlaced: data[12] === 1 };
}

/** Reads width and height alone, without looking at the rest of the file; `undefined` when IHDR is not there or unfit. */
export function readPngSize(file: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  try {
    checkSignature(file);
    const start = pngSignature.length;
    if (String.fromCharCode(...file.subarray(start + 4, start + 8)) !== "IHDR") return undefined;
    const { width, height } = readHeader(
      { type: "IHDR", offset: start, data: file.subarray(start + 8, start + 21) },
      Number.MAX_SAFE_INTEGER,
    );
    return { width, height };
  } catch (error) {
    if (SegmentationError.is(error, "codec")) return undefined;
    throw error;
  }
}

/** Bytes of one row of `width` pixels, without its filter byte. */
export function rowBytes(header: PngHeader, width: number): number {
  return Math.ceil((width * header.channels * header.bitDepth) / 8);
}
