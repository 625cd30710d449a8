import { hyperparameterTable } from "../facts/hyperparameter-table.js";
import type { HyperparameterFact } from "../facts/hyperparameter-table.js";
import { factOf } from "./hyperparameters.js";
import type { WireHyperparameters } from "./hyperparameters.js";
import { readEpochs } from "./wire-value.js";

/** Something that the service accepts and that is probably not meant. */
export interface TrainingWarning {
  /** The hyperparameter or request member that it is about. */
  readonly parameter: string;
  /** What is odd about it, in a sentence for people. */
  readonly message: string;
}

/** What is known besides the hyperparameters. */
export interface TrainingCircumstances {
  /** GPUs of the instance, when known. */
  readonly gpus?: number;
  /** Images in the train channel, when known. */
  readonly trainingImages?: number;
  /** Whether the job continues from an earlier artifact (channel `model`). */
  readonly continued?: boolean;
}

// Algorithm page, incremental training: these must equal those of the earlier job.
const fixedByEarlierJob = ["backbone", "algorithm", "crop_size", "num_classes"];

/** Looks for values that are allowed and probably not meant; `wire` has passed the checks. */
export function hyperparameterAdvice(
  wire: WireHyperparameters,
  { gpus, trainingImages, continued }: TrainingCircumstances = {},
): readonly TrainingWarning[] {
  const found: TrainingWarning[] = [];
  const warn = (parameter: string, message: string): void => void found.push({ parameter, message });
  const number = (name: keyof typeof hyperparameterTable): number => Number(settled(wire, name));

  for (const name of Object.keys(wire)) {
    const fact = factOf(name);
    const [other, value] = fact?.ignoredUnless ?? [];
    if (other !== undefined && settled(wire, other) !== value) {
      warn(name, `${name} has no effect: it only acts when ${other} is "${value ?? ""}".`);
    }
    if (fact?.documented === false) {
      warn(name, `${name} is not documented for this algorithm; it was only seen in the container's logs.`);
    }
  }

  const samples = number("num_training_samples");
  const batch = number("mini_batch_size");
  if (samples < batch) {
    warn(
      "mini_batch_size",
      `No whole batch fits: ${samples} training samples in batches of ${batch} give 0 iterations per epoch.`,
    );
  }
  if (trainingImages !== undefined && samples !== trainingImages) {
    warn(
      "num_training_samples",
      `The train channel has ${trainingImages} images, num_training_samples says ${samples}.`,
    );
  }
  if (gpus !== undefined && gpus > 1 && (batch < gpus || batch % gpus !== 0)) {
    warn("mini_batch_size", `A batch of ${batch} does not divide evenly among ${gpus} GPUs.`);
  }
  if (settled(wire, "early_stopping") === "True" && number("early_stopping_min_epochs") > number("epochs")) {
    warn(
      "early_stopping_min_epochs",
      "Training ends before early stopping may act: early_stopping_min_epochs is above epochs.",
    );
  }
  if (settled(wire, "algorithm") !== "fcn" && wire["validation_mini_batch_size"] === "1") {
    warn(
      "validation_mini_batch_size",
      "With 1, whole images are scored, and psp and deeplab were reported to fail when those differ in size from the crop.",
    );
  }
  const steps = wire["lr_scheduler_step"];
  if (steps !== undefined && settled(wire, "lr_scheduler") === "step") {
    const late = readEpochs(steps).filter((epoch) => epoch >= number("epochs"));
    if (late.length > 0) warn("lr_scheduler_step", `Epochs ${late.join(", ")} are never reached.`);
  }
  if (continued === true) {
    const open = fixedByEarlierJob.filter((name) => wire[name] === undefined);
    if (open.length > 0)
      warn("model", `${open.join(", ")} must equal those of the earlier job and are left to the default.`);
  }
  return found;
}

/** The value that will hold: the one given, else the container's default. */
function settled(wire: WireHyperparameters, name: string): string | undefined {
  const facts: Readonly<Record<string, HyperparameterFact | undefined>> = hyperparameterTable;
  return wire[name] ?? facts[name]?.default;
}
