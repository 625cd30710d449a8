import type { AwsContext } from "../aws/context.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import { SegmentationError } from "../core/errors.js";
import { describeLabelingJob } from "./describe-labeling-job.js";

/** Whether a labeling job of this name exists; names are compared without case. */
export async function isTaken(context: AwsContext, name: string, signal: AbortSignal | undefined): Promise<boolean> {
  return (await undefinedIfAbsent(describeLabelingJob(context, name, signal))) !== undefined;
}

/** Throws `aws.conflict` when a labeling job of this name exists: its files must not be overwritten. */
export async function refuseTakenName(
  context: AwsContext,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(await isTaken(context, name, signal))) return;
  throw new SegmentationError(
    "aws.conflict",
    `A labeling job named "${name}" exists already (names are compared without case): choose another name, or attach to it.`,
    { operation: "CreateLabelingJob", name: "ResourceInUse", retryable: false },
  );
}
