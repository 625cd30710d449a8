import { closestName } from "../core/closest-name.js";
import { SegmentationError } from "../core/errors.js";
import { hyperparameterTable } from "../facts/hyperparameter-table.js";
import type { HyperparameterFact, HyperparameterName } from "../facts/hyperparameter-table.js";
import { wireValue } from "./wire-value.js";

/**
 * The hyperparameters of the algorithm, under its own names: what the console, the guide and the logs show.
 *
 * Numbers, booleans and texts as TypeScript has them; they are written for the wire by this package. Ranges and defaults
 * are those of the guide's hyperparameter page. `num_classes` and `num_training_samples` follow from a dataset.
 */
export type Hyperparameters = {
  /** Encoder network; default `resnet-50`. */
  readonly backbone?: "resnet-50" | "resnet-101";
  /** Whether the encoder starts from ImageNet weights; default true. The decoder always starts untrained. */
  readonly use_pretrained_model?: boolean;
  /** Decoder: FCN, PSP or DeepLabV3; default `fcn`. */
  readonly algorithm?: "fcn" | "psp" | "deeplab";
  /** Number of classes, 2 to 254; required, and given by a dataset or class table. */
  readonly num_classes?: number;
  /** Number of training images, from 1; required, and given by a dataset. */
  readonly num_training_samples?: number;
  /** Length in pixels that images are scaled towards before they are cropped, above 16; default 520. */
  readonly base_size?: number;
  /** Side of the square training crops in pixels, above 16; default 240. The algorithm rounds it up to a multiple of 8. */
  readonly crop_size?: number;
  /** Whether training ends when the validation mIOU no longer grows; default false. */
  readonly early_stopping?: boolean;
  /** Epochs that run in any case; default 5. Acts with `early_stopping` only. */
  readonly early_stopping_min_epochs?: number;
  /** Epochs without gain that are tolerated; default 4. Acts with `early_stopping` only. */
  readonly early_stopping_patience?: number;
  /** Relative gain of mIOU below which an epoch has none, 0 to 1; default 0. Acts with `early_stopping` only. */
  readonly early_stopping_tolerance?: number;
  /** Passes over the training images, from 1; default 10. */
  readonly epochs?: number;
  /** Decay of the average of squared gradients, 0 to 1; default 0.9. Acts with the optimizer `rmsprop` only. */
  readonly gamma1?: number;
  /** Momentum, 0 to 1; default 0.9. Acts with the optimizer `rmsprop` only. */
  readonly gamma2?: number;
  /** Learning rate at the start, above 0 and at most 1; default 0.001. */
  readonly learning_rate?: number;
  /** How the learning rate falls; default `poly`. `step` needs `lr_scheduler_step`. */
  readonly lr_scheduler?: "step" | "poly" | "cosine";
  /** What the learning rate is multiplied by at each step, 0 to 1; default 0.1. Acts with `lr_scheduler` `step` only. */
  readonly lr_scheduler_factor?: number;
  /** Epochs at which the learning rate falls, in rising order: `[10, 20]` or `"10, 20"`; for `lr_scheduler` `step` only. */
  readonly lr_scheduler_step?: string | readonly number[];
  /** Images in a training batch, over all GPUs, from 1; default 16. */
  readonly mini_batch_size?: number;
  /** Momentum, above 0 and at most 1; default 0.9. Acts with the optimizer `sgd` only. */
  readonly momentum?: number;
  /** Optimizer; default `sgd`. */
  readonly optimizer?: "adam" | "adagrad" | "nag" | "rmsprop" | "sgd";
  /** Whether batch normalization takes its statistics over all GPUs; default false. */
  readonly syncbn?: boolean;
  /** Images in a validation batch, from 1; default 16. With 1, whole images are scored, else crops of `crop_size`. */
  readonly validation_mini_batch_size?: number;
  /** Weight decay, above 0 and below 1; default 0.0001. Acts with the optimizer `sgd` only. */
  readonly weight_decay?: number;
  /** Number format of the training. Not documented for this algorithm, only seen in logs. */
  readonly precision_dtype?: "float32";
};

/** Hyperparameters as a request holds them, texts by name. */
export type WireHyperparameters = Readonly<Record<string, string>>;

/** One thing that is wrong with a set of hyperparameters. */
export interface HyperparameterProblem {
  readonly parameter: string;
  readonly value?: unknown;
  /** What would be right. */
  readonly expected: string;
}

// Names of other frameworks and of sibling algorithms that users wrote where these were meant.
const otherNames: Readonly<Record<string, HyperparameterName>> = {
  model: "backbone",
  network: "backbone",
  encoder: "backbone",
  decoder: "algorithm",
  lr: "learning_rate",
  batch_size: "mini_batch_size",
  num_epochs: "epochs",
  pretrained: "use_pretrained_model",
  image_shape: "base_size",
};

const names = Object.keys(hyperparameterTable);

/**
 * Checks hyperparameters and writes them for the wire, in the order given.
 *
 * Values in wire form (`"10"`, `"True"`, `"0.90"`) are taken too, so that what DescribeTrainingJob returns can be sent again.
 *
 * @param further - Looks for problems of the whole set, once each value is in wire form.
 *
 * @throws `hyperparameter.invalid` with all problems in `details.problems`, the first one in `details` itself.
 */
export function compileHyperparameters(
  values: Readonly<Record<string, unknown>>,
  further: (wire: WireHyperparameters) => readonly HyperparameterProblem[] = () => [],
): WireHyperparameters {
  const wire = new Map<string, string>();
  const problems: HyperparameterProblem[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const fact = factOf(name);
    if (fact === undefined) {
      problems.push({ parameter: name, value, expected: unknownNameHint(name) });
      continue;
    }
    const result = wireValue(fact, value);
    if ("wire" in result) wire.set(name, result.wire);
    else problems.push({ parameter: name, value, expected: result.expected + valueHint(fact, value) });
  }
  for (const [name, fact] of Object.entries<HyperparameterFact>(hyperparameterTable)) {
    if (wire.has(name) || problems.some(({ parameter }) => parameter === name)) continue;
    if (fact.required === true) problems.push({ parameter: name, expected: "a value: it is required" });
    const [other, value] = fact.requiredWhen ?? [];
    if (other !== undefined && wire.get(other) === value) {
      problems.push({ parameter: name, expected: `a value: it is required when ${other} is "${value ?? ""}"` });
    }
  }
  const compiled = Object.fromEntries(wire);
  problems.push(...further(compiled));
  if (problems.length > 0) throw invalid(problems);
  return compiled;
}

/** Throws `hyperparameter.invalid` for names that the algorithm does not know, all of them, with what may be meant. */
export function checkHyperparameterNames(values: Readonly<Record<string, unknown>>): void {
  const problems = Object.entries(values)
    .filter(([name, value]) => value !== undefined && factOf(name) === undefined)
    .map(([name, value]) => ({ parameter: name, value, expected: unknownNameHint(name) }));
  if (problems.length > 0) throw invalid(problems);
}

/** The fact of a hyperparameter, `undefined` for an unknown name (`__proto__` and the like included). */
export function factOf(name: string): HyperparameterFact | undefined {
  return Object.hasOwn(hyperparameterTable, name) ? hyperparameterTable[name as HyperparameterName] : undefined;
}

function unknownNameHint(name: string): string {
  const near = Object.hasOwn(otherNames, name) ? otherNames[name] : closestName(name, names);
  return near === undefined
    ? `one of the algorithm's hyperparameters: ${names.join(", ")}`
    : `a hyperparameter of the algorithm: did you mean "${near}"?`;
}

function valueHint(fact: HyperparameterFact, value: unknown): string {
  const near = typeof value === "string" ? closestName(value, fact.values ?? []) : undefined;
  return near === undefined ? "" : `: did you mean "${near}"?`;
}

function invalid(problems: readonly HyperparameterProblem[]): SegmentationError {
  const [first] = problems as [HyperparameterProblem, ...HyperparameterProblem[]];
  const sentences = problems.map(({ parameter, value, expected }) => {
    if (factOf(parameter) === undefined) return `Unknown hyperparameter "${parameter}": expected ${expected}`;
    return value === undefined
      ? `Hyperparameter ${parameter} is missing: expected ${expected}`
      : `Hyperparameter ${parameter} is ${show(value)}: expected ${expected}`;
  });
  const message = sentences.map((sentence) => sentence.replace(/([^?])$/, "$1.")).join(" ");
  return new SegmentationError("hyperparameter.invalid", message, { ...first, problems });
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  const text = typeof value === "string" ? `"${value}"` : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
