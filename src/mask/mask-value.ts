import { highestOf } from "../codec/highest-byte.js";
import { SegmentationError } from "../core/errors.js";
import { recordByClass } from "./class-record.js";
import type { AnyClassTable, ClassTable } from "./classes.js";
import { encodeMask } from "./encode-mask.js";
import type { IndexMask, Mask, MaskPngOptions } from "./mask.js";

/** Options of {@link createMask}. */
export interface CreateMaskOptions {
  /** What the mask is called in errors, e.g. its file or S3 URI. */
  readonly name?: string;
}

/**
 * Makes a mask of class indices; the data is kept, not copied.
 *
 * @param data - `[height, width]`, row by row; each a class index or the ignore index.
 * @throws `input.invalid` when the size is not positive or does not fit the data, `mask.index` for the first pixel
 * that is no class.
 */
export function createMask<Name extends string>(
  width: number,
  height: number,
  data: Uint8Array,
  classes: ClassTable<Name>,
  options: CreateMaskOptions = {},
): Mask<Name> {
  checkGrid(width, height, data.length, 1);
  checkIndices({ width, height, data }, classes, options.name);
  return new MaskValue(width, height, data, classes);
}

/** Makes a mask of indices that are known to be classes or the ignore index, in a grid that fits. */
export function createCheckedMask<Name extends string>(
  width: number,
  height: number,
  data: Uint8Array,
  classes: ClassTable<Name>,
): Mask<Name> {
  return new MaskValue(width, height, data, classes);
}

/** Refuses sizes that are not positive integers or do not fit the number of values. */
export function checkGrid(width: number, height: number, length: number, planes: number): void {
  for (const [parameter, value] of [
    ["width", width],
    ["height", height],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new SegmentationError("input.invalid", `The ${parameter} is ${value}. Expected an integer of 1 or more.`, {
      parameter,
      value,
      expected: "an integer of 1 or more",
    });
  }
  if (length !== planes * width * height) {
    const expected = `${planes * width * height} values (${planes === 1 ? "" : `${planes} x `}${height} x ${width})`;
    throw new SegmentationError("input.invalid", `The data has ${length} values. Expected ${expected}.`, {
      parameter: "data",
      value: length,
      expected,
    });
  }
}

/** Refuses the first pixel whose index is no class and not the ignore index. */
export function checkIndices(mask: IndexMask, classes: AnyClassTable, name?: string): void {
  const at = findUnknown(mask.data, classes);
  if (at < 0) return;
  const index = mask.data[at]!;
  const [x, y] = [at % mask.width, Math.floor(at / mask.width)];
  throw new SegmentationError(
    "mask.index",
    `${name === undefined ? "The mask" : `The mask ${name}`} has the index ${index} at (${x}, ${y}). ` +
      `Expected 0 to ${classes.count - 1} or ${classes.ignoreIndex} (ignored).`,
    { index, x, y, classes: classes.count, ...(name === undefined ? {} : { name }) },
  );
}

/** Position of the first value that is no class and not the ignore index; -1 when there is none. */
export function findUnknown(data: Uint8Array, classes: AnyClassTable): number {
  const { count, ignoreIndex } = classes;
  if (highestOf(data, ignoreIndex) < count) return -1;
  for (let at = 0; at < data.length; at++) {
    if (data[at]! >= count && data[at] !== ignoreIndex) return at;
  }
  return -1;
}

/** How often each of the 256 values occurs. */
export function histogram(data: Uint8Array): Uint32Array {
  const counts = new Uint32Array(256);
  // Masks are runs: count a run, then add it once.
  let at = 0;
  while (at < data.length) {
    const value = data[at]!;
    const start = at;
    do at++;
    while (at < data.length && data[at] === value);
    counts[value]! += at - start;
  }
  return counts;
}

class MaskValue<in out Name extends string> implements Mask<Name> {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly data: Uint8Array,
    readonly classes: ClassTable<Name>,
  ) {}

  at(x: number, y: number): number {
    return this.data[pixelOffset(this, x, y)]!;
  }

  nameAt(x: number, y: number): Name | undefined {
    return this.classes.nameOf(this.at(x, y));
  }

  counts(): Readonly<Record<Name, number>> {
    const found = histogram(this.data);
    return recordByClass(this.classes, (index) => found[index]!);
  }

  ignored(): number {
    return histogram(this.data)[this.classes.ignoreIndex]!;
  }

  share(name: Name): number {
    const index = this.classes.indexOf(name);
    const found = histogram(this.data);
    const counted = this.data.length - found[this.classes.ignoreIndex]!;
    return counted === 0 ? 0 : found[index]! / counted;
  }

  toPng(options: MaskPngOptions = {}): Uint8Array {
    return encodeMask(this, options);
  }
}

/** Offset of a pixel in a row-major grid. Throws `input.invalid` outside. */
export function pixelOffset(grid: { readonly width: number; readonly height: number }, x: number, y: number): number {
  for (const [parameter, value, size] of [
    ["x", x, grid.width],
    ["y", y, grid.height],
  ] as const) {
    if (Number.isInteger(value) && value >= 0 && value < size) continue;
    const expected = `an integer from 0 to ${size - 1}`;
    throw new SegmentationError("input.invalid", `${parameter} is ${value}. Expected ${expected}.`, {
      parameter,
      value,
      expected,
    });
  }
  return y * grid.width + x;
}
