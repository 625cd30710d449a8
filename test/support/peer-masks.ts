import { expect } from "vitest";
import { decodeMask, formatColor } from "../../src/masks.js";
import type { ColorMap, DecodeMaskOptions, Rgb } from "../../src/masks.js";
import { readHeader } from "../../src/codec/png/header.js";

/** 256 different colours. */
export const colors = Array.from({ length: 256 }, (_, index): Rgb => [
  index,
  (index * 7) % 256,
  (index * 31 + 5) % 256,
]);
export const colorMap: ColorMap = Object.fromEntries(colors.map((color, index) => [formatColor(color), index]));

/** Masks of runs, as real ones are, at sizes that fill their rows' last bytes and do not. */
export const masks = [
  [1, 1, 2],
  [7, 5, 2],
  [33, 17, 4],
  [64, 40, 16],
  [100, 61, 21],
  [129, 90, 256],
].map(([width, height, classes]) => {
  let state = width! * 31 + height!;
  let index = 0;
  const data = Uint8Array.from({ length: width! * height! }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    if ((state >>> 16) % 9 === 0) index = (state >>> 20) % classes!;
    return index;
  });
  return { name: `${width}x${height}`, width: width!, height: height!, count: classes!, data };
});
export type PeerMask = (typeof masks)[number];

/** The colours of a mask's pixels, each with what follows it (an alpha). */
export function colorsOf(mask: PeerMask, ...more: readonly number[]): number[] {
  return Array.from(mask.data).flatMap((index) => [...colors[index]!, ...more]);
}

/** What IHDR says. */
export function headerOf(png: Uint8Array) {
  return readHeader({ type: "IHDR", offset: 8, data: png.subarray(16, 29) }, Number.MAX_SAFE_INTEGER);
}

/**
 * Decodes with `decodeMask`, straight and into memory of the caller, and compares every index. Colours count in colour
 * files, and in palettes where the writer has put them into an order of its own (`byColor`).
 */
export function readsAs(png: Uint8Array, mask: PeerMask, what: string, byColor = false): void {
  const { colorType } = headerOf(png);
  const options: DecodeMaskOptions = byColor || colorType === "rgb" || colorType === "rgba" ? { colorMap } : {};
  const out = new Uint8Array(mask.data.length + 3).fill(99);
  for (const found of [decodeMask(png, options), decodeMask(png, { ...options, out })]) {
    expect(`${found.width} x ${found.height}`, what).toBe(`${mask.width} x ${mask.height}`);
    expect(Buffer.compare(found.data, mask.data), what).toBe(0);
  }
}
