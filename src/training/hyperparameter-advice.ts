import { hyperparameterTable } from "../facts/hyperparameter-table.js";
import type { HyperparameterFact } from "../facts/hyperparameter-table.js";
import { fixedByEarlierJob } from "./continue-from.js";
import type { TrainingFinding } from "./finding.js";
import { factOf } from "./hyperparameters.js";
import type { WireHyperparameters } from "./hyperparameters.js";
import { readEpochs } from "./wire-value.js";

/** What is known besides the hyperparameters. */
export interface TrainingCircumstances {
  /** GPUs of the instance, when known. */
  readonly gpus?: number;
  /** Images in the train channel, when known. */
  readonly trainingImages?: number;
  /** Whether the job continues from an earlier artifact (channel `model`). */
  readonly continued?: boolean;
}

/** Looks for values that are allowed and probably not meant; `wire` has passed the checks. */
export function hyperparameterAdvice(
  wire: WireHyperparameters,
  { gpus, trainingImages, continued }: TrainingCircumstances = {},
): readonly TrainingFinding[] {
  const found: TrainingFinding[] = [];
  const warn = (code: string, parameter: string, message: string, remedy: string): void =>
    void found.push({ code, severity: "warning", parameter, message, remedy });
  const number = (name: keyof typeof hyperparameterTable): number => Number(settled(wire, name));

  for (const name of Object.keys(wire)) {
    const fact = factOf(name);
    const [other, value] = fact?.ignoredUnless ?? [];
    if (other !== undefined && settled(wire, other) !== value) {
      const message = `${name} has no effect: it only acts when ${other} is "${value ?? ""}".`;
      warn("hyperparameter.ignored", name, message, `Leave ${name} out, or set ${other} to "${value ?? ""}".`);
    }
    if (fact?.documented === false) {
      const message = `${name} is not documented for this algorithm; it was only seen in the container's logs.`;
      warn("hyperparameter.undocumented", name, message, `Leave ${name} out.`);
    }
  }

  const samples = number("num_training_samples");
  const batch = number("mini_batch_size");
  if (samples < batch) {
    warn(
      "batch.too-large",
      "mini_batch_size",
      `No whole batch fits: ${samples} training samples in batches of ${batch} give 0 iterations per epoch.`,
      `Set mini_batch_size to ${samples} or less.`,
    );
  }
  if (trainingImages !== undefined && samples !== trainingImages) {
    warn(
      "samples.count",
      "num_training_samples",
      `The train channel has ${trainingImages} images, num_training_samples says ${samples}.`,
      `Set num_training_samples to ${trainingImages}: the schedule of the learning rate goes by it.`,
    );
  }
  if (gpus !== undefined && gpus > 1 && (batch < gpus || batch % gpus !== 0)) {
    warn(
      "batch.uneven",
      "mini_batch_size",
      `A batch of ${batch} does not divide evenly among ${gpus} GPUs.`,
      `Set mini_batch_size to a multiple of ${gpus}, or take an instance with one GPU.`,
    );
  }
  const stopsEarly = settled(wire, "early_stopping") === "True";
  if (stopsEarly && number("early_stopping_min_epochs") > number("epochs")) {
    warn(
      "early-stopping.never",
      "early_stopping_min_epochs",
      "Training ends before early stopping may act: early_stopping_min_epochs is above epochs.",
      "Lower early_stopping_min_epochs or raise epochs.",
    );
  }
  for (const name of ["early_stopping_min_epochs", "early_stopping_patience"] as const) {
    // The guide gives no bounds for these two.
    if (number(name) < 0) warn("early-stopping.negative", name, `${name} is below 0.`, `Set ${name} to 0 or more.`);
  }
  if (settled(wire, "algorithm") !== "fcn" && wire["validation_mini_batch_size"] === "1") {
    warn(
      "validation.whole-images",
      "validation_mini_batch_size",
      "With 1, whole images are scored, and psp and deeplab were reported to fail when those differ in size from the crop.",
      "Set validation_mini_batch_size to 2 or more, so that crops are scored.",
    );
  }
  const steps = wire["lr_scheduler_step"];
  if (steps !== undefined && settled(wire, "lr_scheduler") === "step") {
    const late = readEpochs(steps).filter((epoch) => epoch >= number("epochs"));
    if (late.length > 0) {
      const message = `Epochs ${late.join(", ")} are never reached.`;
      warn("schedule.late", "lr_scheduler_step", message, `List epochs below ${number("epochs")}.`);
    }
  }
  if (continued === true) {
    const open = fixedByEarlierJob.filter((name) => wire[name] === undefined);
    if (open.length > 0) {
      warn(
        "model.unchecked",
        "model",
        `${open.join(", ")} must equal those of the earlier job and are left to the default.`,
        "Set them, or give continueFrom() the earlier job's description, from which they are taken over.",
      );
    }
  }
  return found;
}

/** The value that will hold: the one given, else the container's default. */
function settled(wire: WireHyperparameters, name: string): string | undefined {
  const facts: Readonly<Record<string, HyperparameterFact | undefined>> = hyperparameterTable;
  return wire[name] ?? facts[name]?.default;
}
