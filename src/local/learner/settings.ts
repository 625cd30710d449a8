import { mergeConfiguration } from "./hyperparameter-values.js";
import type { Configuration } from "./hyperparameter-values.js";
import type { OptimizerName, OptimizerSettings } from "./optimizer.js";

/** When training ends early. */
export interface EarlyStopping {
  /** Epochs that always run. */
  readonly minEpochs: number;
  /** Poor epochs in a row that are tolerated. */
  readonly patience: number;
  /** Relative gain of the mIOU below which an epoch is poor. */
  readonly tolerance: number;
}

/**
 * What the learner takes from the hyperparameters.
 *
 * `algorithm`, `backbone`, `use_pretrained_model`, `crop_size`, `syncbn`, `precision_dtype` and
 * `validation_mini_batch_size` are checked and without effect: there is no such network here.
 */
export interface Settings extends OptimizerSettings {
  readonly classes: number;
  /** For the schedule in the log, as sent. */
  readonly trainingSamples: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly scheduler: "step" | "poly" | "cosine";
  /** Epochs at which the `step` schedule multiplies by `schedulerFactor`. */
  readonly schedulerSteps: readonly number[];
  readonly schedulerFactor: number;
  readonly miniBatch: number;
  readonly earlyStopping: EarlyStopping | undefined;
  /** Longer side at which pictures are looked at, in pixels. */
  readonly longSide: number;
  readonly configuration: Configuration;
}

/** Pictures are not looked at larger than this, whatever `base_size` says: it bounds memory and time. */
const largestLongSide = 400;

/** Reads the hyperparameters; throws a `ClientError` as the container does. */
export function readSettings(sent: Readonly<Record<string, string>>): Settings {
  const configuration = mergeConfiguration(sent);
  const text = (name: string): string => configuration[name] ?? "";
  const number = (name: string): number => Number(text(name));
  const isTrue = (name: string): boolean => text(name).toLowerCase() === "true";
  return {
    classes: number("num_classes"),
    trainingSamples: number("num_training_samples"),
    epochs: number("epochs"),
    learningRate: number("learning_rate"),
    // The validator has let through the listed names only.
    scheduler: text("lr_scheduler") as Settings["scheduler"],
    schedulerSteps: text("lr_scheduler_step").split(",").filter(Boolean).map(Number),
    schedulerFactor: number("lr_scheduler_factor"),
    miniBatch: number("mini_batch_size"),
    optimizer: text("optimizer") as OptimizerName,
    momentum: number("momentum"),
    weightDecay: number("weight_decay"),
    gamma1: number("gamma1"),
    gamma2: number("gamma2"),
    earlyStopping: isTrue("early_stopping")
      ? {
          minEpochs: number("early_stopping_min_epochs"),
          patience: number("early_stopping_patience"),
          tolerance: number("early_stopping_tolerance"),
        }
      : undefined,
    longSide: Math.min(number("base_size"), largestLongSide),
    configuration,
  };
}
