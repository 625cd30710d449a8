import type { DescribeTrainingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { JobPhase } from "../aws/job-handle.js";
import type { TrainingMetricName } from "../facts/training-metrics.js";

/** One step of a training job's life. */
export interface TrainingTransition {
  /** AWS's word: `Starting`, `Downloading`, `Training`, `Uploading`, `Completed`, ... */
  readonly status: string;
  /** AWS's words for people; they change. */
  readonly message: string;
  /** When the step began. */
  readonly startedAt: Date | undefined;
  /** When the step ended, `undefined` while it lasts. */
  readonly endedAt: Date | undefined;
}

/** What `describe` says of a training job. */
export interface TrainingJobState {
  /** Name of the job, unique in account and region. */
  readonly name: string;
  /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
  readonly status: string;
  /** The finer word: `Starting`, `Downloading`, `Training`, `Interrupted`, `Uploading`, `MaxRuntimeExceeded`, ... */
  readonly secondaryStatus: string;
  /** The steps that the job went through, the oldest first. */
  readonly transitions: readonly TrainingTransition[];
  /** AWS's reason when the job failed. */
  readonly failureReason: string | undefined;
  /** Address of `model.tar.gz`, once it is there. */
  readonly artifact: string | undefined;
  /** Image of the algorithm. */
  readonly image: string | undefined;
  /** As sent, texts by name. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Instance type that it runs on, e.g. `ml.p3.2xlarge`. */
  readonly instanceType: string | undefined;
  /** When the job was created. */
  readonly createdAt: Date | undefined;
  /** Seconds that training took. */
  readonly trainingSeconds: number | undefined;
  /** Seconds that are paid for; less than the training time on spot capacity. */
  readonly billableSeconds: number | undefined;
  /** The last values of the metrics; those of the best epoch are in the curve. */
  readonly finalMetrics: Readonly<Partial<Record<TrainingMetricName, number>>>;
  /** AWS's whole answer. */
  readonly raw: DescribeTrainingJobCommandOutput;
}

/** Reads DescribeTrainingJob's answer. */
export function readTrainingState(name: string, raw: DescribeTrainingJobCommandOutput): TrainingJobState {
  return {
    name: raw.TrainingJobName ?? name,
    status: raw.TrainingJobStatus ?? "Unknown",
    secondaryStatus: raw.SecondaryStatus ?? "Unknown",
    transitions: (raw.SecondaryStatusTransitions ?? []).map((step) => ({
      status: step.Status ?? "Unknown",
      message: step.StatusMessage ?? "",
      startedAt: step.StartTime,
      endedAt: step.EndTime,
    })),
    failureReason: raw.FailureReason === "" ? undefined : raw.FailureReason,
    artifact: raw.ModelArtifacts?.S3ModelArtifacts,
    image: raw.AlgorithmSpecification?.TrainingImage,
    hyperparameters: raw.HyperParameters ?? {},
    instanceType: raw.ResourceConfig?.InstanceType,
    createdAt: raw.CreationTime,
    trainingSeconds: raw.TrainingTimeInSeconds,
    billableSeconds: raw.BillableTimeInSeconds,
    finalMetrics: Object.fromEntries(
      (raw.FinalMetricDataList ?? []).map(({ MetricName = "", Value }) => [MetricName, Value]),
    ),
    raw,
  };
}

/** Where the job stands for somebody who waits. `Deleting` and words that AWS may add count as running. */
export function trainingPhase({ status }: TrainingJobState): JobPhase {
  if (status === "Completed") return "completed";
  if (status === "Failed") return "failed";
  return status === "Stopped" ? "stopped" : "running";
}

/** Why a job failed or was stopped, in AWS's words where it gives any. */
export function trainingReason(state: TrainingJobState): string | undefined {
  if (state.failureReason !== undefined) return state.failureReason;
  if (state.secondaryStatus === "MaxRuntimeExceeded")
    return "MaxRuntimeExceeded: it ran longer than its maximal run time.";
  if (state.secondaryStatus === "MaxWaitTimeExceeded")
    return "MaxWaitTimeExceeded: spot capacity did not suffice in time.";
  return undefined;
}
