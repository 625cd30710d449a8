import type { PngHeader } from "./header.js";

/** Raw samples, row by row, pixel by pixel, never scaled: a byte each up to 8 bits, 16-bit numbers at 16. */
export type Samples = Uint8Array | Uint16Array;

/** Takes memory for a whole picture's samples. */
export function newSamples(header: PngHeader): Samples {
  const count = header.width * header.height * header.channels;
  return header.bitDepth === 16 ? new Uint16Array(count) : new Uint8Array(count);
}

/**
 * Copies one unfiltered row into the samples.
 *
 * @param width - Pixels of this row (a row of an interlace pass is shorter than the picture).
 * @param at - Where the row's first sample goes.
 * @param stride - Distance between pixels in `target`, in samples; more than the channels in an interlace pass.
 */
export function unpackRow(
  raw: Uint8Array,
  from: number,
  header: PngHeader,
  width: number,
  target: Samples,
  at: number,
  stride: number,
): void {
  const { bitDepth, channels } = header;
  if (bitDepth < 8) {
    unpackBits(raw, from, bitDepth, width, target, at, stride);
  } else if (bitDepth === 16) {
    let byte = from;
    for (let x = 0, pixel = at; x < width; x++, pixel += stride) {
      for (let c = 0; c < channels; c++, byte += 2) target[pixel + c] = (raw[byte]! << 8) | raw[byte + 1]!;
    }
  } else if (stride === channels) {
    target.set(raw.subarray(from, from + width * channels), at);
  } else {
    let byte = from;
    for (let x = 0, pixel = at; x < width; x++, pixel += stride) {
      for (let c = 0; c < channels; c++) target[pixel + c] = raw[byte++]!;
    }
  }
}

/** Depths 1, 2 and 4 have one channel; the leftmost pixel is in the high bits (PNG 3rd edition, 7.2). */
function unpackBits(
  raw: Uint8Array,
  from: number,
  bitDepth: number,
  width: number,
  target: Samples,
  at: number,
  stride: number,
): void {
  const mask = (1 << bitDepth) - 1;
  const first = 8 - bitDepth;
  let byte = from;
  let shift = first;
  for (let x = 0, pixel = at; x < width; x++, pixel += stride) {
    target[pixel] = (raw[byte]! >> shift) & mask;
    shift -= bitDepth;
    if (shift < 0) {
      shift = first;
      byte++;
    }
  }
}
