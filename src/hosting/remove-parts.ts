import type { AwsContext } from "../aws/context.js";
import type { OwnershipLedger } from "../aws/ownership.js";
import { deletePart } from "./delete-part.js";
import type { Part } from "./delete-part.js";

/** What deleting did. Texts such as `endpoint turtles`, for messages. */
export interface Removal {
  readonly removed: readonly string[];
  readonly remaining: readonly string[];
  /** The first error, when something remains. */
  readonly error: unknown;
}

/** A part in words. */
export function partText({ kind, name }: Part): string {
  return `${kind === "endpoint-config" ? "endpoint configuration" : kind} ${name}`;
}

/**
 * Deletes what the ledger holds: endpoint, configuration, model, in this order, as AWS advises. An endpoint that is
 * being made or changed is waited for, up to an hour. What is gone already counts as removed. Never throws: what remains
 * is told, and stays on the ledger so that it can be tried again.
 */
export async function removeParts(
  context: AwsContext,
  ledger: OwnershipLedger,
  signal?: AbortSignal,
): Promise<Removal> {
  const removed: string[] = [];
  for (const part of [...ledger.list()].reverse()) {
    try {
      await deletePart(context, part, signal);
      ledger.release(part.kind, part.name);
      removed.push(partText(part));
    } catch (error) {
      // What an endpoint needs must not be taken away under it: the rest stays, too.
      return { removed, remaining: [...ledger.list()].reverse().map(partText), error };
    }
  }
  return { removed, remaining: [], error: undefined };
}
