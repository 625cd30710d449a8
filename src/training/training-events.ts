import type { CurveStart, EpochMetrics } from "./curve.js";
import { curveBuilder } from "./curve.js";
import type { LogLine } from "./log-reader.js";
import { readLogLine } from "./metric-lines.js";
import type { TrainingJobState } from "./training-state.js";

/** One event in the life of a training job; `type` tells which. */
export type TrainingEvent =
  /** The job came to another step. */
  | {
      /** The job came to another step. */
      readonly type: "status";
      /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
      readonly status: string;
      /** `Starting`, `Downloading`, `Training`, `Uploading`, ... */
      readonly secondaryStatus: string;
      /** AWS's words for people about the step; they change, and may be empty. */
      readonly message: string;
      /** When the step began, `undefined` while AWS does not tell. */
      readonly at: Date | undefined;
      /** AWS's reason when the job failed. */
      readonly reason: string | undefined;
    }
  /** The learning rate and speed within an epoch; validation has no learning rate. */
  | {
      /** Some iterations of an epoch are done. */
      readonly type: "iterations";
      /** The epoch, from 0, as the container counts. */
      readonly epoch: number;
      /** Iterations (batches) that are done in it. */
      readonly iterations: number;
      /** Images per second. */
      readonly samplesPerSecond: number;
      /** The learning rate of these iterations; missing in validation. */
      readonly learningRate?: number;
    }
  /** An epoch was trained and scored. */
  | ({
      /** An epoch has ended. */
      readonly type: "epoch";
      /** Number of epochs planned, `undefined` when the log has not told. */
      readonly epochs: number | undefined;
    } & EpochMetrics)
  /** One line of the container's log; only with `logs: true`. */
  | {
      /** The container wrote a line. */
      readonly type: "log";
      /** The line as it was written, without its end. */
      readonly line: string;
      /** When it was written, as CloudWatch Logs has it. */
      readonly timestamp: Date;
    }
  /** Metrics and log lines cannot be read, for this reason; the job is watched without them. */
  | {
      /** The log cannot be read. */
      readonly type: "logs-unavailable";
      /** Why not, in words. */
      readonly reason: string;
    };

/** How much of a job's steps was told. */
export interface StatusPosition {
  /** Steps that were told. */
  readonly steps: number;
  /** Status and words of the last look. */
  readonly print: string | undefined;
}

/** An event, and where one stands after it. */
export interface PlacedStatus {
  readonly event: TrainingEvent;
  readonly after: StatusPosition;
}

/** Turns a look at a job into the events that are new, each step once. */
export function statusEvents(state: TrainingJobState, { steps, print }: StatusPosition): readonly PlacedStatus[] {
  const common = { type: "status", status: state.status, reason: state.failureReason } as const;
  // The list of steps may lag behind the status, and the words of the last step change while it lasts.
  const newest = state.transitions.at(-1);
  const nowPrint = `${state.status} ${state.secondaryStatus} ${newest?.message ?? ""}`;
  const events = state.transitions.slice(steps).map((step, index) => ({
    event: { ...common, secondaryStatus: step.status, message: step.message, at: step.startedAt },
    after: { steps: steps + index + 1, print: nowPrint },
  }));
  if (events.length > 0 || nowPrint === print) return events;
  const { secondaryStatus } = state;
  const event = { ...common, secondaryStatus, message: newest?.message ?? "", at: newest?.startedAt };
  return [{ event, after: { steps, print: nowPrint } }];
}

/** Turns log lines into events. */
export interface LogEvents {
  of(line: LogLine): readonly TrainingEvent[];
  /** Epochs that began and were never finished. */
  rest(): readonly TrainingEvent[];
  /** Where to go on from. */
  open(): CurveStart;
}

/** Epochs are told once, when all their values are there; `lines` adds every line itself. */
export function logEvents(lines: boolean, start?: CurveStart): LogEvents {
  const builder = curveBuilder(start);
  const epochEvent = (epoch: EpochMetrics): TrainingEvent => ({
    type: "epoch",
    epochs: builder.open().plannedEpochs,
    ...epoch,
  });
  return {
    of({ line, timestamp }) {
      const events: TrainingEvent[] = lines ? [{ type: "log", line, timestamp }] : [];
      const fact = readLogLine(line);
      if (fact === undefined) return events;
      if (fact.kind === "iterations") {
        const { epoch, iterations, samplesPerSecond, learningRate } = fact;
        const rate = learningRate === undefined ? {} : { learningRate };
        events.push({ type: "iterations", epoch, iterations, samplesPerSecond, ...rate });
      }
      const complete = builder.add(fact);
      if (complete !== undefined) events.push(epochEvent(complete));
      return events;
    },
    rest: () => builder.rest().map(epochEvent),
    open: () => builder.open(),
  };
}
