import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { checkName, nameRules } from "../aws/names.js";
import type { Tags } from "../aws/tags.js";
import { tagList } from "../aws/tags.js";
import { timeStampedName } from "../aws/time-stamped-name.js";
import { SegmentationError } from "../core/errors.js";
import type { RequestOverride } from "../core/override.js";
import { mergeOverride } from "../core/override.js";
import { folderUri, joinS3Uri } from "../core/s3-uri.js";
import { gpuCount, trainingInstanceKind } from "../facts/training-instances.js";
import type { AnyClassTable } from "../mask/classes.js";
import { hyperparameterAdvice } from "./hyperparameter-advice.js";
import type { TrainingWarning } from "./hyperparameter-advice.js";
import { compileHyperparameters } from "./hyperparameters.js";
import type { Hyperparameters, WireHyperparameters } from "./hyperparameters.js";
import { channelAdvice } from "./training-channels.js";
import type { TrainingChannels } from "./training-channels.js";
import { trainingRequest } from "./training-request.js";

/** What the steps of an estimator have gathered. */
export interface EstimatorPlan {
  readonly name: string;
  readonly jobName?: string;
  readonly channels: TrainingChannels;
  readonly classes: AnyClassTable;
  /** Images in the train channel, when a dataset says so. */
  readonly trainingImages?: number | undefined;
  readonly instanceType: string;
  readonly volumeGb: number;
  readonly hyperparameters: Hyperparameters;
  readonly maxRuntime: number;
  readonly output?: string;
  readonly spot?: { readonly maxWait: number; readonly checkpoints?: string };
  readonly tags: Tags;
  /** Laid over the request one after another. */
  readonly overrides: readonly RequestOverride<CreateTrainingJobCommandInput>[];
}

/** What the session adds. */
export interface EstimatorSetting {
  readonly region: string;
  readonly role: string;
  /** Asked for only when the plan names no places of its own. */
  workspace(): string;
}

/** Compiles a plan: pure, but for the clock that goes into a name not given. */
export function planRequest(plan: EstimatorPlan, setting: EstimatorSetting): CreateTrainingJobCommandInput {
  const { spot } = plan;
  if (spot !== undefined && spot.maxWait < plan.maxRuntime) {
    throw trainingInvalid("maxWait", spot.maxWait, `at least the maximal run time, ${plan.maxRuntime} seconds`);
  }
  const jobName = plan.jobName ?? timeStampedName(plan.name);
  const request = trainingRequest({
    jobName: checkName(nameRules.trainingJob, jobName),
    region: setting.region,
    role: setting.role,
    channels: plan.channels,
    hyperparameters: wireHyperparameters(plan),
    instanceType: plan.instanceType,
    volumeGb: plan.volumeGb,
    maxRuntime: plan.maxRuntime,
    // The service appends `/<job>/output/model.tar.gz`.
    output: folderUri(plan.output ?? joinS3Uri(setting.workspace(), "output")).slice(0, -1),
    ...(spot === undefined
      ? {}
      : {
          spot: {
            maxWait: spot.maxWait,
            checkpoints: spot.checkpoints ?? joinS3Uri(setting.workspace(), "checkpoints", jobName),
          },
        }),
    tags: tagList(plan.tags),
  });
  return plan.overrides.reduce<CreateTrainingJobCommandInput>(mergeOverride, request);
}

/** What the service would accept and what is probably not meant. */
export function planWarnings(plan: EstimatorPlan): readonly TrainingWarning[] {
  const gpus = gpuCount(plan.instanceType);
  return [
    ...hyperparameterAdvice(wireHyperparameters(plan), {
      ...(gpus === undefined ? {} : { gpus }),
      ...(plan.trainingImages === undefined ? {} : { trainingImages: plan.trainingImages }),
      continued: plan.channels.model !== undefined,
    }),
    ...channelAdvice(plan.channels),
    ...instanceAdvice(plan.instanceType),
  ];
}

/** Numbers that can be derived are not asked for; given ones must agree with the class table. */
function wireHyperparameters({ classes, trainingImages, hyperparameters }: EstimatorPlan): WireHyperparameters {
  const wire = compileHyperparameters({
    num_classes: classes.count,
    ...(trainingImages === undefined ? {} : { num_training_samples: trainingImages }),
    ...hyperparameters,
  });
  if (Number(wire["num_classes"]) !== classes.count) {
    const expected = `${classes.count}, the number of classes in the class table (background included)`;
    throw new SegmentationError(
      "hyperparameter.invalid",
      `num_classes is ${wire["num_classes"]}: expected ${expected}.`,
      {
        parameter: "num_classes",
        value: wire["num_classes"],
        expected,
      },
    );
  }
  return wire;
}

function instanceAdvice(type: string): readonly TrainingWarning[] {
  if (trainingInstanceKind(type) !== "undocumented") return [];
  return [
    {
      parameter: "instance",
      message: `${type} is not in a documented family of this algorithm (P2, P3, G4dn, G5); its CUDA version may be too old for that GPU.`,
    },
  ];
}

/** A setting of a training job that cannot be. */
export function trainingInvalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("training.invalid", `${parameter} is ${String(value)}: expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
