import { SegmentationError } from "../core/errors.js";
import { BoundaryCounts, boundaryRatio } from "./boundary-counts.js";
import type { BoundaryData, BoundaryOptions } from "./boundary-counts.js";
import { sameClasses } from "./same-classes.js";
import type { AnyClassTable, ClassTable } from "../mask/classes.js";
import { checkGrid } from "../mask/mask-value.js";
import type { IndexMask } from "../mask/mask.js";
import { countPairs } from "./count-pairs.js";

/** A confusion matrix as plain data, as `JSON.stringify` writes it. */
export interface ConfusionMatrixData {
  /** Class names in the order of rows and columns. */
  readonly classes: readonly string[];
  /** `counts[truth][prediction]`, pixels. */
  readonly counts: readonly (readonly number[])[];
  /** Pixels of each true class whose prediction is no class. */
  readonly unclassified: readonly number[];
  /** Pixels that the truth ignores. */
  readonly ignored: number;
  /** Number of images that were counted. */
  readonly images: number;
  /** Counts for the boundary IoU, when they were asked for. */
  readonly boundary?: BoundaryData;
}

/** Options of {@link createConfusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** Whether pixels near contours are counted as well, for the boundary IoU; default false, since it takes more time. */
  readonly boundary?: boolean | BoundaryOptions;
}

/** Counts which class was predicted for the pixels of each true class, over any number of images. */
export interface ConfusionMatrix<in out Name extends string> {
  /** The classes of rows and columns, in the order of their indices. */
  readonly classes: ClassTable<Name>;
  /** Pixels, `[truth, prediction]`: `counts[truth * classes.count + prediction]`. */
  readonly counts: Float64Array;
  /** Pixels of each true class whose prediction is no class (ignore index, or beyond the table); they count as missed. */
  readonly unclassified: Float64Array;
  /** Pixels that the truth ignores; whatever was predicted there counts for nothing. */
  readonly ignored: number;
  /** Images added so far. */
  readonly images: number;
  /** Counts for the boundary IoU; `undefined` when they were not asked for. */
  readonly boundary: BoundaryData | undefined;
  /**
   * Adds one image.
   *
   * @param name - The image's name, for errors.
   * @throws `mask.size` when the sizes differ, `mask.index` when the truth has an index that is no class; nothing is
   * added then.
   */
  add(truth: IndexMask, prediction: IndexMask, name?: string): void;
  /**
   * Adds what another matrix has counted, e.g. in a worker; as plain data it can be sent. Throws `input.invalid` when its
   * classes or boundaries are others.
   */
  merge(other: ConfusionMatrix<Name> | ConfusionMatrixData): void;
  /** Pixels of a true class that were predicted as a class. Throws `classes.unknown`. */
  count(truth: Name, prediction: Name): number;
  /** A copy of the counts as plain data, for {@link ConfusionMatrix.merge} or a file. */
  toJSON(): ConfusionMatrixData;
}

/**
 * Makes an empty confusion matrix.
 *
 * @throws `input.invalid` for a boundary ratio out of range.
 *
 * @example
 * ```ts
 * import { computeMetrics, createConfusionMatrix, createMask, defineClasses } from "sagemaker-semseg/masks";
 *
 * const classes = defineClasses(["background", "sea turtle"]);
 * const truth = createMask(4, 1, Uint8Array.of(0, 0, 1, 1), classes);
 * const prediction = createMask(4, 1, Uint8Array.of(0, 1, 1, 1), classes);
 * const matrix = createConfusionMatrix(classes);
 * matrix.add(truth, prediction);
 * computeMetrics(matrix).perClass["sea turtle"].iou; // 2 / 3
 * ```
 */
export function createConfusionMatrix<Name extends string>(
  classes: ClassTable<Name>,
  options: ConfusionMatrixOptions = {},
): ConfusionMatrix<Name> {
  return new PixelConfusion(classes, boundaryRatio(options.boundary));
}

class PixelConfusion<in out Name extends string> implements ConfusionMatrix<Name> {
  readonly counts: Float64Array;
  readonly unclassified: Float64Array;
  #ignored = 0;
  #images = 0;
  readonly #boundary: BoundaryCounts | undefined;

  constructor(
    readonly classes: ClassTable<Name>,
    ratio: number | undefined,
  ) {
    this.#boundary = ratio === undefined ? undefined : new BoundaryCounts(ratio, classes);
    this.counts = new Float64Array(classes.count * classes.count);
    this.unclassified = new Float64Array(classes.count);
  }

  get ignored(): number {
    return this.#ignored;
  }

  get images(): number {
    return this.#images;
  }

  get boundary(): BoundaryData | undefined {
    return this.#boundary?.toJSON();
  }

  add(truth: IndexMask, prediction: IndexMask, name?: string): void {
    checkSizes(truth, prediction, name);
    const { count, ignoreIndex } = this.classes;
    const table = countPairs(truth.data, prediction.data);
    for (let t = count; t < 256; t++) {
      if (t === ignoreIndex || rowSum(table, t) === 0) continue;
      throw unknownTruth(truth, t, this.classes, name);
    }
    for (let t = 0; t < count; t++) {
      const row = table.subarray(t * 256, (t + 1) * 256);
      for (let p = 0; p < count; p++) this.counts[t * count + p]! += row[p]!;
      for (let p = count; p < 256; p++) this.unclassified[t]! += row[p]!;
    }
    this.#ignored += rowSum(table, ignoreIndex);
    this.#images++;
    this.#boundary?.add(truth, prediction);
  }

  merge(other: ConfusionMatrix<Name> | ConfusionMatrixData): void {
    const ratio = this.#boundary?.ratio;
    if (!isObject(other)) throw otherData(this.classes, ratio);
    const data = "toJSON" in other ? other.toJSON() : other;
    checkData(data, this.classes, ratio);
    const { count } = this.classes;
    for (const [t, row] of data.counts.entries()) {
      for (const [p, pixels] of row.entries()) this.counts[t * count + p]! += pixels;
    }
    for (const [t, pixels] of data.unclassified.entries()) this.unclassified[t]! += pixels;
    this.#ignored += data.ignored;
    this.#images += data.images;
    if (data.boundary !== undefined) this.#boundary?.merge(data.boundary);
  }

  count(truth: Name, prediction: Name): number {
    return this.counts[this.classes.indexOf(truth) * this.classes.count + this.classes.indexOf(prediction)]!;
  }

  toJSON(): ConfusionMatrixData {
    const { count, names } = this.classes;
    return {
      classes: names,
      counts: names.map((_, t) => [...this.counts.subarray(t * count, (t + 1) * count)]),
      unclassified: [...this.unclassified],
      ignored: this.#ignored,
      images: this.#images,
      ...(this.#boundary === undefined ? {} : { boundary: this.#boundary.toJSON() }),
    };
  }
}

function rowSum(table: Float64Array, row: number): number {
  let sum = 0;
  for (let at = row * 256; at < (row + 1) * 256; at++) sum += table[at]!;
  return sum;
}

function checkSizes(truth: IndexMask, prediction: IndexMask, name: string | undefined): void {
  for (const { width, height, data } of [truth, prediction]) checkGrid(width, height, data.length, 1);
  if (truth.width === prediction.width && truth.height === prediction.height) return;
  const size = ({ width, height }: IndexMask): string => `${width} x ${height}`;
  throw new SegmentationError(
    "mask.size",
    `The prediction${name === undefined ? "" : ` for ${name}`} is ${size(prediction)} pixels, the truth ${size(truth)}.`,
    {
      expected: [truth.width, truth.height],
      actual: [prediction.width, prediction.height],
      ...(name === undefined ? {} : { name }),
    },
  );
}

function unknownTruth(truth: IndexMask, index: number, classes: AnyClassTable, name?: string): SegmentationError {
  const at = truth.data.indexOf(index);
  const [x, y] = [at % truth.width, Math.floor(at / truth.width)];
  return new SegmentationError(
    "mask.index",
    `The true mask${name === undefined ? "" : ` of ${name}`} has the index ${index} at (${x}, ${y}). ` +
      `Expected 0 to ${classes.count - 1} or ${classes.ignoreIndex} (ignored).`,
    { index, x, y, classes: classes.count, ...(name === undefined ? {} : { name }) },
  );
}

/** Data may be of a file, whatever its type says. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function checkData(data: ConfusionMatrixData, classes: AnyClassTable, ratio: number | undefined): void {
  const { count } = classes;
  const counts = (row: unknown): boolean =>
    Array.isArray(row) && row.length === count && row.every((value) => Number.isSafeInteger(value) && value >= 0);
  const fits =
    sameClasses(data.classes, classes.names) &&
    Array.isArray(data.counts) &&
    data.counts.length === count &&
    data.counts.every(counts) &&
    counts(data.unclassified) &&
    [data.ignored, data.images].every((value) => Number.isSafeInteger(value) && value >= 0) &&
    (data.boundary === undefined || isObject(data.boundary)) &&
    data.boundary?.ratio === ratio &&
    (data.boundary === undefined || [data.boundary.truth, data.boundary.prediction, data.boundary.both].every(counts));
  if (!fits) throw otherData(classes, ratio);
}

function otherData({ count, names }: AnyClassTable, ratio: number | undefined): SegmentationError {
  const boundary = ratio === undefined ? "no boundaries" : `boundaries of ${ratio}`;
  const expected = `${count} x ${count} counts of the classes ${names.join(", ")}, ${boundary}`;
  return new SegmentationError("input.invalid", `The confusion matrix to merge does not fit. Expected ${expected}.`, {
    parameter: "other",
    expected,
  });
}
