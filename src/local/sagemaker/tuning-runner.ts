import { hash32 } from "../../core/random.js";
import type { TrainingJobRecord, TrainingStatus, TuningJobRecord } from "../state/record-types.js";
import { ApiError } from "../wire/api-error.js";
import { closingDown, stopRequested } from "./background-work.js";
import type { SageMaker } from "./context.js";
import { launchTrainingJob, stopTrainingJob } from "./training-jobs.js";
import { checkRoom } from "./training-rules.js";
import { trainingWorkKey } from "./training-steps.js";
import { objectiveOf, rangesOf, trainingRequestOf } from "./tuning-rules.js";
import { gridOf, nextValues } from "./tuning-sampler.js";
import type { Trial } from "./tuning-sampler.js";

/** Simulated milliseconds until a job that found no room tries again. */
const patience = 1000;
/** All failed and none succeeded: after so many the service gives up. */
const mostFailures = 5;

/** Runs a tuning job's training jobs until it has enough of them. */
export async function runTuningJob(sagemaker: SageMaker, job: TuningJobRecord, signal: AbortSignal): Promise<void> {
  const { request } = job;
  const { Strategy: strategy, ResourceLimits: limits } = request.HyperParameterTuningJobConfig;
  const most = limits.MaxNumberOfTrainingJobs ?? gridOf(rangesOf(request)).length;
  const deadline = job.createdAt + (limits.MaxRuntimeInSeconds ?? 30 * 86_400) * 1000;
  const prior = priorTrials(sagemaker, job);
  const seed = `tuning ${sagemaker.world.seed} ${request.HyperParameterTuningJobConfig.RandomSeed ?? job.name}`;
  try {
    while (job.status === "InProgress") {
      signal.throwIfAborted();
      const children = childrenOf(sagemaker, job);
      const running = children.filter(isRunning);
      const enough = children.length >= most || isSatisfied(job, children) || sagemaker.world.now() >= deadline;
      if (enough && running.length === 0) break;
      if (!enough && running.length < limits.MaxParallelTrainingJobs) {
        const trials = [...prior, ...children.map((child) => trialOf(job, child))];
        const values = nextValues(strategy, rangesOf(request), trials, children.length, seed);
        if (values !== undefined && launch(sagemaker, job, children.length, values)) continue;
        if (running.length === 0) {
          await sagemaker.world.pause(patience, signal);
          continue;
        }
      }
      await firstOf(sagemaker, running, signal);
    }
    signal.throwIfAborted();
    end(sagemaker, job);
  } catch (error) {
    if (error === closingDown) return;
    await stopChildren(sagemaker, job);
    if (sagemaker.work.closing.aborted) return;
    if (error === stopRequested || job.status === "Stopping") finish(sagemaker, job, "Stopped");
    else finish(sagemaker, job, "Failed", "InternalServerError: We encountered an internal error. Please try again.");
  }
}

/** Its training jobs, in the order of their start. */
export function childrenOf({ state }: SageMaker, job: TuningJobRecord): readonly TrainingJobRecord[] {
  return job.trainingJobs.flatMap((name) => state.trainingJobs.get(name) ?? []);
}

/** The value that a training job is judged by: the last one, as the service reports it. */
export function objectiveValue(job: TrainingJobRecord): number | undefined {
  return job.tuning?.history.at(-1);
}

/** The better of the jobs that came to an end with a value; `undefined` when there is none. */
export function bestOf(tuning: TuningJobRecord, jobs: readonly TrainingJobRecord[]): TrainingJobRecord | undefined {
  const sign = objectiveOf(tuning.request).Type === "Minimize" ? -1 : 1;
  const scored = jobs.filter(
    (job) => (job.status === "Completed" || job.status === "Stopped") && job.artifact !== undefined,
  );
  return [...scored].sort((a, b) => sign * ((objectiveValue(b) ?? -Infinity) - (objectiveValue(a) ?? -Infinity)))[0];
}

function isRunning({ status }: TrainingJobRecord): boolean {
  return status === "InProgress" || status === "Stopping";
}

function launch(
  sagemaker: SageMaker,
  job: TuningJobRecord,
  number: number,
  values: Readonly<Record<string, string>>,
): boolean {
  const suffix = hash32(`${job.name} ${number}`).toString(16).padStart(8, "0");
  const name = `${job.name}-${String(number + 1).padStart(3, "0")}-${suffix}`;
  const request = trainingRequestOf(job.request, name, values);
  try {
    checkRoom(sagemaker, request, job.region);
  } catch (error) {
    if (error instanceof ApiError && error.type === "ResourceLimitExceeded") return false;
    throw error;
  }
  job.trainingJobs.push(name);
  job.modifiedAt = sagemaker.world.now();
  sagemaker.state.tuningJobs.save(job);
  const objective = objectiveOf(job.request).MetricName;
  launchTrainingJob(sagemaker, request, job.region, {
    name: job.name,
    arn: job.arn,
    tuned: values,
    objective,
    history: [],
  });
  return true;
}

/** Waits until one of them has ended. */
async function firstOf(
  sagemaker: SageMaker,
  running: readonly TrainingJobRecord[],
  signal: AbortSignal,
): Promise<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([aborted, ...running.map(({ name }) => sagemaker.work.finished(trainingWorkKey(name)))]);
}

function trialOf(tuning: TuningJobRecord, job: TrainingJobRecord): Trial {
  const value = isRunning(job) || job.status === "Failed" ? undefined : objectiveValue(job);
  const sign = objectiveOf(tuning.request).Type === "Minimize" ? -1 : 1;
  return { values: job.tuning?.tuned ?? {}, score: value === undefined ? undefined : sign * value };
}

/** What parents of a warm start have found. */
function priorTrials(sagemaker: SageMaker, job: TuningJobRecord): Trial[] {
  return (job.request.WarmStartConfig?.ParentHyperParameterTuningJobs ?? []).flatMap(
    ({ HyperParameterTuningJobName: name = "" }) => {
      const parent = sagemaker.state.tuningJobs.get(name);
      return parent === undefined ? [] : childrenOf(sagemaker, parent).map((child) => trialOf(parent, child));
    },
  );
}

function isSatisfied(job: TuningJobRecord, children: readonly TrainingJobRecord[]): boolean {
  const criteria = job.request.HyperParameterTuningJobConfig.TuningJobCompletionCriteria ?? {};
  const ended = children.filter((child) => !isRunning(child));
  const best = bestOf(job, ended);
  const value = best && objectiveValue(best);
  const target = criteria.TargetObjectiveMetricValue;
  const minimize = objectiveOf(job.request).Type === "Minimize";
  if (target !== undefined && value !== undefined && (minimize ? value <= target : value >= target)) return true;
  const patient = criteria.BestObjectiveNotImproving?.MaxNumberOfTrainingJobsNotImproving;
  if (patient !== undefined && best !== undefined && ended.length - ended.indexOf(best) > patient) return true;
  return ended.length >= mostFailures && ended.every(({ status }) => status === "Failed");
}

function end(sagemaker: SageMaker, job: TuningJobRecord): void {
  const children = childrenOf(sagemaker, job);
  if (children.every(({ status }) => status === "Failed")) {
    finish(
      sagemaker,
      job,
      "Failed",
      "All training jobs failed. For additional details, please take a look at the training job failures by listing training jobs for the tuning job.",
    );
    return;
  }
  finish(sagemaker, job, "Completed");
}

async function stopChildren(sagemaker: SageMaker, job: TuningJobRecord): Promise<void> {
  const children = childrenOf(sagemaker, job);
  for (const child of children) stopTrainingJob(sagemaker, child);
  await Promise.all(children.map(({ name }) => sagemaker.work.finished(trainingWorkKey(name))));
}

function finish(sagemaker: SageMaker, job: TuningJobRecord, status: TrainingStatus, reason?: string): void {
  job.status = status;
  job.endedAt = sagemaker.world.now();
  job.modifiedAt = job.endedAt;
  if (reason !== undefined) job.failureReason = reason;
  sagemaker.state.tuningJobs.save(job);
}
