import type { ParameterArray } from "./artifact.js";
import { valueBlocks } from "./array-values.js";

/** What the numbers of an array are like. */
export interface ArrayStatistics {
  /** Lowest finite element; missing where there is none. */
  readonly min?: number;
  /** Highest finite element. */
  readonly max?: number;
  /** Mean of the finite elements. */
  readonly mean?: number;
  /** Standard deviation of the finite elements, over their number. */
  readonly std?: number;
  /** Number of elements that are 0. */
  readonly zeros: number;
  /** Number of elements that are infinite or not a number. */
  readonly nonFinite: number;
}

/** Goes through an array once. */
export function arrayStatistics(array: ParameterArray): ArrayStatistics {
  const sums: Sums = { count: 0, origin: 0, sum: 0, squares: 0, min: Infinity, max: -Infinity, zeros: 0, nonFinite: 0 };
  for (const block of valueBlocks(array)) addBlock(sums, block);
  const { count, zeros, nonFinite, min, max } = sums;
  if (count === 0) return { zeros, nonFinite };
  const shift = sums.sum / count;
  const variance = Math.max(0, sums.squares / count - shift * shift);
  return { min, max, mean: sums.origin + shift, std: Math.sqrt(variance), zeros, nonFinite };
}

/** Position of the first element that is infinite or not a number, or, of a variance, below 0. */
export function firstUnusable(array: ParameterArray): { readonly index: number; readonly value: number } | undefined {
  const lowest = array.name.endsWith(".running_var") ? 0 : -Infinity;
  let start = 0;
  for (const block of valueBlocks(array)) {
    const index = firstOutside(block, lowest);
    if (index >= 0) return { index: start + index, value: block[index]! };
    start += block.length;
  }
  return undefined;
}

interface Sums {
  /** Number of finite elements. */
  count: number;
  /** The first finite element: what is summed is the distance to it, which keeps the digits of the variance. */
  origin: number;
  sum: number;
  squares: number;
  min: number;
  max: number;
  zeros: number;
  nonFinite: number;
}

function addBlock(sums: Sums, block: Float32Array | Float64Array): void {
  let { count, origin, sum, squares, min, max, zeros, nonFinite } = sums;
  for (let index = 0; index < block.length; index++) {
    const value = block[index]!;
    // Infinity - Infinity and all with NaN is NaN.
    if (value - value !== 0) {
      nonFinite += 1;
      continue;
    }
    if (count === 0) origin = value;
    count += 1;
    if (value === 0) zeros += 1;
    if (value < min) min = value;
    if (value > max) max = value;
    const distance = value - origin;
    sum += distance;
    squares += distance * distance;
  }
  Object.assign(sums, { count, origin, sum, squares, min, max, zeros, nonFinite });
}

function firstOutside(block: Float32Array | Float64Array, lowest: number): number {
  // Most blocks are all right: one number tells it, since what is not finite stays so in a sum of products with 0.
  let check = 0;
  let least = 0;
  for (let index = 0; index < block.length; index++) {
    const value = block[index]!;
    check += value * 0;
    if (value < least) least = value;
  }
  if (check === 0 && least >= lowest) return -1;
  return block.findIndex((value) => value - value !== 0 || value < lowest);
}
