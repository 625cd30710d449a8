import type { TrainingJobRecord, TuningJobRecord } from "../state/record-types.js";
import { validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { stopRequested } from "./background-work.js";
import { resourceArn, seconds } from "./context.js";
import type { SageMaker } from "./context.js";
import { listPage } from "./listing.js";
import type { CreateTuningJobRequest } from "./requests.js";
import { checkTuningName, checkTuningRequest, objectiveOf } from "./tuning-rules.js";
import { bestOf, childrenOf, objectiveValue, runTuningJob } from "./tuning-runner.js";

/** Create, Describe, List and StopHyperParameterTuningJob, and the list of its training jobs. */
export function tuningJobOperations(sagemaker: SageMaker): [string, Operation][] {
  return [
    ["CreateHyperParameterTuningJob", (input, call) => create(sagemaker, input, call)],
    ["DescribeHyperParameterTuningJob", (input) => describe(sagemaker, known(sagemaker, input))],
    ["ListHyperParameterTuningJobs", (input) => list(sagemaker, input)],
    ["ListTrainingJobsForHyperParameterTuningJob", (input) => listTrainingJobs(sagemaker, input)],
    ["StopHyperParameterTuningJob", (input) => stop(sagemaker, input)],
  ];
}

/** Goes on with the tuning jobs that were running when the backend ended. */
export function resumeTuningJobs(sagemaker: SageMaker): void {
  for (const job of sagemaker.state.tuningJobs.all()) {
    if (job.status === "InProgress" || job.status === "Stopping") startJob(sagemaker, job);
  }
}

function startJob(sagemaker: SageMaker, job: TuningJobRecord): void {
  sagemaker.work.start(workKey(job.name), (signal) => runTuningJob(sagemaker, job, signal));
  if (job.status === "Stopping") sagemaker.work.stop(workKey(job.name), stopRequested);
}

function workKey(name: string): string {
  return `tuning-job/${name.toLowerCase()}`;
}

async function create(sagemaker: SageMaker, input: Input, { region }: CallContext): Promise<Output> {
  // The service model has checked the shape.
  const request = input as unknown as CreateTuningJobRequest;
  await checkTuningRequest(sagemaker, request, region);
  // Others got their turn meanwhile.
  checkTuningName(sagemaker, request.HyperParameterTuningJobName);
  const now = sagemaker.world.now();
  const job: TuningJobRecord = {
    name: request.HyperParameterTuningJobName,
    arn: resourceArn(sagemaker.world, region, "hyper-parameter-tuning-job", request.HyperParameterTuningJobName),
    region,
    createdAt: now,
    modifiedAt: now,
    tags: request.Tags ?? [],
    request,
    status: "InProgress",
    trainingJobs: [],
  };
  sagemaker.state.tuningJobs.save(job);
  startJob(sagemaker, job);
  return { HyperParameterTuningJobArn: job.arn };
}

function known(sagemaker: SageMaker, input: Input): TuningJobRecord {
  const job = sagemaker.state.tuningJobs.get(String(input["HyperParameterTuningJobName"]));
  if (job === undefined) throw validationError("Requested resource not found.");
  return job;
}

function counters(sagemaker: SageMaker, job: TuningJobRecord): Output {
  const children = childrenOf(sagemaker, job);
  const count = (...statuses: readonly string[]): number =>
    children.filter(({ status }) => statuses.includes(status)).length;
  const objective = (wanted: string): number => children.filter((child) => objectiveStatus(child) === wanted).length;
  return {
    TrainingJobStatusCounters: {
      Completed: count("Completed"),
      InProgress: count("InProgress", "Stopping"),
      RetryableError: 0,
      NonRetryableError: count("Failed"),
      Stopped: count("Stopped"),
    },
    ObjectiveStatusCounters: {
      Succeeded: objective("Succeeded"),
      Pending: objective("Pending"),
      Failed: objective("Failed"),
    },
  };
}

function objectiveStatus(job: TrainingJobRecord): "Succeeded" | "Pending" | "Failed" {
  if (job.status === "InProgress" || job.status === "Stopping") return "Pending";
  return job.status === "Failed" || objectiveValue(job) === undefined ? "Failed" : "Succeeded";
}

function describe(sagemaker: SageMaker, job: TuningJobRecord): Output {
  const { request } = job;
  const best = bestOf(job, childrenOf(sagemaker, job));
  const { HyperParameterTuningJobConfig: config } = request;
  return {
    HyperParameterTuningJobName: job.name,
    HyperParameterTuningJobArn: job.arn,
    HyperParameterTuningJobConfig: { TrainingJobEarlyStoppingType: "Off", ...config },
    TrainingJobDefinition: request.TrainingJobDefinition,
    TrainingJobDefinitions: request.TrainingJobDefinitions,
    WarmStartConfig: request.WarmStartConfig,
    HyperParameterTuningJobStatus: job.status,
    CreationTime: seconds(job.createdAt),
    HyperParameterTuningEndTime: seconds(job.endedAt),
    LastModifiedTime: seconds(job.modifiedAt),
    ...counters(sagemaker, job),
    BestTrainingJob: best === undefined ? undefined : summary(job, best),
    OverallBestTrainingJob: request.WarmStartConfig === undefined ? undefined : overallBest(sagemaker, job),
    FailureReason: job.failureReason,
    ConsumedResources: {
      RuntimeInSeconds: Math.round(((job.endedAt ?? sagemaker.world.now()) - job.createdAt) / 1000),
    },
  };
}

/** The best of a warm start and its parents. */
function overallBest(sagemaker: SageMaker, job: TuningJobRecord): Output | undefined {
  const parents = job.request.WarmStartConfig?.ParentHyperParameterTuningJobs ?? [];
  const all = [
    job,
    ...parents.flatMap(({ HyperParameterTuningJobName: name = "" }) => sagemaker.state.tuningJobs.get(name) ?? []),
  ];
  const best = bestOf(
    job,
    all.flatMap((one) => bestOf(one, childrenOf(sagemaker, one)) ?? []),
  );
  return best === undefined ? undefined : { ...summary(job, best), TuningJobName: best.tuning?.name };
}

function summary(tuning: TuningJobRecord, job: TrainingJobRecord): Record<string, unknown> {
  const value = objectiveValue(job);
  const { Type, MetricName } = objectiveOf(tuning.request);
  return {
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    CreationTime: seconds(job.createdAt),
    TrainingStartTime: seconds(job.trainingStartedAt),
    TrainingEndTime: seconds(job.trainingEndedAt),
    TrainingJobStatus: job.status,
    TunedHyperParameters: job.tuning?.tuned,
    FailureReason: job.failureReason,
    FinalHyperParameterTuningJobObjectiveMetric:
      value === undefined || objectiveStatus(job) !== "Succeeded" ? undefined : { Type, MetricName, Value: value },
    ObjectiveStatus: objectiveStatus(job),
  };
}

function list(sagemaker: SageMaker, input: Input): Output {
  const { items, nextToken } = listPage([...sagemaker.state.tuningJobs.all()], input, "Ascending");
  return {
    HyperParameterTuningJobSummaries: items.map((job) => ({
      HyperParameterTuningJobName: job.name,
      HyperParameterTuningJobArn: job.arn,
      HyperParameterTuningJobStatus: job.status,
      Strategy: job.request.HyperParameterTuningJobConfig.Strategy,
      CreationTime: seconds(job.createdAt),
      HyperParameterTuningEndTime: seconds(job.endedAt),
      LastModifiedTime: seconds(job.modifiedAt),
      ...counters(sagemaker, job),
      ResourceLimits: job.request.HyperParameterTuningJobConfig.ResourceLimits,
    })),
    NextToken: nextToken,
  };
}

function listTrainingJobs(sagemaker: SageMaker, input: Input): Output {
  const job = known(sagemaker, input);
  const children = childrenOf(sagemaker, job);
  if (input["SortBy"] !== "FinalObjectiveMetricValue") {
    const { items, nextToken } = listPage(children, { SortBy: "Name", ...input }, "Ascending");
    return { TrainingJobSummaries: items.map((child) => summary(job, child)), NextToken: nextToken };
  }
  // Those without a value are left out (API reference); a page goes on behind the job that its token names.
  const sign = input["SortOrder"] === "Descending" ? -1 : 1;
  const scored = children
    .filter((child) => objectiveStatus(child) === "Succeeded")
    .filter(({ status }) => input["StatusEquals"] === undefined || status === input["StatusEquals"])
    .sort((a, b) => sign * (objectiveValue(a)! - objectiveValue(b)!) || (a.name < b.name ? -1 : 1));
  const token = input["NextToken"];
  const start = token === undefined ? 0 : scored.findIndex(({ name }) => name === token) + 1;
  if (token !== undefined && start === 0) throw validationError("The pagination token is invalid.");
  const page = scored.slice(start, start + Number(input["MaxResults"] ?? 10));
  return {
    TrainingJobSummaries: page.map((child) => summary(job, child)),
    NextToken: start + page.length < scored.length ? page.at(-1)?.name : undefined,
  };
}

function stop(sagemaker: SageMaker, input: Input): Output {
  const job = known(sagemaker, input);
  if (job.status !== "InProgress" && job.status !== "Stopping") {
    throw validationError(`The request was rejected because the hyperparameter tuning job is in status ${job.status}.`);
  }
  if (job.status === "InProgress") {
    job.status = "Stopping";
    job.modifiedAt = sagemaker.world.now();
    sagemaker.state.tuningJobs.save(job);
    sagemaker.work.stop(workKey(job.name), stopRequested);
  }
  return {};
}
