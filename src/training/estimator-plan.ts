import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { checkName, nameRules } from "../aws/names.js";
import type { Tags } from "../aws/tags.js";
import { tagList } from "../aws/tags.js";
import { timeStampedName } from "../aws/time-stamped-name.js";
import type { RequestOverride } from "../core/override.js";
import { mergeOverride } from "../core/override.js";
import { folderUri, joinS3Uri } from "../core/s3-uri.js";
import type { AnyClassTable } from "../mask/classes.js";
import { earlierProblems, inheritedHyperparameters } from "./continue-from.js";
import type { Earlier } from "./continue-from.js";
import { compileHyperparameters } from "./hyperparameters.js";
import type { HyperparameterProblem, Hyperparameters, WireHyperparameters } from "./hyperparameters.js";
import type { EncryptionOptions, VpcOptions } from "./job-settings.js";
import type { PlannedChannel, TrainingInputMode } from "./planned-channel.js";
import { modelChannel } from "./training-channels.js";
import { trainingInvalid } from "./training-invalid.js";
import { trainingRequest } from "./training-request.js";
import type { TrainingRequestFacts } from "./training-request.js";

/** What the steps of an estimator have gathered. */
export interface EstimatorPlan {
  readonly name: string;
  readonly jobName?: string;
  readonly channels: readonly PlannedChannel[];
  readonly inputMode?: TrainingInputMode;
  readonly classes: AnyClassTable;
  /** Images in the train channel, when a dataset says so. */
  readonly trainingImages?: number | undefined;
  readonly earlier?: Earlier;
  readonly instanceType: string;
  readonly volumeGb: number;
  readonly keepAlive?: number;
  readonly hyperparameters: Hyperparameters;
  readonly maxRuntime: number;
  readonly maxPending?: number | undefined;
  readonly output?: string;
  readonly spot?: { readonly maxWait: number; readonly checkpoints?: string };
  readonly vpc?: VpcOptions;
  readonly encryption?: EncryptionOptions;
  readonly isolated?: boolean;
  readonly retries?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** `true`: to the folder of the output. */
  readonly debugger?: string | true;
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
  const jobName = plan.jobName ?? timeStampedName(plan.name);
  return plan.overrides.reduce<CreateTrainingJobCommandInput>(
    mergeOverride,
    trainingRequest(requestFacts(plan, setting, checkName(nameRules.trainingJob, jobName))),
  );
}

/** What goes into the request of one job; a tuning job has the same in each of its jobs. */
export function requestFacts(
  plan: EstimatorPlan,
  setting: EstimatorSetting,
  jobName: string,
  hyperparameters: WireHyperparameters = wireHyperparameters(plan),
): TrainingRequestFacts {
  const { spot } = plan;
  checkTogether(plan);
  // The service appends `/<job>/output/model.tar.gz`.
  const output = folderUri(plan.output ?? joinS3Uri(setting.workspace(), "output")).slice(0, -1);
  return {
    jobName,
    region: setting.region,
    role: setting.role,
    channels: channelsOf(plan),
    inputMode: inputModeOf(plan),
    hyperparameters,
    instanceType: plan.instanceType,
    volumeGb: plan.volumeGb,
    keepAlive: plan.keepAlive,
    maxRuntime: plan.maxRuntime,
    maxPending: plan.maxPending,
    output,
    spot,
    checkpoints: spot && (spot.checkpoints ?? joinS3Uri(setting.workspace(), "checkpoints", jobName)),
    vpc: plan.vpc,
    encryption: plan.encryption,
    isolated: plan.isolated,
    retries: plan.retries,
    environment: plan.environment,
    debugger: plan.debugger === true ? output : plan.debugger?.slice(0, -1),
    tags: tagList(plan.tags),
  };
}

/** The channels as they go into the request: an earlier model takes the place of one that was named as a channel. */
export function channelsOf({ channels, earlier }: EstimatorPlan): readonly PlannedChannel[] {
  if (earlier === undefined) return channels;
  return [...channels.filter(({ name }) => name !== "model"), modelChannel(earlier.artifact)];
}

/** Augmented manifests can be read in Pipe mode only; `File` is what all public jobs with folders use. */
export function inputModeOf({ inputMode, channels }: EstimatorPlan): TrainingInputMode {
  return inputMode ?? (channels.some(({ kind }) => kind === "augmented") ? "Pipe" : "File");
}

/** Steps that rule each other out. */
function checkTogether(plan: EstimatorPlan): void {
  const { spot, keepAlive, maxRuntime } = plan;
  if (spot !== undefined && spot.maxWait < maxRuntime) {
    throw trainingInvalid("maxWait", spot.maxWait, `at least the maximal run time, ${maxRuntime} seconds`);
  }
  // Developer guide, "managed warm pools", considerations.
  if (spot !== undefined && keepAlive !== undefined && keepAlive > 0) {
    throw trainingInvalid("keepAlive", keepAlive, "no warm pool with spot(): spot instances cannot be kept");
  }
  const augmented = plan.channels.some(({ kind }) => kind === "augmented");
  if (augmented && inputModeOf(plan) !== "Pipe") {
    throw trainingInvalid("inputMode", inputModeOf(plan), '"Pipe": augmented manifests can be read in no other mode');
  }
  // Algorithm page: incremental training takes the image format only.
  if (augmented && channelsOf(plan).some(({ name }) => name === "model")) {
    throw trainingInvalid("model", "given", "folders of images: an augmented manifest cannot go on from a model");
  }
}

/** Numbers that can be derived are not asked for; given ones must agree with the class table. */
export function wireHyperparameters(
  { classes, trainingImages, hyperparameters, earlier }: EstimatorPlan,
  given: Readonly<Record<string, unknown>> = hyperparameters,
): WireHyperparameters {
  const values = {
    num_classes: classes.count,
    ...(trainingImages === undefined ? {} : { num_training_samples: trainingImages }),
    ...(earlier === undefined ? {} : inheritedHyperparameters(earlier)),
    ...given,
  };
  return compileHyperparameters(values, (wire) => {
    const problems: HyperparameterProblem[] = [];
    const number = wire["num_classes"];
    if (number !== undefined && Number(number) !== classes.count) {
      const expected = `${classes.count}, the number of classes in the class table (background included)`;
      problems.push({ parameter: "num_classes", value: number, expected });
    }
    return earlier === undefined ? problems : [...problems, ...earlierProblems(earlier, wire)];
  });
}
