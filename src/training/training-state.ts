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

/** Where a warm pool stands. */
export interface WarmPoolState {
  /** `InUse` by its own job, `Available` to the next one, `Reused` by it, or `Terminated`. */
  readonly status: string;
  /** The job that took it over. */
  readonly reusedBy: string | undefined;
  /** Seconds that are paid for it so far. */
  readonly billableSeconds: number | undefined;
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
  /**
   * How the job ended: `stopped` on somebody's request, `max-runtime` and `max-wait` by AWS because its time was over;
   * `undefined` while it runs. An interruption of a spot job is no end: it goes on by itself.
   */
  readonly ending: "completed" | "failed" | "stopped" | "max-runtime" | "max-wait" | undefined;
  /** How often AWS took its spot instance away. */
  readonly interruptions: number;
  /** The warm pool that stayed after the job, `undefined` when none was asked for. */
  readonly warmPool: WarmPoolState | undefined;
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
    ending: endingOf(raw),
    interruptions: (raw.SecondaryStatusTransitions ?? []).filter(({ Status }) => Status === "Interrupted").length,
    warmPool: raw.WarmPoolStatus && {
      status: raw.WarmPoolStatus.Status ?? "Unknown",
      reusedBy: raw.WarmPoolStatus.ReusedByJob,
      billableSeconds: raw.WarmPoolStatus.ResourceRetainedBillableTimeInSeconds,
    },
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

function endingOf({ TrainingJobStatus: status, SecondaryStatus: step }: Described): TrainingJobState["ending"] {
  if (status === "Completed") return "completed";
  if (status === "Failed") return "failed";
  if (status !== "Stopped") return undefined;
  if (step === "MaxRuntimeExceeded") return "max-runtime";
  return step === "MaxWaitTimeExceeded" ? "max-wait" : "stopped";
}

/** Why a job failed or was stopped, in AWS's words where it gives any. */
export function trainingReason(state: TrainingJobState): string | undefined {
  if (state.failureReason !== undefined) return state.failureReason;
  if (state.ending === "max-runtime") return "MaxRuntimeExceeded: it ran longer than its maximal run time.";
  if (state.ending !== "max-wait") return undefined;
  const { interruptions } = state;
  const often = interruptions === 1 ? "once" : `${interruptions} times`;
  const taken = interruptions === 0 ? "none was given to it" : `its instance was taken away ${often}`;
  return `MaxWaitTimeExceeded: spot capacity did not suffice in time (${taken}). Nobody stopped it: raise maxWait, or train on demand.`;
}

type Described = Pick<DescribeTrainingJobCommandOutput, "TrainingJobStatus" | "SecondaryStatus">;
