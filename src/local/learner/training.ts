import { seededRandom } from "../../core/random.js";
import type { Random } from "../../core/random.js";
import type { TrainingRun } from "../contracts.js";
import type { TrainingResult } from "./artifact.js";
import { EarlyStop } from "./early-stop.js";
import { earlierNetworks, unfoldNormalisation } from "./earlier-network.js";
import { EpochNotices } from "./epoch-notices.js";
import { runEpoch } from "./epoch.js";
import { featureCount } from "./features.js";
import { foldNormalisation } from "./fold-normalisation.js";
import { defaultConfiguration } from "./hyperparameter-values.js";
import { LogLines } from "./log-lines.js";
import { joinNetworks } from "./join-networks.js";
import { Network, initialWeights } from "./network.js";
import type { NetworkParts } from "./network.js";
import { optimizerStep } from "./optimizer.js";
import type { OptimizerStep } from "./optimizer.js";
import { prepare } from "./preparation.js";
import type { Preparation } from "./preparation.js";
import { ownLearningRate, scheduleShare } from "./schedule.js";
import { readSettings } from "./settings.js";
import type { Settings } from "./settings.js";
import { TimeSlices } from "./time-slices.js";
import type { Scores } from "./validation-set.js";

/** Units in all, and the networks they are divided among: several small ones err less than one large one. */
const hiddenUnits = 96;
const memberCount = 3;
/** Pixels for each image of a batch: the algorithm's batches are of whole crops. */
const pixelsPerImage = 4;

/** One of the small networks that learn side by side. */
interface Member {
  readonly network: Network;
  readonly step: OptimizerStep;
  readonly random: Random;
}

/** What all epochs of a job share. */
interface Job extends Preparation {
  readonly run: TrainingRun;
  readonly settings: Settings;
  readonly lines: LogLines;
  readonly slices: TimeSlices;
  readonly members: readonly Member[];
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
  const earlierParts =
    run.earlier === undefined ? undefined : await earlierNetworks(run.earlier, settings, memberCount);
  const slices = new TimeSlices(run.signal);
  const preparation = await prepare(run, settings, lines, slices);
  lines.info("Number of GPUs being used: 1");
  const iterations = Math.floor(settings.trainingSamples / settings.miniBatch);
  lines.info(`LRScheduler setup: iters per epoch: ${iterations}, num_epochs ${settings.epochs}`);

  const { normalisation } = preparation;
  const earlier = earlierParts?.map((network) => unfoldNormalisation(network, normalisation));
  const members = Array.from({ length: memberCount }, (_, number) =>
    makeMember(run, settings, number, earlier?.[number]),
  );
  const job: Job = { ...preparation, run, settings, lines, slices, members };
  const setup = run.now() - began;
  const { best, epochs } = await runEpochs(job);
  lines.info("Serializing model to /opt/ml/model/model_algo-1");
  lines.info("Test data is not provided.");
  lines.totals(began, epochs, setup);
  const { configuration, longSide } = settings;
  return { configuration, last: { ...usable(job), longSide }, best: { ...best, longSide } };
}

async function runEpochs(job: Job): Promise<{ readonly best: NetworkParts; readonly epochs: number }> {
  const { run, settings, lines } = job;
  const early = new EarlyStop(settings.earlyStopping);
  let best: { readonly network: NetworkParts; readonly meanIoU: number } | undefined;
  let epoch = 0;
  for (; epoch < settings.epochs && !early.reached; epoch++) {
    const began = run.now();
    await trainEpoch(job, epoch);
    const network = usable(job);
    const { meanIoU } = await validateEpoch(job, epoch, new Network(network.shape, network.weights));
    if (best === undefined || meanIoU > best.meanIoU) {
      best = { network, meanIoU };
      lines.info("Serializing model to /opt/ml/model/model_best.params");
    }
    lines.completed((100 * (epoch + 1)) / settings.epochs);
    lines.epochMetrics(began, epoch);
    early.add(meanIoU);
  }
  // The validator asks for at least one epoch.
  return { best: best?.network ?? usable(job), epochs: epoch };
}

function makeMember(run: TrainingRun, settings: Settings, number: number, earlier?: Float64Array): Member {
  const shape = { inputs: featureCount, hidden: hiddenUnits / memberCount, outputs: settings.classes };
  const weights = earlier ?? initialWeights(shape, seededRandom(`weights ${run.seed} ${number}`));
  const network = new Network(shape, weights);
  return {
    network,
    step: optimizerStep(settings, network.weights.length),
    random: seededRandom(`epochs ${run.seed} ${number}`),
  };
}

/** The members as one network for raw features. */
function usable({ members, normalisation }: Job): NetworkParts {
  return joinNetworks(members.map(({ network }) => foldNormalisation(network, normalisation)));
}

async function trainEpoch(job: Job, epoch: number): Promise<void> {
  const { run, settings, lines } = job;
  const share = (done: number): number => scheduleShare(settings, epoch, (epoch + done) / settings.epochs);
  const rate = ownLearningRate(settings);
  const notices = new EpochNotices(lines, () => run.now(), epoch, settings.trainingSamples, settings.miniBatch);
  let loss = 0;
  for (const [number, member] of job.members.entries()) {
    const memberLoss = await runEpoch(
      {
        ...member,
        pool: job.pool,
        batch: Math.min(512, Math.max(16, settings.miniBatch * pixelsPerImage)),
        rateAt: (done) => rate * share(done),
        progress: (done) => {
          const passed = (number + done) / memberCount;
          notices.progress(passed, settings.learningRate * share(passed));
        },
      },
      job.slices,
    );
    loss += memberLoss / memberCount;
  }
  const speed = notices.speed(1);
  lines.quality(epoch, "train loss", loss);
  lines.throughput(epoch, "train", speed);
  run.metric("train:loss", loss, epoch);
  run.metric("train:throughput", speed, epoch);
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
