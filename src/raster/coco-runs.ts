import { checkRuns, type Region } from "./region.js";
import { shapeError } from "./shape-error.js";

/**
 * A region in COCO's run lengths: column by column over the whole picture, the first length is background.
 *
 * @throws `import.shape` when the lengths do not add up to the picture.
 */
export function cocoRegion(counts: ArrayLike<number>, width: number, height: number): Region {
  checkRuns(counts, width, height);
  return { order: "columns", left: 0, top: 0, width, height, runs: counts };
}

/** Five bits in each character, starting at `0`. */
const firstCharacter = 48;
const moreFollows = 0x20;
const signBit = 0x10;
/** A 32-bit number takes seven characters; the last may hold the sign alone. */
const longestNumber = 7;

/**
 * Reads COCO's compressed run lengths: numbers in groups of five bits, lowest first, from the third length on as the
 * difference from the length two before (rule of `rleFrString` in the COCO API).
 *
 * @throws `import.shape` for characters outside of `0` to `o`, numbers cut short, negative lengths.
 */
export function decodeCompressedRuns(text: string): number[] {
  const runs: number[] = [];
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let length = 0;
    for (;;) {
      const bits = text.charCodeAt(at) - firstCharacter;
      if (!(bits >= 0 && bits < 64))
        throw shapeError(`Character ${at} of the compressed run lengths is no part of them`, "whole numbers in 0 to o");
      at++;
      // Not with shifts: lengths may use all 32 bits.
      value += (bits & 0x1f) * 32 ** length;
      length++;
      if ((bits & moreFollows) === 0) {
        if ((bits & signBit) !== 0) value -= 32 ** length;
        break;
      }
      if (length === longestNumber)
        throw shapeError(`A run length before character ${at} is too long`, "32-bit numbers");
    }
    const run = runs.length > 2 ? value + runs[runs.length - 2]! : value;
    if (run < 0) throw shapeError(`Run ${runs.length} has the length ${run}`, "lengths from 0 on");
    runs.push(run);
  }
  return runs;
}
