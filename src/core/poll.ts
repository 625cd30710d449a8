import { sleep } from "./abort.js";

/** How often and how long to look at something remote. */
export interface PollOptions {
  /** Milliseconds between two looks. */
  readonly interval: number;
  /** Milliseconds after which `onTimeout` is thrown; default: no limit. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks again and again until `isDone`, yielding every state seen, the last one included.
 * Abort ends the looking with the signal's own reason, never what is looked at.
 */
export async function* poll<State>(
  look: (signal: AbortSignal | undefined) => Promise<State>,
  isDone: (state: State) => boolean,
  { interval, timeout, signal }: PollOptions,
  onTimeout: (waited: number) => Error,
): AsyncGenerator<State, void, void> {
  const began = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const state = await look(signal);
    yield state;
    if (isDone(state)) return;
    const waited = Date.now() - began;
    if (timeout !== undefined && waited + interval > timeout) throw onTimeout(waited);
    await sleep(interval, signal);
  }
}
