import type { AwsContext } from "../aws/context.js";
import type { OwnedKind } from "../aws/ownership.js";
import { isTransient, retryTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import type { SendOptions } from "../aws/send.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import { sleep } from "../core/abort.js";
import { SegmentationError } from "../core/errors.js";
import { settleEndpoint } from "./await-endpoint.js";

/** One part of a deployment. */
export interface Part {
  readonly kind: OwnedKind;
  readonly name: string;
}

/**
 * Milliseconds that an endpoint is waited for before it is deleted. AWS does not delete one that is being made or
 * changed, which takes minutes; an hour is the most that a container may take to start (ProductionVariant,
 * ContainerStartupHealthCheckTimeoutInSeconds).
 */
export const settlingLimit = 3_600_000;

/** Refusals that a settled part may still meet, since what AWS tells of it may be old. */
const lateRefusals = 5;

const operations = {
  endpoint: "DeleteEndpoint",
  "endpoint-config": "DeleteEndpointConfig",
  model: "DeleteModel",
} as const satisfies Readonly<Record<OwnedKind, string>>;

/**
 * Deletes a part, as soon as AWS lets it be deleted. One that is gone already is no error.
 *
 * @throws `aws.*`, among them `aws.conflict` when an endpoint has not settled after {@link settlingLimit}.
 */
export async function deletePart(context: AwsContext, part: Part, signal: AbortSignal | undefined): Promise<void> {
  const pause = { delay: Math.min(1000, context.pollInterval), longest: Math.max(1000, context.pollInterval) };
  const abort = signal === undefined ? {} : { signal };
  const until = Date.now() + settlingLimit;
  for (let refusals = 0; ; refusals++) {
    try {
      await retryTransient(() => undefinedIfAbsent(sendDeletion(context, part, signal)), {
        tolerate: 5,
        passing: isTransient,
        ...pause,
        ...abort,
      });
      return;
    } catch (error) {
      if (!SegmentationError.is(error, "aws.conflict") || refusals >= lateRefusals || Date.now() >= until) throw error;
      if (part.kind === "endpoint" && !(await settles(context, part.name, until - Date.now(), signal))) throw error;
      await sleep(Math.min(pause.longest, pause.delay * 2 ** refusals), signal);
    }
  }
}

/** Waits for an endpoint to settle, also to be gone. False when it takes too long. */
async function settles(
  context: AwsContext,
  name: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await undefinedIfAbsent(settleEndpoint(context, name, { timeout, ...(signal === undefined ? {} : { signal }) }));
    return true;
  } catch (error) {
    if (SegmentationError.is(error, "job.timeout")) return false;
    throw error;
  }
}

async function sendDeletion(
  context: AwsContext,
  { kind, name }: Part,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const client = await context.clients.sagemaker();
  const commands = await import("@aws-sdk/client-sagemaker");
  const call = (options: SendOptions): Promise<unknown> => {
    switch (kind) {
      case "endpoint":
        return client.send(new commands.DeleteEndpointCommand({ EndpointName: name }), options);
      case "endpoint-config":
        return client.send(new commands.DeleteEndpointConfigCommand({ EndpointConfigName: name }), options);
      case "model":
        return client.send(new commands.DeleteModelCommand({ ModelName: name }), options);
    }
  };
  return send(operations[kind], call, signal);
}
