import { freshBytes } from "../fresh-bytes.js";
import { kernel } from "../kernel/kernel.js";
import { rowBytes } from "./header.js";
import { fitsKernel, readKernelRows } from "./kernel-rows.js";
import type { PngParts } from "./read-parts.js";

/** Samples that the kernel made, and the highest of them; 255 where nobody asked. */
interface KernelSamples {
  readonly samples: Uint8Array;
  /** Highest sample, looked for in palette files. */
  readonly highestOfAll: number;
  /** Highest sample but for those that do not count, looked for where some do not. */
  readonly highest: number;
}

/** Above every sample. */
const nothing = 256;

/** The samples of a picture, made in the kernel; `undefined` where it cannot. */
export function decodeInKernel(
  parts: PngParts,
  out: Uint8Array | undefined,
  except: number | undefined,
): KernelSamples | undefined {
  const found = kernel();
  const { header, palette } = parts;
  if (found === undefined || !fitsKernel(found, header)) return undefined;
  const { width, height, channels, bitDepth } = header;
  const bytes = rowBytes(header, width);
  const perRow = width * channels;
  const samples = out ?? freshBytes(height * perRow);
  const from = bitDepth < 8 ? found.at.INDICES : found.at.ROWS;
  const short = palette !== undefined && palette.length / 3 < 1 << bitDepth;
  let highest = except === undefined ? 255 : 0;
  let highestOfAll = short ? 0 : 255;
  readKernelRows(found, parts, (row, rows) => {
    if (bitDepth < 8) found.unpack(rows, bytes, width, bitDepth);
    const count = rows * perRow;
    if (short) highestOfAll = Math.max(highestOfAll, found.highest(from, count, nothing));
    if (except !== undefined) highest = Math.max(highest, found.highest(from, count, except));
    samples.set(found.bytes.subarray(from, from + count), row * perRow);
  });
  return { samples, highestOfAll, highest };
}

/** What pixels become that have no colour of a class. */
interface OtherPixels {
  /** Class index of fully transparent pixels; `undefined`: as unknown ones. */
  readonly transparent: number | undefined;
  /** Class index of pixels of other colours; `undefined`: they cannot be. */
  readonly unknown: number | undefined;
  /** Where the indices go. */
  readonly out: Uint8Array | undefined;
}

interface KernelIndices {
  readonly data: Uint8Array;
  /** Highest index but for those that do not count. */
  readonly highest: number;
}

/** More colours would crowd the kernel's table of 8192 places. */
const mostColors = 4096;

/**
 * The class indices of an RGB or RGBA picture, made in the kernel: its colours are never in memory as a whole.
 *
 * @param colors - Class index by `red << 16 | green << 8 | blue`.
 * @returns `undefined` where that cannot be, also when a colour is unknown: then the plain way finds the pixel.
 */
export function mapColorsInKernel(
  parts: PngParts,
  colors: ReadonlyMap<number, number>,
  { transparent, unknown, out }: OtherPixels,
  except = nothing,
): KernelIndices | undefined {
  const found = kernel();
  const { header } = parts;
  const { width, height, channels } = header;
  if (found === undefined || channels < 3 || !fitsKernel(found, header) || colors.size > mostColors) return undefined;
  // One colour is transparent: the plain way knows.
  if (parts.transparency !== undefined) return undefined;
  found.resetColors(transparent ?? nothing, unknown ?? nothing);
  // In the file, and so in memory, red comes first.
  for (const [color, index] of colors) found.addColor((color >> 16) | (color & 0xff00) | ((color & 255) << 16), index);
  const indices = out?.subarray(0, width * height) ?? freshBytes(width * height);
  const { INDICES } = found.at;
  // Rows behind an unknown colour are read for their errors only.
  const state = { known: true, highest: 0 };
  readKernelRows(found, parts, (row, rows) => {
    const count = rows * width;
    state.known &&= found.mapColors(count, channels) === count;
    if (!state.known) return;
    indices.set(found.bytes.subarray(INDICES, INDICES + count), row * width);
    state.highest = Math.max(state.highest, found.highest(INDICES, count, except));
  });
  return state.known ? { data: indices, highest: state.highest } : undefined;
}
