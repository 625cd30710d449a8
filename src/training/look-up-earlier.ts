import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import { checkEarlier } from "./continue-from.js";
import type { Earlier } from "./continue-from.js";

/**
 * What an earlier job was trained with, when only its name is known. A job that this account and region do not have
 * (a model from elsewhere) stays unknown.
 *
 * @throws `training.invalid` when the job is one of another algorithm; `aws.*`.
 */
export async function lookUpEarlier(
  context: AwsContext,
  earlier: Earlier,
  signal: AbortSignal | undefined,
): Promise<Earlier> {
  const { trainingJob } = earlier;
  if (trainingJob === undefined || earlier.hyperparameters !== undefined) return earlier;
  const client = await context.clients.sagemaker();
  const { DescribeTrainingJobCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new DescribeTrainingJobCommand({ TrainingJobName: trainingJob });
  const found = await undefinedIfAbsent(
    send("DescribeTrainingJob", (options) => client.send(command, options), signal),
  );
  if (found === undefined) return earlier;
  return {
    ...checkEarlier({ artifact: earlier.artifact, image: found.AlgorithmSpecification?.TrainingImage }),
    ...earlier,
    hyperparameters: found.HyperParameters ?? {},
  };
}
