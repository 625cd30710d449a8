import type { AwsContext } from "../aws/context.js";
import type { OwnershipLedger } from "../aws/ownership.js";
import { send } from "../aws/send.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import { describeEndpoint } from "./endpoint-state.js";

/** Puts the models and the configuration of an endpoint on the ledger, models first. What is gone is left out. */
export async function findParts(
  context: AwsContext,
  endpoint: string,
  ledger: OwnershipLedger,
  signal: AbortSignal | undefined,
): Promise<void> {
  const state = await undefinedIfAbsent(describeEndpoint(context, endpoint, signal));
  const configName = state?.configName;
  if (configName === undefined) return;
  const client = await context.clients.sagemaker();
  const { DescribeEndpointConfigCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new DescribeEndpointConfigCommand({ EndpointConfigName: configName });
  const config = await undefinedIfAbsent(
    send("DescribeEndpointConfig", (options) => client.send(command, options), signal),
  );
  for (const { ModelName } of config?.ProductionVariants ?? []) {
    if (ModelName !== undefined) ledger.add("model", ModelName);
  }
  if (config !== undefined) ledger.add("endpoint-config", configName);
}
