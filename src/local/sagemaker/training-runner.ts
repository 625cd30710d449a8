import { hash32 } from "../../core/random.js";
import { ContainerError } from "../contracts.js";
import type { TrainingJobRecord } from "../state/record-types.js";
import { closingDown, stopRequested } from "./background-work.js";
import type { SageMaker } from "./context.js";
import { below, s3Location } from "./s3-input.js";
import { endJob, enterStep } from "./training-steps.js";
import { readTrainingData } from "./training-data.js";
import { keepInstance, takeWarmPool } from "./warm-pool.js";
import { endsEarly } from "./tuning-early-stop.js";
import { trainingWorkKey } from "./training-steps.js";

/** Log group of all training jobs. */
export const trainingLogGroup = "/aws/sagemaker/TrainingJobs";
/** Metric namespace of all training jobs. */
const trainingNamespace = "/aws/sagemaker/TrainingJobs";

/** Simulated milliseconds of the steps around the training, which itself takes what it takes. */
const stepTimes = {
  starting: 500,
  pending: 700,
  downloading: 400,
  image: 400,
  uploading: 400,
  stopping: 300,
  interrupted: 600,
};
/** Longest delay of a timer; MaxRuntimeInSeconds may be 28 days. */
const longestTimer = 2 ** 31 - 1;

const outOfTime: unique symbol = Symbol("MaxRuntimeInSeconds is over");
const outOfPatience: unique symbol = Symbol("MaxWaitTimeInSeconds is over");
const interrupted: unique symbol = Symbol("the spot instance was taken away");

/**
 * Takes a job through all its steps. Ends with the job in a final status, or, when the backend closes, with the job as
 * it is: the next start runs it again from the beginning.
 */
export async function runTrainingJob(
  sagemaker: SageMaker,
  job: TrainingJobRecord,
  signal: AbortSignal,
  again: boolean,
): Promise<void> {
  if (job.status === "Stopping") return fail(sagemaker, job, stopRequested);
  try {
    if (again) startOver(sagemaker, job);
    const artifact = await trainToTheEnd(sagemaker, job, signal);
    await upload(sagemaker, job, artifact, signal);
    keepInstance(job);
    endJob(sagemaker, job, "Completed", "Completed", "Training job completed");
  } catch (error) {
    await fail(sagemaker, job, error);
  }
}

/** Begins anew after each interruption, with a log stream of its own: the learner keeps no checkpoints. */
async function trainToTheEnd(sagemaker: SageMaker, job: TrainingJobRecord, signal: AbortSignal): Promise<Uint8Array> {
  for (;;) {
    await prepare(sagemaker, job, signal);
    try {
      return await train(sagemaker, job, signal);
    } catch (error) {
      if (error !== interrupted) throw error;
      enterStep(sagemaker, job, "Interrupted", "Training job interrupted");
      await sagemaker.world.pause(stepTimes.interrupted, signal);
      enterStep(sagemaker, job, "Starting", "Starting the training job");
    }
  }
}

/** After a restart: what the first run logged goes, the same seed makes the same again. */
function startOver(sagemaker: SageMaker, job: TrainingJobRecord): void {
  sagemaker.logs.deleteStreams(trainingLogGroup, `${job.name}/`);
  sagemaker.metrics.forget(trainingNamespace, { TrainingJobName: job.name });
  job.metrics = [];
  delete job.trainingStartedAt;
  if (job.tuning !== undefined) job.tuning.history = [];
  enterStep(sagemaker, job, "Restarting", "Restarting the training job after the embedded backend was started again");
}

async function prepare(sagemaker: SageMaker, job: TrainingJobRecord, signal: AbortSignal): Promise<void> {
  const { world, faults } = sagemaker;
  const { ResourceConfig, EnableManagedSpotTraining: spot } = job.request;
  if (!takeWarmPool(sagemaker, job)) {
    await world.pause(stepTimes.starting, signal);
    enterStep(sagemaker, job, "Pending", "Preparing the instances for training");
    await world.pause(stepTimes.pending, signal);
  }
  if (spot === true) await waitForSpot(sagemaker, job, signal);
  if (!faults.hasCapacity(ResourceConfig.InstanceType)) {
    throw new Failure(
      "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type or after some time.",
    );
  }
  enterStep(sagemaker, job, "Downloading", "Downloading input data");
  await world.pause(stepTimes.downloading, signal);
}

/** Spot jobs wait for capacity, until their patience is over; simulated time. */
async function waitForSpot({ world, faults }: SageMaker, job: TrainingJobRecord, signal: AbortSignal): Promise<void> {
  const { ResourceConfig, StoppingCondition: stop } = job.request;
  let left = (stop?.MaxWaitTimeInSeconds ?? 86_400) * 1000;
  while (!faults.hasCapacity(ResourceConfig.InstanceType)) {
    if (left <= 0) AbortSignal.abort(outOfPatience).throwIfAborted();
    const pause = Math.min(left, stepTimes.pending);
    left -= pause;
    await world.pause(pause, signal);
  }
}

async function train(sagemaker: SageMaker, job: TrainingJobRecord, signal: AbortSignal): Promise<Uint8Array> {
  const { world, learner, objects } = sagemaker;
  const data = await readTrainingData(objects, job.request);
  enterStep(sagemaker, job, "Downloading", "Downloading the training image");
  await world.pause(stepTimes.image, signal);
  job.trainingStartedAt = world.now();
  enterStep(sagemaker, job, "Training", "Training image download completed. Training in progress.");
  const planned = sagemaker.faults.takeJobFailure(job.name);
  if (planned !== undefined) throw new Failure(planned);

  const limit = new AbortController();
  // After the first epoch, so that something is lost.
  const takeAway = (): void => {
    if (job.request.EnableManagedSpotTraining === true && sagemaker.faults.takeInterruption(job.name)) {
      limit.abort(interrupted);
    }
  };
  const allowed = (job.request.StoppingCondition?.MaxRuntimeInSeconds ?? 86_400) * 1000;
  const timer = setTimeout(() => limit.abort(outOfTime), Math.min(allowed, longestTimer));
  timer.unref();
  try {
    const log = logWriter(sagemaker, job);
    for (const warning of data.warnings) log(warningLine(world.now(), warning));
    return await learner.train({
      ...data.channels,
      hyperparameters: ownHyperparameters(job),
      seed: hash32(`${world.seed}`),
      now: () => world.now(),
      log,
      metric: (name, value) => {
        keepMetric(sagemaker, job, name, value);
        if (name === "validation:mIOU") takeAway();
        if (job.tuning?.objective === name) onObjective(sagemaker, job, value);
      },
      signal: AbortSignal.any([signal, limit.signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Without what tuning adds, which the service keeps from the container's checks. */
function ownHyperparameters({ request }: TrainingJobRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(request.HyperParameters ?? {}).filter(([name]) => !name.startsWith("_tuning_")),
  );
}

/** A tuning job may end one of its jobs early. */
function onObjective(sagemaker: SageMaker, job: TrainingJobRecord, value: number): void {
  job.tuning?.history.push(value);
  if (!endsEarly(sagemaker.state, job)) return;
  job.status = "Stopping";
  enterStep(sagemaker, job, "Stopping", "Training job stopped early by its tuning job");
  sagemaker.work.stop(trainingWorkKey(job.name), stopRequested);
}

/** Writes container lines to the job's stream, `{job}/algo-1-{epoch seconds}`. */
function logWriter(sagemaker: SageMaker, job: TrainingJobRecord): (line: string) => void {
  const { world, logs } = sagemaker;
  const stream = `${job.name}/algo-1-${Math.floor(world.now() / 1000)}`;
  return (line) => {
    const now = world.now();
    logs.append(trainingLogGroup, stream, [{ timestamp: now, ingestionTime: now, message: line }]);
  };
}

function warningLine(now: number, text: string): string {
  const [date = "", time = ""] = new Date(now).toISOString().split(/[T.]/);
  const [year, month, day] = date.split("-");
  return `[${month}/${day}/${year} ${time} WARNING 140407511820096] ${text}`;
}

function keepMetric(sagemaker: SageMaker, job: TrainingJobRecord, name: string, value: number): void {
  const at = sagemaker.world.now();
  job.metrics = [...job.metrics.filter((metric) => metric.name !== name), { name, value, at }];
  sagemaker.metrics.put([{ namespace: trainingNamespace, name, dimensions: { TrainingJobName: job.name }, at, value }]);
}

async function upload(
  sagemaker: SageMaker,
  job: TrainingJobRecord,
  artifact: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const { world, objects } = sagemaker;
  enterStep(sagemaker, job, "Uploading", "Uploading generated training model");
  await world.pause(stepTimes.uploading, signal);
  const uri = below(job.request.OutputDataConfig.S3OutputPath, job.name, "output", "model.tar.gz");
  const place = s3Location(uri);
  if (place === undefined || !(await objects.hasBucket(place.bucket))) {
    throw new Failure(`ClientError: Data upload to S3 failed. The bucket of ${uri} does not exist.`);
  }
  await objects.put(place.bucket, place.key, artifact, { contentType: "application/x-gzip" });
  job.artifact = uri;
  job.trainingEndedAt = world.now();
}

/** A job failure with its whole reason. */
class Failure extends Error {
  override readonly name = "Failure";
}

async function fail(sagemaker: SageMaker, job: TrainingJobRecord, error: unknown): Promise<void> {
  if (error === closingDown) return;
  if (error === outOfTime) {
    endJob(
      sagemaker,
      job,
      "Stopped",
      "MaxRuntimeExceeded",
      "Training job runtime exceeded MaxRuntimeInSeconds provided",
    );
    return;
  }
  if (error === outOfPatience) {
    const message = "Training job waited longer than MaxWaitTimeInSeconds for spot capacity";
    endJob(sagemaker, job, "Stopped", "MaxWaitTimeExceeded", message);
    return;
  }
  if (error === stopRequested || job.status === "Stopping") {
    await sagemaker.world.pause(stepTimes.stopping, sagemaker.work.closing); // then the next start ends it
    endJob(sagemaker, job, "Stopped", "Stopped", "Training job stopped");
    return;
  }
  const reason =
    error instanceof Failure
      ? error.message
      : error instanceof ContainerError
        ? error.reason
        : "InternalServerError: We encountered an internal error. Please try again.";
  endJob(sagemaker, job, "Failed", "Failed", "Training job failed", reason);
}
