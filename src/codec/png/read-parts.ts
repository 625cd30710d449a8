import { checkLimit } from "../../core/limit.js";
import { adam7Bytes } from "./adam7.js";
import { readChunks } from "./chunks.js";
import type { PngChunk } from "./chunks.js";
import { pngError } from "./failure.js";
import { defaultMaxPixels, readHeader, rowBytes } from "./header.js";
import type { PngHeader } from "./header.js";

/** The parts of a PNG file that matter for its samples, as views on the file; the pixels still compressed. */
export interface PngParts {
  readonly header: PngHeader;
  /** The PLTE bytes, three for each entry; `undefined` when there is none. */
  readonly palette: Uint8Array | undefined;
  /** The tRNS bytes as they are; `undefined` when there is none. */
  readonly transparency: Uint8Array | undefined;
  /** Data of the IDAT chunks. */
  readonly idat: readonly Uint8Array[];
  /** Where the first IDAT chunk stands. */
  readonly offset: number;
  /** Bytes of the inflated data. */
  readonly rawBytes: number;
}

/** Limits of what is read of a PNG. */
export interface PngLimits {
  /** Largest picture in pixels; default 100 million. */
  readonly maxPixels?: number;
  /** Most chunks of the file; default 100,000. */
  readonly maxChunks?: number;
}

/** DEFLATE cannot expand more than this (RFC 1951: 258 bytes for 2 bits), so a smaller stream cannot be whole. */
const maxExpansion = 1032;

/**
 * Reads the chunks, with all checksums and the order verified; what follows IEND is ignored.
 *
 * @throws `codec.png` for damaged files, `codec.limit` above `maxPixels` and `maxChunks`.
 */
export function readPngParts(file: Uint8Array, { maxPixels = defaultMaxPixels, maxChunks }: PngLimits = {}): PngParts {
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const idat: Uint8Array[] = [];
  let offset = 0;
  let previous = "";
  for (const chunk of readChunks(file, maxChunks)) {
    const { type, data } = chunk;
    if (header === undefined) {
      if (type !== "IHDR")
        throw pngError("The first chunk is not IHDR", chunk.offset, { chunk: type, expected: "IHDR" });
      header = readHeader(chunk, checkLimit("maxPixels", maxPixels));
    } else if (type === "PLTE") {
      if (palette !== undefined || idat.length > 0) throw misplaced(chunk);
      palette = readPalette(chunk);
    } else if (type === "tRNS") {
      if (transparency !== undefined || idat.length > 0) throw misplaced(chunk);
      transparency = readTransparency(chunk, header, palette);
    } else if (type === "IDAT") {
      if (idat.length === 0) offset = chunk.offset;
      else if (previous !== "IDAT") throw misplaced(chunk);
      idat.push(data);
    } else if (type === "IHDR") {
      throw misplaced(chunk);
    } else if (type !== "IEND" && type.charCodeAt(0) < 0x60) {
      // A capital first letter marks a chunk without which the picture cannot be understood (5.4).
      throw pngError("The file has a critical chunk that is not known", chunk.offset, { chunk: type });
    }
    previous = type;
  }
  if (header === undefined || idat.length === 0) {
    throw pngError("The file has no image data", file.length, { expected: "an IDAT chunk" });
  }
  if (header.colorType === "palette" && palette === undefined) {
    throw pngError("The palette is missing", offset, { expected: "a PLTE chunk before the image data" });
  }
  const rawBytes = header.interlaced ? adam7Bytes(header) : header.height * (1 + rowBytes(header, header.width));
  checkExpansion(idat, rawBytes, offset);
  return { header, palette, transparency, idat, offset, rawBytes };
}

/** Refuses a stream that cannot give enough, before memory is taken. */
function checkExpansion(parts: readonly Uint8Array[], expected: number, offset: number): void {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (expected <= (length + 1) * maxExpansion) return;
  throw pngError(`${length} bytes of image data cannot hold ${expected} bytes of pixels`, offset, {
    chunk: "IDAT",
    expected: "a whole file",
  });
}

function readPalette({ data, offset, type }: PngChunk): Uint8Array {
  if (data.length === 0 || data.length % 3 !== 0 || data.length > 768) {
    throw pngError(`The palette has ${data.length} bytes`, offset, {
      chunk: type,
      expected: "3 to 768, a multiple of 3",
    });
  }
  return data;
}

/** tRNS: a byte for each of the first entries of a palette, or one gray or colour of two bytes a sample (11.3.1.1). */
function readTransparency(chunk: PngChunk, header: PngHeader, palette: Uint8Array | undefined): Uint8Array {
  const { colorType } = header;
  const length = chunk.data.length;
  const fits =
    colorType === "palette"
      ? palette !== undefined && length <= palette.length / 3
      : (colorType === "gray" && length === 2) || (colorType === "rgb" && length === 6);
  if (!fits) throw pngError(`tRNS has ${length} bytes, which does not fit`, chunk.offset, { chunk: "tRNS" });
  return chunk.data;
}

function misplaced({ type, offset }: PngChunk): Error {
  return pngError("A chunk stands twice or in the wrong place", offset, { chunk: type });
}
