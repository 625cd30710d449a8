import { trainingMetrics } from "../../facts/training-metrics.js";
import type { TrainingJobRecord } from "../state/record-types.js";
import { validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { stopRequested } from "./background-work.js";
import { resourceArn, seconds } from "./context.js";
import type { SageMaker } from "./context.js";
import { listPage } from "./listing.js";
import type { CreateTrainingJobRequest } from "./requests.js";
import { currentStep, enterStep, trainingWorkKey } from "./training-steps.js";
import { runTrainingJob } from "./training-runner.js";
import { changeWarmPool, warmPoolStatus } from "./warm-pool.js";
import { checkRoom, checkTrainingRequest } from "./training-rules.js";

/** Create, Describe, Update, List and StopTrainingJob. */
export function trainingJobOperations(sagemaker: SageMaker): [string, Operation][] {
  return [
    ["CreateTrainingJob", (input, call) => create(sagemaker, input, call)],
    ["DescribeTrainingJob", (input) => describe(sagemaker, known(sagemaker, input))],
    ["UpdateTrainingJob", (input) => update(sagemaker, input)],
    ["ListTrainingJobs", (input) => list(sagemaker, input)],
    ["StopTrainingJob", (input) => stop(sagemaker, input)],
  ];
}

/** Starts again what was running when the backend ended. */
export function resumeTrainingJobs(sagemaker: SageMaker): void {
  for (const job of sagemaker.state.trainingJobs.all()) {
    if (job.status === "InProgress" || job.status === "Stopping") startJob(sagemaker, job, true);
  }
}

/** Starts a job whose request was checked. */
export function launchTrainingJob(
  sagemaker: SageMaker,
  request: CreateTrainingJobRequest,
  region: string,
  tuning?: TrainingJobRecord["tuning"],
): TrainingJobRecord {
  const now = sagemaker.world.now();
  const job: TrainingJobRecord = {
    name: request.TrainingJobName,
    arn: resourceArn(sagemaker.world, region, "training-job", request.TrainingJobName),
    region,
    createdAt: now,
    modifiedAt: now,
    tags: request.Tags ?? [],
    request,
    status: "InProgress",
    transitions: [],
    metrics: [],
    ...(tuning === undefined ? {} : { tuning }),
  };
  enterStep(sagemaker, job, "Starting", "Starting the training job");
  startJob(sagemaker, job, false);
  return job;
}

function startJob(sagemaker: SageMaker, job: TrainingJobRecord, again: boolean): void {
  sagemaker.work.start(trainingWorkKey(job.name), (signal) => runTrainingJob(sagemaker, job, signal, again));
}

async function create(sagemaker: SageMaker, input: Input, { region }: CallContext): Promise<Output> {
  // The service model has checked the shape.
  const request = input as unknown as CreateTrainingJobRequest;
  await checkTrainingRequest(sagemaker, request, region);
  checkRoom(sagemaker, request, region);
  const job = launchTrainingJob(sagemaker, request, region);
  return { TrainingJobArn: job.arn };
}

function known(sagemaker: SageMaker, input: Input): TrainingJobRecord {
  const job = sagemaker.state.trainingJobs.get(String(input["TrainingJobName"]));
  if (job === undefined) throw validationError("Requested resource not found.");
  return job;
}

/** Of what can be updated, the warm pool alone means something here. */
function update(sagemaker: SageMaker, input: Input): Output {
  const job = known(sagemaker, input);
  const resources = input["ResourceConfig"] as { readonly KeepAlivePeriodInSeconds?: number } | undefined;
  const keepAlive = resources?.KeepAlivePeriodInSeconds;
  if (keepAlive !== undefined && !changeWarmPool(sagemaker, job, keepAlive)) {
    throw validationError(`The training job ${job.name} has no warm pool that is available.`);
  }
  return { TrainingJobArn: job.arn };
}

function describe(sagemaker: SageMaker, job: TrainingJobRecord): Output {
  const { request } = job;
  const trained = job.trainingStartedAt !== undefined && job.trainingEndedAt !== undefined;
  const duration = trained ? Math.round((job.trainingEndedAt! - job.trainingStartedAt!) / 1000) : undefined;
  const spot = request.EnableManagedSpotTraining === true;
  return {
    ...request,
    Tags: undefined,
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    TuningJobArn: job.tuning?.arn,
    TrainingJobStatus: job.status,
    SecondaryStatus: currentStep(job),
    FailureReason: job.failureReason,
    ModelArtifacts: { S3ModelArtifacts: job.artifact ?? null },
    AlgorithmSpecification: {
      ...request.AlgorithmSpecification,
      MetricDefinitions: trainingMetrics,
      EnableSageMakerMetricsTimeSeries: true,
    },
    OutputDataConfig: { KmsKeyId: "", ...request.OutputDataConfig },
    ResourceConfig: { VolumeSizeInGB: 0, ...request.ResourceConfig },
    WarmPoolStatus: warmPoolStatus(sagemaker, job),
    StoppingCondition: { MaxRuntimeInSeconds: 86_400, ...request.StoppingCondition },
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: spot,
    ...booleans(request),
    CreationTime: seconds(job.createdAt),
    LastModifiedTime: seconds(job.modifiedAt),
    TrainingStartTime: seconds(job.trainingStartedAt),
    TrainingEndTime: seconds(job.trainingEndedAt),
    TrainingTimeInSeconds: duration,
    // Spot capacity costs about 30 % of the time here, so that a saving shows.
    BillableTimeInSeconds: duration === undefined ? undefined : spot ? Math.round(duration * 0.3) : duration,
    SecondaryStatusTransitions: job.transitions.map((step) => ({
      Status: step.status,
      StartTime: seconds(step.startedAt),
      EndTime: seconds(step.endedAt),
      StatusMessage: step.message,
    })),
    FinalMetricDataList:
      job.metrics.length === 0
        ? undefined
        : job.metrics.map(({ name, value, at }) => ({ MetricName: name, Value: value, Timestamp: seconds(at) })),
  };
}

/** Switches as the request had them. */
function booleans(request: CreateTrainingJobRequest): Record<string, unknown> {
  const names = ["EnableNetworkIsolation", "EnableInterContainerTrafficEncryption"];
  return Object.fromEntries(Object.entries(request).filter(([name]) => names.includes(name)));
}

function list(sagemaker: SageMaker, input: Input): Output {
  const { items, nextToken } = listPage([...sagemaker.state.trainingJobs.all()], input, "Descending");
  return {
    TrainingJobSummaries: items.map((job) => ({
      TrainingJobName: job.name,
      TrainingJobArn: job.arn,
      CreationTime: seconds(job.createdAt),
      TrainingEndTime: seconds(job.trainingEndedAt),
      LastModifiedTime: seconds(job.modifiedAt),
      TrainingJobStatus: job.status,
      SecondaryStatus: currentStep(job),
    })),
    NextToken: nextToken,
  };
}

function stop(sagemaker: SageMaker, input: Input): Output {
  const job = known(sagemaker, input);
  if (job.status !== "InProgress" && job.status !== "Stopping") {
    throw validationError(`The request was rejected because the training job is in status ${job.status}.`);
  }
  stopTrainingJob(sagemaker, job);
  return {};
}

/** Stops a job that runs; nothing happens to others. */
export function stopTrainingJob(sagemaker: SageMaker, job: TrainingJobRecord): void {
  if (job.status !== "InProgress") return;
  job.status = "Stopping";
  enterStep(sagemaker, job, "Stopping", "Stopping the training job");
  sagemaker.work.stop(trainingWorkKey(job.name), stopRequested);
}
