import type { TrainingLogFact } from "./metric-lines.js";

/** What the container measured in one epoch. A value is absent until it was printed, and may be `NaN`. */
export interface EpochMetrics {
  /** Counted from 0, as the container does. */
  readonly epoch: number;
  /** Mean loss over the training images. */
  readonly trainLoss?: number;
  /** Training images per second. */
  readonly trainThroughput?: number;
  /** Share of validation pixels with the right class, 0 to 1. */
  readonly pixelAccuracy?: number;
  /** Mean intersection over union on the validation images, 0 to 1. */
  readonly mIoU?: number;
  /** Validation images per second. */
  readonly validationThroughput?: number;
}

/** The metrics of a training job, epoch by epoch. */
export interface TrainingCurve {
  /** In order of the epochs; the last one may be incomplete while the job runs. */
  readonly epochs: readonly EpochMetrics[];
  /**
   * The epoch with the highest mIoU, the earliest of equals: its weights are the ones that an endpoint serves. The
   * job's own final metrics are those of the last epoch.
   */
  readonly best: EpochMetrics | undefined;
  /** Epochs asked for, when the log says so. */
  readonly plannedEpochs: number | undefined;
  /** Hyperparameters that the container worked with, its defaults included, when the log says so. */
  readonly hyperparameters: Readonly<Record<string, string>> | undefined;
  /** GPUs in use, when the log says so. */
  readonly gpus: number | undefined;
  /** Whether the container wrote its last weights: it came to an end by itself. */
  readonly finished: boolean;
  /** Files of the channels that the container could not read as images. */
  readonly unreadableFiles: readonly string[];
}

/** Puts facts of log lines together. */
export interface CurveBuilder {
  /** Takes a fact in; returns the epoch that became complete by it, if one did. */
  add(fact: TrainingLogFact): EpochMetrics | undefined;
  /** Epochs that were never completed and not yet returned by {@link add}; for the end of a log. */
  rest(): readonly EpochMetrics[];
  /** What is known of epochs that are not complete, to go on from in another process. */
  open(): CurveStart;
  curve(): TrainingCurve;
}

/** What a builder can go on from. */
export interface CurveStart {
  /** Epochs that were not complete. */
  readonly epochs: readonly EpochMetrics[];
  readonly plannedEpochs: number | undefined;
}

const measured = ["trainLoss", "trainThroughput", "pixelAccuracy", "mIoU", "validationThroughput"] as const;
type Measured = { -readonly [Key in keyof EpochMetrics]: EpochMetrics[Key] };

/** Starts with nothing known, or where another one was. */
export function curveBuilder(start?: CurveStart): CurveBuilder {
  const epochs = new Map<number, Measured>(start?.epochs.map((epoch) => [epoch.epoch, { ...epoch }]));
  const reported = new Set<number>();
  const unreadableFiles = new Set<string>();
  let plannedEpochs = start?.plannedEpochs;
  let hyperparameters: Readonly<Record<string, string>> | undefined;
  let gpus: number | undefined;
  let finished = false;

  const sorted = (): EpochMetrics[] =>
    [...epochs.values()].sort((a, b) => a.epoch - b.epoch).map((epoch) => ({ ...epoch }));

  return {
    add(fact) {
      switch (fact.kind) {
        case "schedule":
          plannedEpochs = fact.epochs;
          return undefined;
        case "configuration":
          if (fact.which === "final") hyperparameters = fact.values;
          return undefined;
        case "gpus":
          gpus = fact.count;
          return undefined;
        case "saved":
          finished = fact.weights === "last";
          return undefined;
        case "unreadable-image":
          unreadableFiles.add(fact.path);
          return undefined;
        case "quality":
        case "throughput": {
          const epoch = epochs.get(fact.epoch) ?? { epoch: fact.epoch };
          epoch[fact.metric] = fact.value;
          epochs.set(fact.epoch, epoch);
          if (reported.has(fact.epoch) || measured.some((name) => epoch[name] === undefined)) return undefined;
          reported.add(fact.epoch);
          return { ...epoch };
        }
        default:
          return undefined;
      }
    },
    rest() {
      const open = sorted().filter(({ epoch }) => !reported.has(epoch));
      for (const { epoch } of open) reported.add(epoch);
      return open;
    },
    open: () => ({ epochs: sorted().filter(({ epoch }) => !reported.has(epoch)), plannedEpochs }),
    curve: () => ({
      epochs: sorted(),
      best: bestEpoch(sorted()),
      plannedEpochs,
      hyperparameters,
      gpus,
      finished,
      unreadableFiles: [...unreadableFiles],
    }),
  };
}

/** The epoch with the highest mIoU, the earliest of equals; epochs without a number do not count. */
export function bestEpoch(epochs: readonly EpochMetrics[]): EpochMetrics | undefined {
  let best: EpochMetrics | undefined;
  for (const epoch of epochs) if (isBetter(epoch, best)) best = epoch;
  return best;
}

/** Strictly better, as for the container: it writes its best weights only on improvement. */
export function isBetter(epoch: EpochMetrics, best: EpochMetrics | undefined): boolean {
  if (epoch.mIoU === undefined || Number.isNaN(epoch.mIoU)) return false;
  return best?.mIoU === undefined || epoch.mIoU > best.mIoU;
}
