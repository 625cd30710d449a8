import { adam7Bytes, readAdam7 } from "./adam7.js";
import { readChunks } from "./chunks.js";
import type { PngChunk } from "./chunks.js";
import { pngError } from "./failure.js";
import { defaultMaxPixels, readHeader, rowBytes } from "./header.js";
import type { PngHeader } from "./header.js";
import { inflateExactly } from "./inflate.js";
import { unfilter } from "./unfilter.js";
import { newSamples, unpackRow } from "./unpack.js";
import type { Samples } from "./unpack.js";

/** A decoded PNG: its samples as stored, with what is needed to make colours of them. */
export interface PngImage extends PngHeader {
  /** `height * width * channels` raw samples: gray values or palette indices as they are in the file, never scaled. */
  readonly samples: Samples;
  /** The PLTE bytes, three for each entry; `undefined` when there is none. */
  readonly palette: Uint8Array | undefined;
  /** The tRNS bytes as they are; `undefined` when there is none. */
  readonly transparency: Uint8Array | undefined;
}

/** Options of {@link decodePng}. */
export interface DecodePngOptions {
  /** Largest picture in pixels, default 100 million. */
  readonly maxPixels?: number;
  /** Memory for 8-bit samples, at least `width * height * channels` bytes; not used at 16 bits. */
  readonly out?: Uint8Array;
}

interface Parts {
  readonly header: PngHeader;
  readonly palette: Uint8Array | undefined;
  readonly transparency: Uint8Array | undefined;
  readonly idat: readonly Uint8Array[];
  readonly offset: number;
}

/**
 * Decodes any PNG to its raw samples. All checksums are verified; what follows IEND is ignored.
 *
 * @throws `codec.png` for damaged files and palette indices without an entry, `codec.limit` above `maxPixels`.
 */
export function decodePng(file: Uint8Array, options: DecodePngOptions = {}): PngImage {
  const { header, palette, transparency, idat, offset } = collect(file, options.maxPixels ?? defaultMaxPixels);
  const expected = header.interlaced ? adam7Bytes(header) : header.height * (1 + rowBytes(header, header.width));
  const raw = inflateExactly(idat, expected, offset);
  const samples = header.interlaced
    ? interlacedSamples(raw, header, options.out)
    : plainSamples(raw, header, options.out);
  if (header.colorType === "palette") checkIndices(samples, header, palette!.length / 3, offset);
  return { ...header, samples, palette, transparency };
}

function collect(file: Uint8Array, maxPixels: number): Parts {
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const idat: Uint8Array[] = [];
  let offset = 0;
  let previous = "";
  for (const chunk of readChunks(file)) {
    const { type, data } = chunk;
    if (header === undefined) {
      if (type !== "IHDR")
        throw pngError("The first chunk is not IHDR", chunk.offset, { chunk: type, expected: "IHDR" });
      header = readHeader(chunk, maxPixels);
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
  return { header, palette, transparency, idat, offset };
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

function interlacedSamples(raw: Uint8Array, header: PngHeader, out: Uint8Array | undefined): Samples {
  const samples = target(header, out) ?? newSamples(header);
  readAdam7(raw, header, samples);
  return samples;
}

function plainSamples(raw: Uint8Array, header: PngHeader, out: Uint8Array | undefined): Samples {
  const { width, height, channels, bitDepth } = header;
  const bytes = rowBytes(header, width);
  unfilter(raw, 0, height, bytes, Math.max(1, (channels * bitDepth) >> 3));
  const given = target(header, out);
  if (bitDepth === 8 && given === undefined) {
    // Fresh memory costs more than the copy: close the gaps of the filter bytes in place.
    for (let y = 0; y < height; y++) raw.copyWithin(y * bytes, y * (bytes + 1) + 1, (y + 1) * (bytes + 1));
    return raw.subarray(0, height * bytes);
  }
  const samples = given ?? newSamples(header);
  for (let y = 0; y < height; y++) {
    unpackRow(raw, y * (bytes + 1) + 1, header, width, samples, y * width * channels, channels);
  }
  return samples;
}

function target(header: PngHeader, out: Uint8Array | undefined): Uint8Array | undefined {
  const count = header.width * header.height * header.channels;
  return out !== undefined && header.bitDepth <= 8 && out.length >= count ? out.subarray(0, count) : undefined;
}

function checkIndices(samples: Samples, header: PngHeader, entries: number, offset: number): void {
  if (entries >= 1 << header.bitDepth) return;
  for (let at = 0; at < samples.length; at++) {
    if (samples[at]! < entries) continue;
    const [x, y] = [at % header.width, Math.floor(at / header.width)];
    throw pngError(`The pixel at (${x}, ${y}) has the index ${samples[at]!}, the palette ${entries} entries`, offset, {
      chunk: "IDAT",
      expected: `indices below ${entries}`,
    });
  }
}
