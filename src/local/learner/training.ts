import { seededRandom } from "../../core/random.js";
import type { TrainingRun } from "../contracts.js";
import type { TrainingResult } from "./artifact.js";
import { EarlyStop } from "./early-stop.js";
import { EpochNotices } from "./epoch-notices.js";
import { runEpoch } from "./epoch.js";
import { featureCount } from "./features.js";
import { foldNormalisation } from "./fold-normalisation.js";
import { defaultConfiguration } from "./hyperparameter-values.js";
import { LogLines } from "./log-lines.js";
import { Network, initialWeights } from "./network.js";
import { optimizerStep } from "./optimizer.js";
import type { OptimizerStep } from "./optimizer.js";
import { prepare } from "./preparation.js";
import type { Preparation } from "./preparation.js";
import { ownLearningRate, scheduleShare } from "./schedule.js";
import { readSettings } from "./settings.js";
import type { Settings } from "./settings.js";
import { TimeSlices } from "./time-slices.js";
import type { Scores } from "./validation-set.js";

const hiddenUnits = 64;
/** Pixels for each image of a batch: the algorithm's batches are of whole crops. */
const pixelsPerImage = 8;

/** What all epochs of a job share. */
interface Job extends Preparation {
  readonly run: TrainingRun;
  readonly settings: Settings;
  readonly lines: LogLines;
  readonly slices: TimeSlices;
  readonly network: Network;
  readonly step: OptimizerStep;
}

/** Trains on the run's pictures, telling log and metrics on the way, and returns the weights. */
export async function trainNetwork(run: TrainingRun): Promise<TrainingResult> {
  const began = run.now();
  run.signal?.throwIfAborted();
  const lines = new LogLines(
    (line) => run.log(line),
    () => run.now(),
  );
  const settings = readSettings(run.hyperparameters);
  lines.configuration(defaultConfiguration(), run.hyperparameters, settings.configuration);
  const slices = new TimeSlices(run.signal);
  const preparation = await prepare(run, settings, lines, slices);
  lines.info("Number of GPUs being used: 1");
  const iterations = Math.floor(settings.trainingSamples / settings.miniBatch);
  lines.info(`LRScheduler setup: iters per epoch: ${iterations}, num_epochs ${settings.epochs}`);

  const shape = { inputs: featureCount, hidden: hiddenUnits, outputs: settings.classes };
  const network = new Network(shape, initialWeights(shape, seededRandom(`weights ${run.seed}`)));
  const step = optimizerStep(settings, network.weights.length);
  const job: Job = { ...preparation, run, settings, lines, slices, network, step };
  const setup = run.now() - began;
  const { best, epochs } = await runEpochs(job);
  lines.info("Serializing model to /opt/ml/model/model_algo-1");
  lines.info("Test data is not provided.");
  lines.totals(began, epochs, setup);
  const trained = (weights: Float64Array) => ({ shape, longSide: settings.longSide, weights });
  return {
    configuration: settings.configuration,
    last: trained(foldNormalisation(network, preparation.normalisation).weights),
    best: trained(best),
  };
}

async function runEpochs(job: Job): Promise<{ readonly best: Float64Array; readonly epochs: number }> {
  const { run, settings, lines } = job;
  const random = seededRandom(`epochs ${run.seed}`);
  const early = new EarlyStop(settings.earlyStopping);
  let best: { readonly weights: Float64Array; readonly meanIoU: number } | undefined;
  let epoch = 0;
  for (; epoch < settings.epochs && !early.reached; epoch++) {
    const began = run.now();
    await trainEpoch(job, epoch, random);
    const raw = foldNormalisation(job.network, job.normalisation);
    const { meanIoU } = await validateEpoch(job, epoch, raw);
    if (best === undefined || meanIoU > best.meanIoU) {
      best = { weights: raw.weights, meanIoU };
      lines.info("Serializing model to /opt/ml/model/model_best.params");
    }
    lines.completed((100 * (epoch + 1)) / settings.epochs);
    lines.epochMetrics(began, epoch);
    early.add(meanIoU);
  }
  // The validator asks for at least one epoch.
  return { best: best?.weights ?? job.network.weights, epochs: epoch };
}

async function trainEpoch(job: Job, epoch: number, random: () => number): Promise<void> {
  const { run, settings, lines } = job;
  const share = (done: number): number => scheduleShare(settings, epoch, (epoch + done) / settings.epochs);
  const rate = ownLearningRate(settings);
  const notices = new EpochNotices(lines, () => run.now(), epoch, settings.trainingSamples, settings.miniBatch);
  const loss = await runEpoch(
    {
      ...job,
      random,
      batch: Math.min(512, Math.max(16, settings.miniBatch * pixelsPerImage)),
      rateAt: (done) => rate * share(done),
      progress: (done) => notices.progress(done, settings.learningRate * share(done)),
    },
    job.slices,
  );
  lines.quality(epoch, "train loss", loss);
  lines.throughput(epoch, "train", notices.speed(1));
  run.metric("train:loss", loss, epoch);
  run.metric("train:throughput", notices.speed(1), epoch);
}

async function validateEpoch(job: Job, epoch: number, network: Network): Promise<Scores> {
  const { run, lines, validation } = job;
  const notices = new EpochNotices(lines, () => run.now(), epoch, run.validation.length, 1);
  const scores = await validation.score(network, job.slices);
  const speed = notices.speed(1);
  lines.quality(epoch, "validation pixel_accuracy", scores.pixelAccuracy);
  lines.quality(epoch, "validation mIOU", scores.meanIoU);
  lines.throughput(epoch, "validation", speed);
  run.metric("validation:pixel_accuracy", scores.pixelAccuracy, epoch);
  run.metric("validation:mIOU", scores.meanIoU, epoch);
  run.metric("validation:throughput", speed, epoch);
  return scores;
}
