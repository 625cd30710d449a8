import type { DescribeLabelingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { LabelingStall } from "./labeling-stall.js";

/** Status of a labeling job; `Completed`, `Failed` and `Stopped` are the last ones. */
export type LabelingStatus = "Initializing" | "InProgress" | "Completed" | "Failed" | "Stopping" | "Stopped";

/** One look at a labeling job. Counts are images. */
export interface LabelingState {
  /** Name of the job, unique in account and region. */
  readonly name: string;
  /** Where the job stands. */
  readonly status: LabelingStatus;
  /** Labeled so far, by people or automatically. */
  readonly labeled: number;
  /** Labeled so far by workers. */
  readonly labeledByHumans: number;
  /** Labeled so far by automated labeling; 0 where it is not in use. */
  readonly labeledByMachine: number;
  /** Cannot be labeled; Ground Truth does not try them again. */
  readonly failed: number;
  /** Not labeled (yet), as the service counts it. */
  readonly unlabeled: number;
  /**
   * All images of the job. Known exactly by the session that wrote the job's manifest; otherwise the sum of the counters, where
   * it is not documented whether `unlabeled` holds the failed ones.
   */
  readonly total: number;
  /** Label attribute, e.g. `label-turtles-ref`. */
  readonly attribute: string;
  /** AWS's reason, when the job failed. */
  readonly failureReason?: string;
  /** Address of the output manifest, once the service names it. */
  readonly outputManifest?: string;
  /** Where the output manifest is written while the job runs, as Ground Truth lays its results out. */
  readonly manifestOnTheWay?: string;
  /** Model that automated labeling made, by ARN: `initialModel` of a later job. */
  readonly finalModel?: string;
  /** The team that labels, by ARN. */
  readonly workteam?: string;
  /** Whether images come in by an SNS topic: such a job runs until it is stopped. */
  readonly streaming: boolean;
  /** Why nothing seems to move, when this handle has seen the counters stand still for an hour. */
  readonly stall?: LabelingStall;
  /** The stall in words. */
  readonly hint?: string;
  /** When the job was created. */
  readonly createdAt: Date | undefined;
  /** When the service last changed the job. */
  readonly modifiedAt: Date | undefined;
}

/** Reads a state from the service's answer. */
export function labelingState(
  name: string,
  answer: DescribeLabelingJobCommandOutput,
  knownTotal?: number,
): LabelingState {
  const counters = answer.LabelCounters ?? {};
  const labeled = counters.TotalLabeled ?? 0;
  const failed = counters.FailedNonRetryableError ?? 0;
  const unlabeled = counters.Unlabeled ?? 0;
  const outputManifest = answer.LabelingJobOutput?.OutputDatasetS3Uri;
  const finalModel = answer.LabelingJobOutput?.FinalActiveLearningModelArn;
  const workteam = answer.HumanTaskConfig?.WorkteamArn;
  const folder = answer.OutputConfig?.S3OutputPath;
  return {
    name,
    status: answer.LabelingJobStatus ?? "Initializing",
    labeled,
    labeledByHumans: counters.HumanLabeled ?? 0,
    labeledByMachine: counters.MachineLabeled ?? 0,
    failed,
    unlabeled,
    total: knownTotal ?? labeled + Math.max(unlabeled, failed),
    attribute: answer.LabelAttributeName ?? `${name}-ref`,
    ...(answer.FailureReason === undefined || answer.FailureReason === ""
      ? {}
      : { failureReason: answer.FailureReason }),
    ...(outputManifest === undefined || outputManifest === "" ? {} : { outputManifest }),
    ...(folder === undefined || !/^s3:\/\/./.test(folder)
      ? {}
      : {
          manifestOnTheWay: `${folder.replace(/\/+$/, "")}/${answer.LabelingJobName ?? name}/manifests/output/output.manifest`,
        }),
    ...(finalModel === undefined || finalModel === "" ? {} : { finalModel }),
    ...(workteam === undefined ? {} : { workteam }),
    streaming: answer.InputConfig?.DataSource?.SnsDataSource !== undefined,
    createdAt: answer.CreationTime,
    modifiedAt: answer.LastModifiedTime,
  };
}

/** What to try when a labeling job failed, from AWS's reason; `undefined` when nothing is known. */
export function failureHint(reason: string): string | undefined {
  if (/personally ?identifiable|content ?classifier|price/i.test(reason)) {
    return "A job for the public crowd needs a price and the classifier FreeOfPersonallyIdentifiableInformation.";
  }
  if (/assume|trust/i.test(reason)) return "The role must trust sagemaker.amazonaws.com (sts:AssumeRole).";
  if (/cors/i.test(reason)) return "Every bucket that holds images needs a CORS rule that allows GET from any origin.";
  if (/hex-color|color map/i.test(reason)) return "Labels to adjust must carry hex-color in their colour map.";
  return undefined;
}
