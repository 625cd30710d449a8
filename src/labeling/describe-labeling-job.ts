import type { DescribeLabelingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";

/** AWS's whole answer on a labeling job. Throws `aws.not-found` when there is none of this name, `aws.*`. */
export async function describeLabelingJob(
  context: AwsContext,
  name: string,
  signal: AbortSignal | undefined,
): Promise<DescribeLabelingJobCommandOutput> {
  const sagemaker = await context.clients.sagemaker();
  const { DescribeLabelingJobCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new DescribeLabelingJobCommand({ LabelingJobName: name });
  return send("DescribeLabelingJob", (options) => sagemaker.send(command, options), signal);
}
