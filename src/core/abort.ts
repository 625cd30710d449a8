import { setTimeout as delay } from "node:timers/promises";

/** Throws the signal's own reason when it is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  signal?.throwIfAborted();
}

/** Resolves after `ms` milliseconds; rejects with the signal's own reason on abort. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node wraps the reason into an AbortError of its own; callers get what they put into the signal.
    signal?.throwIfAborted();
    throw error;
  }
}
