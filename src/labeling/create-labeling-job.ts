import type { CreateLabelingJobCommandInput, DescribeLabelingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { isTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";
import { describeLabelingJob } from "./describe-labeling-job.js";

/** Milliseconds that our clock and AWS's may differ: more, and requests are refused (RequestTimeTooSkewed). */
const clockSkew = 5 * 60_000;

/**
 * Sends the request. When the answer was lost on the way and the client's own repetition was refused, the job is there
 * and costs money: it is recognised as ours and taken for made.
 *
 * @param began - When the name was found free, in milliseconds.
 * @throws `aws.*`, among them `aws.conflict` when another job has the name.
 */
export async function createLabelingJob(
  context: AwsContext,
  request: CreateLabelingJobCommandInput,
  began: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sagemaker = await context.clients.sagemaker();
  const { CreateLabelingJobCommand } = await import("@aws-sdk/client-sagemaker");
  try {
    await send(
      "CreateLabelingJob",
      (options) => sagemaker.send(new CreateLabelingJobCommand(request), options),
      signal,
    );
  } catch (error) {
    if (!isTransient(error) && !SegmentationError.is(error, "aws.conflict")) throw error;
    const found = await describeLabelingJob(context, request.LabelingJobName ?? "", signal).catch(() => undefined);
    signal?.throwIfAborted();
    if (found === undefined || !isOurs(found, request, began)) throw error;
  }
}

/** A job of the same input, output and role that was made since. */
function isOurs(
  found: DescribeLabelingJobCommandOutput,
  request: CreateLabelingJobCommandInput,
  began: number,
): boolean {
  const created = found.CreationTime?.getTime();
  return (
    created !== undefined &&
    created >= began - clockSkew &&
    manifestOf(found) === manifestOf(request) &&
    found.OutputConfig?.S3OutputPath === request.OutputConfig?.S3OutputPath &&
    found.RoleArn === request.RoleArn
  );
}

function manifestOf({ InputConfig }: Pick<CreateLabelingJobCommandInput, "InputConfig">): string | undefined {
  return InputConfig?.DataSource?.S3DataSource?.ManifestS3Uri;
}
