import type { JobHandle, WatchOptions } from "../aws/job-handle.js";
import { sleep } from "../core/abort.js";
import { SegmentationError } from "../core/errors.js";
import type { LogReader } from "./log-reader.js";
import { logEvents, statusEvents } from "./training-events.js";
import type { TrainingEvent } from "./training-events.js";
import { trainingPhase } from "./training-state.js";
import type { TrainingJobState } from "./training-state.js";

/** Options of watching a training job. */
export interface TrainingWatchOptions extends WatchOptions {
  /** Whether every line of the container's log is an event, too; default `false`. */
  readonly logs?: boolean;
  /** Whether to read the log for epochs and metrics; default `true`. Without, only the job itself is looked at. */
  readonly metrics?: boolean;
}

/** Lines still arrive after the status says that the job has ended; the Python SDK waits as long. */
const lateLinesWait = 10_000;

/** Watches a job and its log together, as one sequence of events. */
export async function* watchTraining(
  handle: JobHandle<TrainingJobState, unknown>,
  reader: LogReader,
  sessionInterval: number,
  { logs = false, metrics = true, ...watching }: TrainingWatchOptions,
): AsyncGenerator<TrainingEvent, void, void> {
  const { signal, pollInterval = sessionInterval } = watching;
  const status = statusEvents();
  const fromLog = logEvents(logs);
  let reading = logs || metrics;

  async function* newLines(): AsyncGenerator<TrainingEvent, void, void> {
    if (!reading) return;
    try {
      for await (const line of reader.read(signal)) yield* fromLog.of(line);
    } catch (error) {
      // Many roles may not read logs, and some networks do not reach them. Who asked for them gets the error; the others
      // can do without, and trouble that concerns the job as well turns up at the next look at it.
      if (logs || !SegmentationError.is(error, "aws")) throw error;
      reading = false;
      yield { type: "logs-unavailable", reason: error.message };
    }
  }

  let last: TrainingEvent | undefined;
  let endedAt: Date | undefined;
  for await (const state of handle.watch(watching)) {
    const events = [...status(state)];
    // The end is told last, after the lines that led to it.
    if (trainingPhase(state) !== "running") last = events.pop();
    yield* events;
    yield* newLines();
    endedAt = state.raw.TrainingEndTime;
  }
  if (reading) {
    const longAgo = endedAt !== undefined && Date.now() - endedAt.getTime() > 60_000;
    if (!longAgo) await sleep(Math.min(pollInterval, lateLinesWait), signal);
    yield* newLines();
    yield* fromLog.rest();
  }
  if (last !== undefined) yield last;
}
