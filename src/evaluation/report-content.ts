import type { ClassTable } from "../mask/classes.js";
import type { ConfusionMatrix } from "./confusion-matrix.js";
import type { SegmentationMetrics } from "./metrics.js";
import type { ImageScore, PicturedImage } from "./worst-images.js";

/** A sample that could not be scored. */
export interface FailedSample {
  /** Name of the sample's image. */
  readonly name: string;
  /** What was thrown when it was read or predicted. */
  readonly error: unknown;
}

/** All that a report tells. */
export interface ReportContent<in out Name extends string> extends SegmentationMetrics<Name> {
  /** The classes that truth and predictions were compared by. */
  readonly classes: ClassTable<Name>;
  /** The counts over all images, from which the scores are made. */
  readonly confusion: ConfusionMatrix<Name>;
  /** Scores of every image, the worst first. */
  readonly images: readonly ImageScore<Name>[];
  /** The worst images with image, truth and prediction, the worst first. */
  readonly worst: readonly PicturedImage<Name>[];
  /** Samples that were passed over, in their order; empty unless `onError` was given. */
  readonly failed: readonly FailedSample[];
}

/** What a page calls the two masks of an image. */
export interface PageWording {
  readonly truth: string;
  readonly prediction: string;
  /** Whether neither is the truth: then pixels agree or differ and are not right or wrong. */
  readonly comparison: boolean;
}

/** The words of a page on predictions. */
export const truthAndPrediction: PageWording = { truth: "truth", prediction: "prediction", comparison: false };

/** What an error says. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
