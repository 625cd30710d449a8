import type { AwsContext } from "../aws/context.js";
import type { OwnedKind, OwnershipLedger } from "../aws/ownership.js";
import { isTransient, retryTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";

/** What deleting did. Texts such as `endpoint turtles`, for messages. */
export interface Removal {
  readonly removed: readonly string[];
  readonly remaining: readonly string[];
  /** The first error, when something remains. */
  readonly error: unknown;
}

/** A part in words. */
export function partText({ kind, name }: { readonly kind: OwnedKind; readonly name: string }): string {
  return `${kind === "endpoint-config" ? "endpoint configuration" : kind} ${name}`;
}

/**
 * Deletes what the ledger holds: endpoint, configuration, model, in this order, as AWS advises. What is gone already
 * counts as removed. Never throws: what remains is told, and stays on the ledger so that it can be tried again.
 */
export async function removeParts(
  context: AwsContext,
  ledger: OwnershipLedger,
  signal?: AbortSignal,
): Promise<Removal> {
  const removed: string[] = [];
  for (const part of [...ledger.list()].reverse()) {
    try {
      await retryTransient(() => remove(context, part.kind, part.name, signal), {
        tolerate: 5,
        delay: Math.min(1000, context.pollInterval),
        longest: Math.max(1000, context.pollInterval),
        // An endpoint that is being made or changed cannot be deleted yet.
        passing: (error) => isTransient(error) || SegmentationError.is(error, "aws.conflict"),
        ...(signal === undefined ? {} : { signal }),
      });
      ledger.release(part.kind, part.name);
      removed.push(partText(part));
    } catch (error) {
      // What an endpoint needs must not be taken away under it: the rest stays, too.
      return { removed, remaining: [...ledger.list()].reverse().map(partText), error };
    }
  }
  return { removed, remaining: [], error: undefined };
}

async function remove(
  context: AwsContext,
  kind: OwnedKind,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const client = await context.clients.sagemaker();
  const { DeleteEndpointCommand, DeleteEndpointConfigCommand, DeleteModelCommand } =
    await import("@aws-sdk/client-sagemaker");
  try {
    switch (kind) {
      case "endpoint":
        await send(
          "DeleteEndpoint",
          (options) => client.send(new DeleteEndpointCommand({ EndpointName: name }), options),
          signal,
        );
        return;
      case "endpoint-config":
        await send(
          "DeleteEndpointConfig",
          (options) => client.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }), options),
          signal,
        );
        return;
      case "model":
        await send(
          "DeleteModel",
          (options) => client.send(new DeleteModelCommand({ ModelName: name }), options),
          signal,
        );
        return;
    }
  } catch (error) {
    if (!SegmentationError.is(error, "aws.not-found")) throw error;
  }
}
