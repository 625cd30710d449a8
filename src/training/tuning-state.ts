import type {
  DescribeHyperParameterTuningJobCommandOutput,
  HyperParameterTrainingJobSummary,
} from "@aws-sdk/client-sagemaker";
import type { JobPhase } from "../aws/job-handle.js";

/** One training job of a tuning job. */
export interface TunedTraining {
  /** Name of the training job; `session.trainingJob` gives its handle. */
  readonly job: string;
  /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
  readonly status: string;
  /** Value of the objective, the last one that the job measured; `undefined` while it has none. */
  readonly objective: number | undefined;
  /** The values that were chosen for it, texts by hyperparameter. */
  readonly tuned: Readonly<Record<string, string>>;
  /** AWS's reason when it failed. */
  readonly failureReason: string | undefined;
  /** Seconds that it trained, when it has ended. */
  readonly trainingSeconds: number | undefined;
}

/** What `describe` says of a tuning job. */
export interface TuningJobState {
  /** Name of the tuning job. */
  readonly name: string;
  /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
  readonly status: string;
  /** The metric that it goes by. */
  readonly objective: string | undefined;
  /** Training jobs by where they stand. */
  readonly counts: {
    /** Ended as they should. */
    readonly completed: number;
    /** Running now. */
    readonly running: number;
    /** Failed, whoever's fault it was. */
    readonly failed: number;
    /** Ended early, by AWS or by somebody. */
    readonly stopped: number;
  };
  /** Training jobs that may be started in all, when it is known. */
  readonly most: number | undefined;
  /** The best training job so far. */
  readonly best: TunedTraining | undefined;
  /** AWS's reason when it failed. */
  readonly failureReason: string | undefined;
  /** AWS's whole answer. */
  readonly raw: DescribeHyperParameterTuningJobCommandOutput;
}

/** Reads DescribeHyperParameterTuningJob's answer. */
export function readTuningState(name: string, raw: DescribeHyperParameterTuningJobCommandOutput): TuningJobState {
  const counters = raw.TrainingJobStatusCounters ?? {};
  const config = raw.HyperParameterTuningJobConfig;
  return {
    name: raw.HyperParameterTuningJobName ?? name,
    status: raw.HyperParameterTuningJobStatus ?? "Unknown",
    objective: config?.HyperParameterTuningJobObjective?.MetricName,
    counts: {
      completed: counters.Completed ?? 0,
      running: counters.InProgress ?? 0,
      failed: (counters.NonRetryableError ?? 0) + (counters.RetryableError ?? 0),
      stopped: counters.Stopped ?? 0,
    },
    most: config?.ResourceLimits?.MaxNumberOfTrainingJobs,
    best: raw.BestTrainingJob === undefined ? undefined : readTunedTraining(raw.BestTrainingJob),
    failureReason: raw.FailureReason === "" ? undefined : raw.FailureReason,
    raw,
  };
}

/** Reads one entry of the list of training jobs. */
export function readTunedTraining(summary: HyperParameterTrainingJobSummary): TunedTraining {
  const { TrainingStartTime: start, TrainingEndTime: end } = summary;
  return {
    job: summary.TrainingJobName ?? "",
    status: summary.TrainingJobStatus ?? "Unknown",
    objective: summary.FinalHyperParameterTuningJobObjectiveMetric?.Value,
    // The service puts the values of lists in quotes.
    tuned: Object.fromEntries(
      Object.entries(summary.TunedHyperParameters ?? {}).map(([name, value]) => [
        name,
        value.replace(/^"(.*)"$/, "$1"),
      ]),
    ),
    failureReason: summary.FailureReason === "" ? undefined : summary.FailureReason,
    trainingSeconds:
      start === undefined || end === undefined ? undefined : Math.round((end.getTime() - start.getTime()) / 1000),
  };
}

/** Where the job stands for somebody who waits. */
export function tuningPhase({ status }: TuningJobState): JobPhase {
  if (status === "Completed") return "completed";
  if (status === "Failed" || status === "DeleteFailed") return "failed";
  return status === "Stopped" ? "stopped" : "running";
}
