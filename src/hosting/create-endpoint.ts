import type { CreateEndpointCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { createOwnershipLedger } from "../aws/ownership.js";
import type { OwnershipLedger } from "../aws/ownership.js";
import { isTransient, retryTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import { assertInService, settleEndpoint } from "./await-endpoint.js";
import type { CreateEndpointOptions } from "./deployment.js";
import type { DeploymentRequests } from "./deployment-request.js";
import { describeEndpoint } from "./endpoint-state.js";
import { ownedEndpoint } from "./endpoint.js";
import type { OwnedEndpoint } from "./endpoint.js";
import { removeParts } from "./remove-parts.js";

/** Makes the three parts, waits for the endpoint, and takes everything back when that fails. */
export async function createEndpoint<Name extends string>(
  context: AwsContext,
  requests: DeploymentRequests,
  classes: ClassTable<Name>,
  options: CreateEndpointOptions,
): Promise<OwnedEndpoint<Name>> {
  const name = requests.endpoint.EndpointName ?? "";
  const ledger = createOwnershipLedger();
  options.signal?.throwIfAborted();
  options.onName?.(name);
  try {
    await sendRequests(context, requests, ledger, options.signal);
    assertInService(await settleEndpoint(context, name, { ...options, justMade: true }));
  } catch (error) {
    throw await rollBack(context, name, ledger, error, options);
  }
  return ownedEndpoint(context, name, classes, ledger);
}

async function sendRequests(
  context: AwsContext,
  { model, endpointConfig, endpoint }: DeploymentRequests,
  ledger: OwnershipLedger,
  signal: AbortSignal | undefined,
): Promise<void> {
  const client = await context.clients.sagemaker();
  const commands = await import("@aws-sdk/client-sagemaker");
  await send("CreateModel", (options) => client.send(new commands.CreateModelCommand(model), options), signal);
  ledger.add("model", model.ModelName ?? "");
  await send(
    "CreateEndpointConfig",
    (options) => client.send(new commands.CreateEndpointConfigCommand(endpointConfig), options),
    signal,
  );
  ledger.add("endpoint-config", endpointConfig.EndpointConfigName ?? "");
  await startEndpoint(context, client, new commands.CreateEndpointCommand(endpoint), ledger, signal);
}

async function startEndpoint(
  context: AwsContext,
  client: SageMakerClient,
  command: CreateEndpointCommand,
  ledger: OwnershipLedger,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { EndpointName: name = "", EndpointConfigName: config } = command.input;
  try {
    // Reads are eventually consistent: a configuration made a moment ago may not be found yet.
    await retryTransient(() => send("CreateEndpoint", (options) => client.send(command, options), signal), {
      tolerate: 5,
      delay: Math.min(1000, context.pollInterval),
      passing: (error) => isTransient(error) || SegmentationError.is(error, "aws.not-found"),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // The answer may have been lost on the way. Only an endpoint on the configuration made a moment ago is ours; one
    // that merely has the name must not be touched.
    const found = await describeEndpoint(context, name, undefined).catch(() => undefined);
    if (found === undefined || found.configName !== config) throw error;
    ledger.add("endpoint", name);
    signal?.throwIfAborted();
    return;
  }
  ledger.add("endpoint", name);
}

/** Returns the error to throw. */
async function rollBack(
  context: AwsContext,
  endpoint: string,
  ledger: OwnershipLedger,
  error: unknown,
  { signal, onAbort = "keep" }: CreateEndpointOptions,
): Promise<unknown> {
  const gaveUp = signal?.aborted === true || SegmentationError.is(error, "job.timeout");
  // Parts without an endpoint do nothing and are of no use to anybody; a running endpoint is the caller's decision.
  if (gaveUp && onAbort === "keep" && ledger.owns("endpoint", endpoint)) return error;
  if (ledger.list().length === 0) return error;
  // Without the signal: cleaning up must also happen after an abort.
  const { removed, remaining } = await removeParts(context, ledger);
  if (gaveUp) return remaining.length === 0 ? error : leftBehind(endpoint, remaining, error);
  const reason = SegmentationError.is(error, "endpoint.failed")
    ? error.details.reason
    : error instanceof Error
      ? error.message
      : String(error);
  const rest = remaining.length === 0 ? "Everything made for it was deleted." : `Still there: ${remaining.join(", ")}.`;
  return new SegmentationError(
    "endpoint.failed",
    `The endpoint "${endpoint}" could not be created: ${reason} ${rest}`,
    { endpoint, reason, removed, remaining },
    { cause: error },
  );
}

/** What was to be deleted and costs money on must not be hidden behind the caller's own reason, which is the cause. */
function leftBehind(endpoint: string, remaining: readonly string[], cause: unknown): SegmentationError {
  return new SegmentationError(
    "endpoint.remaining",
    `Creating the endpoint "${endpoint}" was given up, and this could not be deleted: ${remaining.join(", ")}.`,
    { endpoint, remaining },
    { cause },
  );
}
