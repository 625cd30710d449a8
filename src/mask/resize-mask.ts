import { SegmentationError } from "../core/errors.js";
import { checkGrid, createMask } from "./mask-value.js";
import type { IndexMask, Mask } from "./mask.js";

const maxPixels = 2 ** 30;

/**
 * Scales a mask to another size by nearest neighbour: every pixel takes the class at the same relative place, measured
 * between pixel centres. Indices are never mixed.
 *
 * @throws `input.invalid` when width or height is not a positive integer or the mask's size does not fit its data,
 * `codec.limit` above 2^30 pixels.
 */
export function resizeMask<Name extends string>(mask: Mask<Name>, width: number, height: number): Mask<Name>;
export function resizeMask(mask: IndexMask, width: number, height: number): IndexMask;
export function resizeMask<Name extends string>(
  mask: IndexMask | Mask<Name>,
  width: number,
  height: number,
): IndexMask {
  checkGrid(mask.width, mask.height, mask.data.length, 1);
  checkGrid(width, height, width * height, 1);
  if (width * height > maxPixels) {
    throw new SegmentationError("codec.limit", `${width} x ${height} pixels are more than the limit of ${maxPixels}.`, {
      what: "pixels",
      limit: maxPixels,
      actual: width * height,
    });
  }
  const data = new Uint8Array(width * height);
  const columns = Uint32Array.from({ length: width }, (_, x) => nearest(x, width, mask.width));
  let before = -1;
  for (let y = 0; y < height; y++) {
    const row = nearest(y, height, mask.height);
    const to = y * width;
    // Where a mask grows, most rows are those before them.
    if (row === before) data.copyWithin(to, to - width, to);
    else if (width === mask.width) data.set(mask.data.subarray(row * width, (row + 1) * width), to);
    else pickColumns(mask.data, row * mask.width, columns, data, to);
    before = row;
  }
  return "classes" in mask ? createMask(width, height, data, mask.classes) : { width, height, data };
}

function pickColumns(from: Uint8Array, row: number, columns: Uint32Array, into: Uint8Array, to: number): void {
  for (let x = 0; x < columns.length; x++) into[to + x] = from[row + columns[x]!]!;
}

/** Place of a pixel's centre in the other size: `floor((at + 0.5) * from / to)`, in integers. */
function nearest(at: number, to: number, from: number): number {
  return Math.min(from - 1, Math.floor(((2 * at + 1) * from) / (2 * to)));
}
