import type { AwsContext } from "../aws/context.js";
import type { JobHandle, WatchOptions } from "../aws/job-handle.js";
import { sleep } from "../core/abort.js";
import { SegmentationError } from "../core/errors.js";
import { trainingLogReader } from "./log-reader.js";
import type { LogLine, LogPosition } from "./log-reader.js";
import { logEvents, statusEvents } from "./training-events.js";
import type { StatusPosition, TrainingEvent } from "./training-events.js";
import { trainingPhase } from "./training-state.js";
import type { TrainingJobState } from "./training-state.js";
import { decodeToken, encodeToken } from "./watch-token.js";

/** Options of watching a training job. */
export interface TrainingWatchOptions extends WatchOptions {
  /** Whether every line of the container's log is an event, too; default `false`. */
  readonly logs?: boolean;
  /** Whether to read the log for epochs and metrics; default `true`. Without, only the job itself is looked at. */
  readonly metrics?: boolean;
  /**
   * The {@link TrainingWatch.token} of an earlier watching of this job, perhaps in another process: only what came after
   * it is told. Default: from the beginning.
   */
  readonly from?: string;
}

/** The events of a training job, once over. */
export interface TrainingWatch extends AsyncIterable<TrainingEvent> {
  /**
   * Where the watching stands: after the event that was given last. It is a text to keep; `watch({ from: token })` goes
   * on from there in any process, also days later.
   */
  readonly token: string;
}

/** Lines still arrive after the status says that the job has ended; the Python SDK waits as long. */
const lateLinesWait = 10_000;

/** Watches a job and its log together, as one sequence of events. Throws `input.invalid` for a token of another job. */
export function watchTraining(
  context: AwsContext,
  handle: JobHandle<TrainingJobState, unknown>,
  { logs = false, metrics = true, from, ...watching }: TrainingWatchOptions,
): TrainingWatch {
  const { signal, pollInterval = context.pollInterval } = watching;
  const start = from === undefined ? undefined : decodeToken(from, handle.name);
  const positions = new Map<string, LogPosition>(start?.logs);
  const reader = trainingLogReader(context, handle.name, new Map(positions));
  const fromLog = logEvents(logs, start?.curve);
  let reading = logs || metrics;
  let status: StatusPosition = start?.status ?? { steps: 0, print: undefined };
  // Between the events of one line: what was known before it, and how many were told.
  let within = start?.part === undefined ? undefined : { curve: start.curve, part: start.part };

  function* eventsOf(found: LogLine): Generator<TrainingEvent, void, void> {
    const curve = fromLog.open();
    const { stream } = found;
    const events = fromLog.of(found);
    const told = within?.part.stream === stream ? within.part.events : 0;
    if (told >= events.length) pass(found);
    for (const [index, event] of events.entries()) {
      if (index < told) continue;
      if (index === events.length - 1) pass(found);
      else within = { curve, part: { stream, events: index + 1 } };
      yield event;
    }
  }

  function pass({ stream, timestamp }: LogLine): void {
    within = undefined;
    const [at, last] = [timestamp.getTime(), positions.get(stream)];
    if (last === undefined || at > last.at) positions.set(stream, { at, count: 1 });
    else if (at === last.at) positions.set(stream, { at, count: last.count + 1 });
  }

  async function* newLines(toEnd: boolean, lookForStreams: boolean): AsyncGenerator<TrainingEvent, void, void> {
    if (!reading) return;
    try {
      for await (const found of reader.read({ signal, toEnd, lookForStreams })) yield* eventsOf(found);
    } catch (error) {
      // Many roles may not read logs, and some networks do not reach them. Who asked for them gets the error; the others
      // can do without, and trouble that concerns the job as well turns up at the next look at it.
      if (logs || !SegmentationError.is(error, "aws")) throw error;
      reading = false;
      yield { type: "logs-unavailable", reason: error.message };
    }
  }

  async function* events(): AsyncGenerator<TrainingEvent, void, void> {
    let endedAt: Date | undefined;
    let last: ReturnType<typeof statusEvents>[number] | undefined;
    for await (const state of handle.watch(watching)) {
      const ended = trainingPhase(state) !== "running";
      const steps = [...statusEvents(state, status)];
      // The end is told last, after the lines that led to it.
      if (ended) last = steps.pop();
      for (const { event, after } of steps) {
        status = after;
        yield event;
      }
      // A new stream comes with a new instance, and that with a new step.
      yield* newLines(ended, steps.length > 0 || ended);
      endedAt = state.raw.TrainingEndTime;
    }
    if (reading) {
      const longAgo = endedAt !== undefined && Date.now() - endedAt.getTime() > 60_000;
      if (!longAgo) await sleep(Math.min(pollInterval, lateLinesWait), signal);
      yield* newLines(true, true);
      // Told once: to go on after this is to go on after the end.
      yield* fromLog.rest();
    }
    if (last === undefined) return;
    status = last.after;
    yield last.event;
  }

  const iterator = events();
  return {
    [Symbol.asyncIterator]: () => iterator,
    get token() {
      const curve = within?.curve ?? fromLog.open();
      return encodeToken({ job: handle.name, status, logs: positions, curve, part: within?.part });
    },
  };
}
