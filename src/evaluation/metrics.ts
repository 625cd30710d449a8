import { recordByClass } from "../mask/class-record.js";
import type { BoundaryData } from "./boundary-counts.js";
import type { ConfusionMatrix } from "./confusion-matrix.js";

/** The scores of one class. */
export interface ClassMetrics {
  /** Intersection over union, 0 to 1; `undefined` when the class is absent. */
  readonly iou: number | undefined;
  /** Share of the pixels predicted as this class that are; `undefined` when none was predicted. */
  readonly precision: number | undefined;
  /** Share of this class's pixels that were found; `undefined` when the truth has none. */
  readonly recall: number | undefined;
  /** Harmonic mean of precision and recall, also called Dice; `undefined` when the class is absent. */
  readonly f1: number | undefined;
  /** Whether the class is in no truth and no prediction; it counts for no mean then. */
  readonly absent: boolean;
  /** Pixels of the class in the truth. */
  readonly truePixels: number;
  /** Pixels predicted as the class where the truth counts. */
  readonly predictedPixels: number;
  /**
   * IoU of the pixels near the class's contours, 0 to 1; there when the matrix counts boundaries, `undefined` when there
   * are no such pixels.
   */
  readonly boundaryIoU?: number | undefined;
}

/** Scores over all pixels that count. */
export interface SegmentationMetrics<in out Name extends string> {
  /** Mean of the IoUs of all classes that are not absent, background included, 0 to 1; `NaN` when no pixel counts. */
  readonly meanIoU: number;
  /** IoU weighted by how often each class occurs in the truth, 0 to 1; `NaN` when no pixel counts. */
  readonly frequencyWeightedIoU: number;
  /** Share of the pixels with the right class, 0 to 1; `NaN` when no pixel counts. */
  readonly pixelAccuracy: number;
  /** Mean recall of the classes in the truth, 0 to 1; `NaN` when no pixel counts. */
  readonly meanAccuracy: number;
  /** Mean of the boundary IoUs that exist, 0 to 1; there when the matrix counts boundaries, `NaN` when none exists. */
  readonly meanBoundaryIoU?: number;
  /** The scores of each class by its name, absent classes included. */
  readonly perClass: Readonly<Record<Name, ClassMetrics>>;
  /** Classes that occur neither in the truth nor in a prediction. */
  readonly absentClasses: readonly Name[];
  /** Pixels that count. */
  readonly pixels: number;
  /** Pixels that the truth ignores. */
  readonly ignoredPixels: number;
  /** Pixels that count and were predicted as no class. */
  readonly unclassifiedPixels: number;
  /** How these numbers are made, in sentences. */
  readonly rules: readonly string[];
}

/** The rules of {@link computeMetrics}. */
export const metricRules: readonly string[] = Object.freeze([
  "Pixels are counted over all images together, not averaged by image.",
  "Pixels that the truth ignores count for nothing, whatever was predicted there.",
  "The IoU of a class is the number of pixels where truth and prediction both have it, divided by the number where at least one has it.",
  "A class that occurs neither in the truth nor in a prediction is absent: it has no IoU and is left out of the means.",
  "A class that was predicted but is nowhere in the truth has IoU 0 and counts in the mean IoU.",
  "The mean IoU is over all classes that are not absent, background included.",
  "The precision of a class is the share of the pixels predicted as it that are; recall the share of its pixels that were found; F1 (Dice) their harmonic mean.",
  "The mean accuracy is the mean recall of the classes that are in the truth; the pixel accuracy is the share of all pixels that are right.",
  "The frequency-weighted IoU weights the IoU of each class by its share of the pixels of the truth.",
  "A prediction that is no class (the ignore index, or an index beyond the table) is wrong and counts as a missed pixel.",
]);

/** The rule of the boundary IoU (Cheng, Girshick, Dollar, Berg, Kirillov: "Boundary IoU", CVPR 2021, section 4). */
function boundaryRule(ratio: number): string {
  return (
    "The boundary IoU of a class is the IoU of the pixels that are of the class and within a distance d of its contour, in " +
    `truth and prediction each (Cheng et al., 2021); d is ${Number((ratio * 100).toFixed(4))} % of the image's diagonal, rounded, ` +
    "at least 1 pixel, diagonal steps counting as one; the image's edge is a contour, and so is the edge of what the truth " +
    "ignores, in both."
  );
}

/** Computes the scores of a confusion matrix; {@link metricRules} says how, and the result carries them. */
export function computeMetrics<Name extends string>(matrix: ConfusionMatrix<Name>): SegmentationMetrics<Name> {
  const { classes, counts, unclassified, boundary } = matrix;
  const { count, names } = classes;
  const truePixels = new Float64Array(count);
  const predictedPixels = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    truePixels[t]! += unclassified[t]!;
    for (let p = 0; p < count; p++) {
      truePixels[t]! += counts[t * count + p]!;
      predictedPixels[p]! += counts[t * count + p]!;
    }
  }
  const list = names.map((_, index): ClassMetrics => {
    const scores = scoreClass(counts[index * (count + 1)]!, truePixels[index]!, predictedPixels[index]!);
    return Object.freeze(boundary === undefined ? scores : { ...scores, boundaryIoU: boundaryIoU(boundary, index) });
  });
  const pixels = sum(truePixels);
  const right = sum(names.map((_, index) => counts[index * (count + 1)]!));
  return {
    meanIoU: mean(list.map(({ iou }) => iou)),
    frequencyWeightedIoU: sum(list.map(({ iou = 0 }, index) => iou * truePixels[index]!)) / pixels,
    pixelAccuracy: right / pixels,
    meanAccuracy: mean(list.map(({ recall }) => recall)),
    ...(boundary === undefined ? {} : { meanBoundaryIoU: mean(list.map((scores) => scores.boundaryIoU)) }),
    perClass: recordByClass(classes, (index) => list[index]!),
    absentClasses: names.filter((_, index) => list[index]!.absent),
    pixels,
    ignoredPixels: matrix.ignored,
    unclassifiedPixels: sum(unclassified),
    rules: boundary === undefined ? metricRules : Object.freeze([...metricRules, boundaryRule(boundary.ratio)]),
  };
}

function scoreClass(both: number, truePixels: number, predictedPixels: number): ClassMetrics {
  const union = truePixels + predictedPixels - both;
  return {
    iou: share(both, union),
    precision: share(both, predictedPixels),
    recall: share(both, truePixels),
    f1: share(2 * both, truePixels + predictedPixels),
    absent: union === 0,
    truePixels,
    predictedPixels,
  };
}

function boundaryIoU({ truth, prediction, both }: BoundaryData, index: number): number | undefined {
  return share(both[index]!, truth[index]! + prediction[index]! - both[index]!);
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Mean of the values that exist; `NaN` when none does. */
function mean(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return sum(known) / known.length;
}
