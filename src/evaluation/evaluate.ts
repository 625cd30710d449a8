import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import { progressReporter } from "../core/progress.js";
import type { WorkOptions } from "../core/progress.js";
import { recordByClass } from "../mask/class-record.js";
import { boundaryRatio } from "./boundary-counts.js";
import type { BoundaryOptions } from "./boundary-counts.js";
import { createConfusionMatrix } from "./confusion-matrix.js";
import type { ConfusionMatrix } from "./confusion-matrix.js";
import { computeMetrics } from "./metrics.js";
import { createReport } from "./report.js";
import type { SegmentationReport } from "./report.js";
import type { FailedSample } from "./report-content.js";
import { readImage, readTruth } from "./sample.js";
import type { EvaluationSample, MaskPredictor } from "./sample.js";
import { byScore, WorstImages } from "./worst-images.js";
import type { ImageScore, Ranked } from "./worst-images.js";

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends WorkOptions {
  /** Images in work at a time; default 2, 1 to 64. */
  readonly concurrency?: number;
  /** How many of the worst images are kept with their pictures for the report; default 12, 0 to 1000. */
  readonly worst?: number;
  /** Whether the boundary IoU is computed as well; default false, since it takes more time. */
  readonly boundary?: boolean | BoundaryOptions;
  /**
   * Called when an image cannot be read or predicted. With it the work goes on, and the report lists the image under
   * `failed`; throw to end the work. Default: the first failure is thrown.
   */
  readonly onError?: (error: unknown, name: string) => void;
}

/**
 * Predicts every sample and compares with its true mask.
 *
 * @param predictor - Anything with `mask(image)`, e.g. `endpoint.predictor()`.
 * @param samples - E.g. `dataset.validation`, or a list of `{ name, image, mask }`; read as the work goes on.
 * @throws `evaluation.empty` when no sample was scored, `mask.size` when a prediction has not the size of its truth,
 * `input.invalid` for options out of range and truth of other classes, and what predictor and samples throw.
 *
 * @example
 * ```ts
 * import { defineClasses, evaluate } from "sagemaker-semseg";
 * import type { Dataset, Predictor } from "sagemaker-semseg";
 *
 * async function score(predictor: Predictor<"background" | "sea turtle">, dataset: Dataset<"background" | "sea turtle">) {
 *   const report = await evaluate(predictor, dataset.validation, { progress: true });
 *   console.log(report.meanIoU, report.perClass["sea turtle"].iou);
 *   await report.writeHtml("report.html");
 * }
 * ```
 */
export async function evaluate<Name extends string>(
  predictor: MaskPredictor<Name>,
  samples: Iterable<EvaluationSample<Name>> | AsyncIterable<EvaluationSample<Name>>,
  options: EvaluateOptions = {},
): Promise<SegmentationReport<Name>> {
  const { signal, onError } = options;
  const concurrency = integerOption("concurrency", options.concurrency ?? 2, 1, 64);
  const ratio = boundaryRatio(options.boundary);
  const counted = ratio === undefined ? {} : { boundary: { ratio } };
  const worst = new WorstImages<Name>(integerOption("worst", options.worst ?? 12, 0, 1000));
  const reporter = progressReporter(options.progress, "evaluate", "images");
  const scores: Ranked<ImageScore<Name>>[] = [];
  const failed: Ranked<FailedSample>[] = [];
  let confusion: ConfusionMatrix<Name> | undefined;
  let done = 0;

  async function score(sample: EvaluationSample<Name>, index: number): Promise<void> {
    const image = await readImage(sample, signal);
    const prediction = await predictor.mask(image, signal === undefined ? {} : { signal });
    const truth = await readTruth(sample, prediction.classes, signal);
    const own = createConfusionMatrix(prediction.classes, counted);
    own.add(truth, prediction, sample.name);
    confusion ??= createConfusionMatrix(prediction.classes, counted);
    confusion.merge(own);
    const imageScore = scoreImage(sample.name, own);
    scores.push({ score: imageScore, index });
    worst.offer({ ...imageScore, image, truth, prediction }, index);
  }

  try {
    await mapConcurrently(
      samples,
      concurrency,
      async (sample, index) => {
        try {
          await score(sample, index);
        } catch (error) {
          signal?.throwIfAborted();
          if (onError === undefined) throw error;
          onError(error, sample.name);
          failed.push({ score: { name: sample.name, error }, index });
        }
        reporter.report(++done, undefined, sample.name);
      },
      signal,
    );
  } finally {
    reporter.end();
  }
  if (confusion === undefined) throw nothingScored(done);
  return createReport({
    confusion,
    images: scores.sort(byScore).map(({ score: image }) => image),
    worst: worst.list(),
    failed: failed.sort((one, other) => one.index - other.index).map(({ score: failure }) => failure),
  });
}

/** Scores one pair of masks. */
function scoreImage<Name extends string>(name: string, matrix: ConfusionMatrix<Name>): ImageScore<Name> {
  const { meanIoU, pixelAccuracy, perClass } = computeMetrics(matrix);
  return { name, meanIoU, pixelAccuracy, iou: recordByClass(matrix.classes, (_, key) => perClass[key].iou) };
}

function integerOption(parameter: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const expected = `an integer from ${min} to ${max}`;
  throw new SegmentationError("input.invalid", `${parameter} is ${value}. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}

function nothingScored(samples: number): SegmentationError {
  const why = samples === 0 ? "there were no samples" : `all ${samples} samples failed`;
  return new SegmentationError("evaluation.empty", `Nothing was scored: ${why}.`, { samples });
}
