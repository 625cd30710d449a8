import type { ObjectStore } from "../core/object-store.js";
import { SegmentationError } from "../core/errors.js";
import { hyperparameterTable } from "../facts/hyperparameter-table.js";
import { listChannels } from "./channel-files.js";
import type { ChannelFiles } from "./channel-files.js";
import { channelsOf, wireHyperparameters } from "./estimator-plan.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";
import type { HyperparameterName } from "../facts/hyperparameter-table.js";
import { checkLabelMaps } from "./label-map-files.js";
import { readManifest } from "./manifest-files.js";
import { inspectPairs } from "./sample-images.js";
import { integerIn } from "./job-settings.js";

/**
 * Looks at the data of a plan: whether it is there, fits together, and fits the hyperparameters. Of each set `samples`
 * images and masks are opened.
 */
export async function checkChannelData(
  store: ObjectStore,
  plan: EstimatorPlan,
  samples: number,
  signal: AbortSignal | undefined,
): Promise<readonly TrainingFinding[]> {
  integerIn("samples", samples, 0, 10_000, "images");
  const wire = wireHyperparameters(plan);
  const number = (name: HyperparameterName): number =>
    Number(wire[name] ?? ("default" in hyperparameterTable[name] ? hyperparameterTable[name].default : Number.NaN));
  const { findings, maps } = await checkLabelMaps(store, plan, signal);
  const found: TrainingFinding[] = [...findings, ...(await checkModel(store, plan, signal))];
  for (const set of ["train", "validation"] as const) {
    const files = (await listChannels(store, plan, set, signal)) ?? (await readManifest(store, plan, set, signal));
    if (files === undefined) continue;
    found.push(...files.findings, ...countFindings(files, plan, number));
    if (samples === 0 || files.pairs.length === 0) continue;
    found.push(
      ...(await inspectPairs(store, files, {
        samples,
        classes: number("num_classes"),
        cropSize: number("crop_size"),
        baseSize: number("base_size"),
        algorithm: wire["algorithm"] ?? hyperparameterTable.algorithm.default,
        wholeImages: set === "validation" && number("validation_mini_batch_size") === 1,
        labelMap: maps[set],
        signal,
      })),
    );
  }
  return found;
}

/** What the numbers of images say about the numbers of the job. */
function countFindings(
  { set, images }: ChannelFiles,
  { trainingImages }: EstimatorPlan,
  number: (name: HyperparameterName) => number,
): readonly TrainingFinding[] {
  if (set !== "train" || images === 0) return [];
  const [samples, batch] = [number("num_training_samples"), number("mini_batch_size")];
  const found: TrainingFinding[] = [];
  // A dataset's own number was compared before.
  if (trainingImages === undefined && samples !== images) {
    found.push({
      code: "samples.count",
      severity: "warning",
      parameter: "num_training_samples",
      message: `The train channel has ${images} images, num_training_samples says ${samples}.`,
      remedy: `Set num_training_samples to ${images}: the schedule of the learning rate goes by it.`,
    });
  }
  if (images < batch && samples >= batch) {
    found.push({
      code: "batch.too-large",
      severity: "warning",
      parameter: "mini_batch_size",
      message: `The train channel has ${images} images: no whole batch of ${batch} fits.`,
      remedy: `Set mini_batch_size to ${images} or less.`,
    });
  }
  return found;
}

async function checkModel(
  store: ObjectStore,
  plan: EstimatorPlan,
  signal: AbortSignal | undefined,
): Promise<readonly TrainingFinding[]> {
  const model = channelsOf(plan).find(({ name }) => name === "model");
  if (model === undefined) return [];
  try {
    if ((await store.head(model.uri, signal === undefined ? {} : { signal })) !== undefined) return [];
  } catch (error) {
    // Who may not look at an object may still be allowed to list: the service itself decides then.
    if (!SegmentationError.is(error, "aws.access-denied")) throw error;
    return [];
  }
  return [
    {
      code: "model.missing",
      severity: "error",
      parameter: "model",
      message: `There is no artifact ${model.uri}.`,
      remedy: "Give the artifact of a job that has completed.",
    },
  ];
}
