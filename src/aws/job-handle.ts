import { SegmentationError } from "../core/errors.js";
import { poll } from "../core/poll.js";
import { type ProgressReporter, type WorkOptions, progressReporter } from "../core/progress.js";
import { isTransient, retryTransient } from "./retry.js";

/** Where a job stands, as far as waiting for it is concerned. */
export type JobPhase = "running" | "completed" | "failed" | "stopped";

/** Options of one call to AWS. */
export interface CallOptions {
  /** Ends our waiting with the signal's own reason; what runs on AWS goes on. */
  readonly signal?: AbortSignal;
}

/** Options of watching a job. */
export interface WatchOptions extends CallOptions {
  /** Milliseconds between two looks, 0 to 2,147,483,647; default: the session's `pollInterval` (30,000). */
  readonly pollInterval?: number;
  /** Milliseconds after which `job.timeout` is thrown, 0 or more; the job goes on. Default: no limit. */
  readonly timeout?: number;
}

/** Options of waiting for a job. */
export interface WaitOptions extends WatchOptions, WorkOptions {}

/**
 * A handle on long work on AWS. It holds a name and no connection: it can be made again from the name, in another
 * process, without any call.
 *
 * `State` is what `describe` gives, `Result` what `wait` resolves with.
 */
export interface JobHandle<State, Result> {
  /** The job's name. */
  readonly name: string;
  /** Where the job stands now. Throws `aws.not-found` when there is no such job. */
  describe(options?: CallOptions): Promise<State>;
  /**
   * Yields the job's state each time it changed, and ends after the last one, also when the job failed.
   * Throttling, connection trouble and failures of AWS are waited out. Throws `job.timeout` and `aws.*`.
   */
  watch(options?: WatchOptions): AsyncIterable<State>;
  /**
   * Waits for the end and gives the result.
   *
   * @throws `job.failed` with AWS's reason, `job.stopped` when somebody stopped it, `job.timeout`, `aws.*`.
   */
  wait(options?: WaitOptions): Promise<Result>;
  /** Asks AWS to stop the job; nothing happens when it has ended. Watch it to see the end. */
  stop(options?: CallOptions): Promise<void>;
}

/** What {@link createJobHandle} needs to know of one kind of job. */
export interface JobKind<State, Result> {
  /** For messages, e.g. `"training job"`. */
  readonly kind: string;
  readonly name: string;
  /** The session's interval between two looks, in milliseconds. */
  readonly pollInterval: number;
  /** One look, through the send door. */
  describe(signal: AbortSignal | undefined): Promise<State>;
  /** One request to stop, through the send door. */
  stop(signal: AbortSignal | undefined): Promise<void>;
  /** AWS's own word, e.g. `"InProgress"`. */
  status(state: State): string;
  phase(state: State): JobPhase;
  /** AWS's reason of a failure or stop. */
  reason(state: State): string | undefined;
  /** What to do about that reason, where we know. */
  hint?(reason: string): string | undefined;
  /** Makes the result of a completed job. */
  outcome(state: State, signal: AbortSignal | undefined): Promise<Result>;
  /** Two states with the same text are one to a watcher; default: every look is yielded. */
  fingerprint?(state: State): string;
  /** What a progress bar shows; default: the status. */
  progress?: {
    readonly unit: string;
    of(state: State): { readonly done: number; readonly total?: number; readonly detail?: string };
  };
}

/** Makes a handle from the functions of one kind of job. Does no I/O. */
export function createJobHandle<State, Result>(job: JobKind<State, Result>): JobHandle<State, Result> {
  const { kind, name } = job;

  async function* looks(options: WatchOptions): AsyncGenerator<State, void, void> {
    const { signal, timeout } = options;
    const interval = options.pollInterval ?? job.pollInterval;
    const look = (): Promise<State> =>
      retryTransient(() => job.describe(signal), {
        delay: Math.min(1000, interval),
        longest: Math.max(1000, interval),
        ...(signal === undefined ? {} : { signal }),
      });
    const pace = {
      interval,
      ...(timeout === undefined ? {} : { timeout }),
      ...(signal === undefined ? {} : { signal }),
    };
    yield* poll(
      look,
      (state) => job.phase(state) !== "running",
      pace,
      (waited) =>
        new SegmentationError(
          "job.timeout",
          `The ${kind} "${name}" had not ended after ${waited} ms of waiting. It goes on; wait for it again by its name.`,
          { kind, job: name, waited },
        ),
    );
  }

  async function* watch(options: WatchOptions = {}): AsyncGenerator<State, void, void> {
    let shown: string | undefined;
    for await (const state of looks(options)) {
      const print = job.fingerprint?.(state);
      if (print !== undefined && print === shown) continue;
      shown = print;
      yield state;
    }
  }

  async function wait(options: WaitOptions = {}): Promise<Result> {
    const reporter = progressReporter(options.progress, `${kind} ${name}`, job.progress?.unit ?? "looks");
    let last: State | undefined;
    let count = 0;
    try {
      for await (const state of looks(options)) {
        last = state;
        report(reporter, job, state, ++count);
      }
    } finally {
      reporter.end();
    }
    // `poll` yields at least once before it ends.
    const state = last as State;
    assertCompleted(job, state);
    return job.outcome(state, options.signal);
  }

  async function stop({ signal }: CallOptions = {}): Promise<void> {
    try {
      await job.stop(signal);
    } catch (error) {
      // AWS refuses to stop what has ended ("The request was rejected because the training job is in status ...").
      if (!SegmentationError.is(error, "aws") || isTransient(error) || error.code === "aws.not-found") throw error;
      const state = await job.describe(signal).catch(() => undefined);
      signal?.throwIfAborted();
      if (state === undefined || job.phase(state) === "running") throw error;
    }
  }

  return { name, describe: ({ signal } = {}) => job.describe(signal), watch, wait, stop };
}

/** Throws `job.failed` or `job.stopped` unless the job completed. */
export function assertCompleted<State>(job: JobKind<State, unknown>, state: State): void {
  const phase = job.phase(state);
  if (phase === "completed") return;
  const status = job.status(state);
  const reason = job.reason(state);
  if (phase === "stopped") {
    throw new SegmentationError(
      "job.stopped",
      `The ${job.kind} "${job.name}" was stopped${reason === undefined ? "." : `: ${reason}`}`,
      { kind: job.kind, job: job.name, status, ...(reason === undefined ? {} : { reason }) },
    );
  }
  const why = reason ?? "AWS gave no reason";
  const hint = job.hint?.(why);
  throw new SegmentationError(
    "job.failed",
    `The ${job.kind} "${job.name}" failed: ${why}${hint === undefined ? "" : `\n${hint}`}`,
    { kind: job.kind, job: job.name, status, reason: why, ...(hint === undefined ? {} : { hint }) },
  );
}

function report<State>(reporter: ProgressReporter, job: JobKind<State, unknown>, state: State, count: number): void {
  const { done, total, detail } = job.progress?.of(state) ?? { done: count };
  reporter.report(done, total, detail ?? job.status(state));
}
