import type { IndexMask } from "./mask.js";

/**
 * Marks the pixels near a contour: 1 where another index lies within the square of `distance` pixels to each side, else 0.
 *
 * @param distance - 1 or more. Diagonal steps count as one (Chebyshev), as when a 3 x 3 square erodes a region again and
 * again.
 * @param frame - Whether what lies outside of the picture counts as another index.
 */
export function boundaryBand({ width, height, data }: IndexMask, distance: number, frame: boolean): Uint8Array {
  const band = new Uint8Array(data.length).fill(1);
  /** How many rows, up to this one, have at this column one and the same index all over the square's width. */
  const rows = new Uint32Array(width);
  const needed = 2 * distance + 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let start = 0; start < width;) {
      const index = data[row + start]!;
      let end = start + 1;
      while (end < width && data[row + end] === index) end++;
      // Within a run, these pixels have the same index to both sides.
      const from = start === 0 && !frame ? 0 : Math.min(end, start + distance);
      const to = end === width && !frame ? width : Math.max(from, end - distance);
      rows.fill(0, start, from);
      for (let x = from; x < to; x++) {
        rows[x] = y > 0 && data[row - width + x] === index ? rows[x]! + 1 : 1;
      }
      rows.fill(0, to, end);
      start = end;
    }
    const inner = y - distance;
    if (inner >= 0) clear(band, inner * width, rows, frame ? needed : Math.min(needed, y + 1));
  }
  if (frame) return band;
  // The last rows: below them is nothing that could differ.
  for (let y = Math.max(0, height - distance); y < height; y++) {
    clear(band, y * width, rows, height - Math.max(0, y - distance));
  }
  return band;
}

function clear(band: Uint8Array, at: number, rows: Uint32Array, needed: number): void {
  for (let x = 0; x < rows.length; x++) if (rows[x]! >= needed) band[at + x] = 0;
}
