import type { DescribeEndpointCommandOutput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";

/** What `describe` says of an endpoint. */
export interface EndpointState {
  /** Name of the endpoint, unique in account and region. */
  readonly name: string;
  /** `Creating`, `InService`, `Updating`, `SystemUpdating`, `RollingBack`, `OutOfService`, `Deleting`, `Failed`, ... */
  readonly status: string;
  /** Name of the endpoint configuration in use, when AWS tells. */
  readonly configName: string | undefined;
  /** AWS's reason when it failed. */
  readonly failureReason: string | undefined;
  /** When the endpoint was created. */
  readonly createdAt: Date | undefined;
  /** AWS's whole answer. */
  readonly raw: DescribeEndpointCommandOutput;
}

/** What an endpoint's status means for somebody who waits for it. */
export type EndpointPhase = "changing" | "ready" | "broken";

// API reference, EndpointStatus. `OutOfService` means "not available to take requests": it does not pass by itself.
const phases: ReadonlyMap<string, EndpointPhase> = new Map<string, EndpointPhase>([
  ["InService", "ready"],
  ["Creating", "changing"],
  ["Updating", "changing"],
  ["SystemUpdating", "changing"],
  ["RollingBack", "changing"],
]);

/** Words that AWS may add count as broken: waiting for them might never end. */
export function endpointPhase({ status }: EndpointState): EndpointPhase {
  return phases.get(status) ?? "broken";
}

/** One look at an endpoint. Throws `aws.not-found` and other `aws.*`. */
export async function describeEndpoint(
  context: AwsContext,
  name: string,
  signal: AbortSignal | undefined,
): Promise<EndpointState> {
  const client = await context.clients.sagemaker();
  const { DescribeEndpointCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new DescribeEndpointCommand({ EndpointName: name });
  const raw = await send("DescribeEndpoint", (options) => client.send(command, options), signal);
  return {
    name: raw.EndpointName ?? name,
    status: raw.EndpointStatus ?? "Unknown",
    configName: raw.EndpointConfigName,
    failureReason: raw.FailureReason === "" ? undefined : raw.FailureReason,
    createdAt: raw.CreationTime,
    raw,
  };
}
