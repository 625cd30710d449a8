import { SegmentationError } from "../core/errors.js";
import { boundaryBand } from "../mask/boundary-band.js";
import type { AnyClassTable } from "../mask/classes.js";
import type { IndexMask } from "../mask/mask.js";

/** Counts for the boundary IoU as plain data; pixels by class index. */
export interface BoundaryData {
  /** Width of the boundary as a share of the image's diagonal. */
  readonly ratio: number;
  /** Pixels near the class's contour in the truth. */
  readonly truth: readonly number[];
  /** Pixels near the class's contour in the prediction. */
  readonly prediction: readonly number[];
  /** Pixels that are both. */
  readonly both: readonly number[];
}

/** How wide a boundary is. */
export interface BoundaryOptions {
  /** Share of the image's diagonal, above 0 and at most 1; default 0.02. A boundary has at least one pixel. */
  readonly ratio?: number;
}

/** The ratio that an option stands for. Throws `input.invalid` outside of its range. */
export function boundaryRatio(option: boolean | BoundaryOptions | undefined): number | undefined {
  if (option === undefined || option === false) return undefined;
  const ratio = option === true ? 0.02 : (option.ratio ?? 0.02);
  if (ratio > 0 && ratio <= 1) return ratio;
  const expected = "a number above 0, at most 1";
  throw new SegmentationError("input.invalid", `boundary.ratio is ${ratio}. Expected ${expected}.`, {
    parameter: "boundary.ratio",
    value: ratio,
    expected,
  });
}

/** Counts the pixels near the contours of each class, over any number of images. */
export class BoundaryCounts {
  readonly truth: Float64Array;
  readonly prediction: Float64Array;
  readonly both: Float64Array;

  constructor(
    readonly ratio: number,
    private readonly classes: AnyClassTable,
  ) {
    this.truth = new Float64Array(classes.count);
    this.prediction = new Float64Array(classes.count);
    this.both = new Float64Array(classes.count);
  }

  /** Adds one image; the sizes are checked. */
  add(truth: IndexMask, prediction: IndexMask): void {
    const { count, ignoreIndex } = this.classes;
    const found = withoutIgnored(truth, prediction, ignoreIndex);
    const distance = boundaryDistance(truth.width, truth.height, this.ratio);
    const nearTrue = boundaryBand(truth, distance, true);
    const nearFound = boundaryBand(found, distance, true);
    for (let at = 0; at < nearTrue.length; at++) {
      if (nearTrue[at] === 0 && nearFound[at] === 0) continue;
      const [t, p] = [truth.data[at]!, found.data[at]!];
      if (nearTrue[at] === 1 && t < count) {
        this.truth[t]!++;
        if (nearFound[at] === 1 && t === p) this.both[t]!++;
      }
      if (nearFound[at] === 1 && p < count) this.prediction[p]!++;
    }
  }

  /** Adds what others have counted. */
  merge(other: Pick<BoundaryCounts | BoundaryData, "truth" | "prediction" | "both">): void {
    for (const part of ["truth", "prediction", "both"] as const) {
      for (const [index, pixels] of other[part].entries()) this[part][index]! += pixels;
    }
  }

  toJSON(): BoundaryData {
    const { ratio, truth, prediction, both } = this;
    return { ratio, truth: [...truth], prediction: [...prediction], both: [...both] };
  }
}

/** Pixels of a boundary, as in the authors' own code: halves go to the even number. */
export function boundaryDistance(width: number, height: number, ratio: number): number {
  const exact = ratio * Math.sqrt(width * width + height * height);
  const down = Math.floor(exact);
  const rounded = exact - down === 0.5 ? down + (down % 2) : Math.round(exact);
  return Math.max(1, rounded);
}

/** What the truth ignores is ignored in the prediction as well, so that it makes the same contours in both. */
function withoutIgnored(truth: IndexMask, prediction: IndexMask, ignoreIndex: number): IndexMask {
  if (!truth.data.includes(ignoreIndex)) return prediction;
  const data = prediction.data.slice();
  for (let at = 0; at < data.length; at++) if (truth.data[at] === ignoreIndex) data[at] = ignoreIndex;
  return { width: prediction.width, height: prediction.height, data };
}
