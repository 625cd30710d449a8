import { gpuCount, hasOwnDisk, trainingInstanceKind } from "../facts/training-instances.js";
import { fixedByEarlierJob } from "./continue-from.js";
import { channelsOf, inputModeOf, wireHyperparameters } from "./estimator-plan.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";
import { hyperparameterAdvice } from "./hyperparameter-advice.js";
import { channelFindings } from "./training-channels.js";

/** What can be said of a plan without looking at anything else. */
export function planFindings(plan: EstimatorPlan): readonly TrainingFinding[] {
  const gpus = gpuCount(plan.instanceType);
  return [
    ...hyperparameterAdvice(wireHyperparameters(plan), {
      ...(gpus === undefined ? {} : { gpus }),
      ...(plan.trainingImages === undefined ? {} : { trainingImages: plan.trainingImages }),
      continued: channelsOf(plan).some(({ name }) => name === "model"),
    }),
    ...channelFindings(plan.channels),
    ...modeFindings(plan),
    ...instanceFindings(plan),
    ...networkFindings(plan),
    ...earlierFindings(plan),
  ];
}

function modeFindings(plan: EstimatorPlan): readonly TrainingFinding[] {
  const modes = [inputModeOf(plan), ...plan.channels.map(({ inputMode }) => inputMode)];
  if (!modes.includes("FastFile")) return [];
  return [
    {
      code: "input-mode.unverified",
      severity: "warning",
      parameter: "inputMode",
      message:
        "FastFile is not among the input modes that the guide lists for this algorithm; nobody has shown it to work.",
      remedy: 'Use "File", or try FastFile with few images first.',
    },
  ];
}

function instanceFindings({ instanceType, encryption }: EstimatorPlan): readonly TrainingFinding[] {
  const found: TrainingFinding[] = [];
  if (trainingInstanceKind(instanceType) === "undocumented") {
    found.push({
      code: "instance.undocumented",
      severity: "warning",
      parameter: "instance",
      message: `${instanceType} is not in a documented family of this algorithm (P2, P3, G4dn, G5); its CUDA version may be too old for that GPU.`,
      remedy: "Take a type of a documented family, e.g. ml.g5.xlarge.",
    });
  }
  if (encryption?.volumeKmsKey !== undefined && hasOwnDisk(instanceType)) {
    found.push({
      code: "encryption.volume",
      severity: "error",
      parameter: "volumeKmsKey",
      message: `${instanceType} has disks of its own, for which AWS takes no key; they are encrypted anyway.`,
      remedy: "Leave volumeKmsKey out.",
    });
  }
  return found;
}

function networkFindings({ isolated }: EstimatorPlan): readonly TrainingFinding[] {
  if (isolated !== true) return [];
  return [
    {
      code: "isolation.doubt",
      severity: "info",
      parameter: "networkIsolation",
      message:
        "Until August 2019 the guide said that this algorithm needs the internet; the sentence is gone and AWS's own tools isolate its jobs, but nothing says outright that isolation works.",
      remedy: "Try it with a short job first.",
    },
  ];
}

function earlierFindings({ earlier, classes }: EstimatorPlan): readonly TrainingFinding[] {
  const found: TrainingFinding[] = [];
  const names = earlier?.classes?.names;
  if (names !== undefined && names.length === classes.count) {
    const changed = names.filter((name, index) => name !== classes.names[index]);
    if (changed.length > 0) {
      found.push({
        code: "model.classes",
        severity: "warning",
        parameter: "continueFrom",
        message: `The earlier model has other names for ${changed.length} of ${classes.count} classes (${changed.slice(0, 5).join(", ")}).`,
        remedy: "Keep the order of the classes; a class that means something else is learned anew.",
      });
    }
  }
  if (earlier !== undefined && earlier.hyperparameters === undefined && earlier.trainingJob === undefined) {
    found.push({
      code: "model.unknown",
      severity: "info",
      parameter: "continueFrom",
      message: `Nothing is known of the artifact's own job, so that ${fixedByEarlierJob.join(", ")} cannot be compared.`,
      remedy: "Give continueFrom() what describe() says of the earlier job.",
    });
  }
  return found;
}
