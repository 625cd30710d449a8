import { sleep } from "./abort.js";
import { SegmentationError } from "./errors.js";

/** How often and how long to look at something remote. */
export interface PollOptions {
  /** Milliseconds between two looks, 0 to 2,147,483,647. */
  readonly interval: number;
  /** Milliseconds after which `onTimeout` is thrown, 0 or more; default: no limit. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Node's timers fire at once when they are set to more. */
const longestTimer = 2 ** 31 - 1;

/**
 * Looks again and again until `isDone`, yielding every state seen, the last one included. The last look before the
 * time-out is at its end, also when the interval is longer.
 *
 * Abort ends the looking with the signal's own reason, never what is looked at.
 *
 * @throws `input.invalid` before the first look when interval or time-out is out of range.
 */
export async function* poll<State>(
  look: (signal: AbortSignal | undefined) => Promise<State>,
  isDone: (state: State) => boolean,
  { interval, timeout = Infinity, signal }: PollOptions,
  onTimeout: (waited: number) => Error,
): AsyncGenerator<State, void, void> {
  if (!(interval >= 0 && interval <= longestTimer))
    throw invalid("pollInterval", interval, `milliseconds, 0 to ${longestTimer}`);
  if (!(timeout >= 0)) throw invalid("timeout", timeout, "milliseconds, 0 or more");
  const began = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const state = await look(signal);
    yield state;
    if (isDone(state)) return;
    const waited = Date.now() - began;
    if (waited >= timeout) throw onTimeout(waited);
    await sleep(Math.min(interval, timeout - waited), signal);
  }
}

function invalid(parameter: string, value: number, expected: string): SegmentationError<"input.invalid"> {
  return new SegmentationError("input.invalid", `${parameter} is ${value}. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
