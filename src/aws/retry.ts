import { sleep } from "../core/abort.js";
import { SegmentationError } from "../core/errors.js";

/** How patient {@link retryTransient} is. */
export interface RetryOptions {
  /** Failures in a row that are tolerated; default 8. */
  readonly tolerate?: number;
  /** Milliseconds before the first repetition, doubled each time; default 1,000. */
  readonly delay?: number;
  /** Longest pause in milliseconds; default 30,000. */
  readonly longest?: number;
  /** Which errors may pass; default: errors of AWS calls whose `details.retryable` is true. */
  readonly passing?: (error: unknown) => boolean;
  readonly signal?: AbortSignal;
}

/** Whether an error of an AWS call may pass by itself: throttling, connection trouble, failures on AWS's side. */
export function isTransient(error: unknown): boolean {
  return SegmentationError.is(error, "aws") && error.details.retryable;
}

/**
 * Repeats `work` while it fails in a way that may pass.
 *
 * Pollers need this beside the client's own three attempts: the client's retry quota runs dry after some 16 failing
 * calls, and then every hiccup would end an hour of waiting.
 */
export async function retryTransient<Result>(work: () => Promise<Result>, options: RetryOptions = {}): Promise<Result> {
  const { tolerate = 8, delay = 1000, longest = 30_000, passing = isTransient, signal } = options;
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (failures >= tolerate || !passing(error)) throw error;
      await sleep(Math.min(longest, delay * 2 ** failures), signal);
    }
  }
}
