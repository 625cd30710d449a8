import { readAdam7 } from "./adam7.js";
import { decodeInKernel } from "./kernel-decode.js";
import { pngError } from "./failure.js";
import { rowBytes } from "./header.js";
import type { PngHeader } from "./header.js";
import { inflateExactly } from "./inflate.js";
import { readPngParts } from "./read-parts.js";
import type { PngLimits, PngParts } from "./read-parts.js";
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
  /** The highest sample but for those that are `except`, where it was found on the way; `undefined` where it was not. */
  readonly highest?: number;
}

/** Options of {@link decodePng}. */
export interface DecodePngOptions extends PngLimits {
  /** Memory for 8-bit samples, at least `width * height * channels` bytes; not used at 16 bits. */
  readonly out?: Uint8Array;
  /** A value that does not count for {@link PngImage.highest}. */
  readonly except?: number;
}

/**
 * Decodes any PNG to its raw samples. All checksums are verified; what follows IEND is ignored.
 *
 * @throws `codec.png` for damaged files and palette indices without an entry, `codec.limit` above `maxPixels` and
 * `maxChunks`.
 */
export function decodePng(file: Uint8Array, options: DecodePngOptions = {}): PngImage {
  return decodeParts(readPngParts(file, options), options);
}

/** Decodes the samples of a file whose parts were read. */
export function decodeParts(parts: PngParts, options: Pick<DecodePngOptions, "out" | "except"> = {}): PngImage {
  const { header, palette, transparency, idat, offset, rawBytes } = parts;
  const out = target(header, options.out);
  const quick = decodeInKernel(parts, out, options.except);
  let samples: Samples | undefined = quick?.samples;
  if (samples === undefined) {
    const raw = inflateExactly(idat, rawBytes, offset);
    samples = header.interlaced ? interlacedSamples(raw, parts, out) : plainSamples(raw, parts, out);
  }
  const entries = header.colorType === "palette" ? palette!.length / 3 : 256;
  if (header.colorType === "palette" && !(quick !== undefined && quick.highestOfAll < entries)) {
    checkIndices(samples, header, entries, offset);
  }
  return { ...header, samples, palette, transparency, ...(quick === undefined ? {} : { highest: quick.highest }) };
}

function interlacedSamples(raw: Uint8Array, { header, offset }: PngParts, out: Uint8Array | undefined): Samples {
  const samples = out ?? newSamples(header);
  readAdam7(raw, header, samples, offset);
  return samples;
}

function plainSamples(raw: Uint8Array, { header, offset }: PngParts, out: Uint8Array | undefined): Samples {
  const { width, height, channels, bitDepth } = header;
  const bytes = rowBytes(header, width);
  unfilter(raw, 0, height, bytes, Math.max(1, (channels * bitDepth) >> 3), offset);
  if (bitDepth === 8 && out === undefined) {
    // Fresh memory costs more than the copy: close the gaps of the filter bytes in place.
    for (let y = 0; y < height; y++) raw.copyWithin(y * bytes, y * (bytes + 1) + 1, (y + 1) * (bytes + 1));
    return raw.subarray(0, height * bytes);
  }
  const samples = out ?? newSamples(header);
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
