import { ApiError, validationError } from "../wire/api-error.js";
import type { SageMaker } from "./context.js";
import type {
  CreateTrainingJobRequest,
  CreateTuningJobRequest,
  ParameterRanges,
  TuningDefinition,
} from "./requests.js";
import { checkTags } from "./tags.js";
import { checkTrainingRequest } from "./training-rules.js";
import { gridOf } from "./tuning-sampler.js";

/** Objectives of this algorithm (tuning page). */
const objectives = ["validation:mIOU", "validation:pixel_accuracy"];

/** The one definition of a tuning job; `TrainingJobDefinitions` may hold it as well. */
export function definitionOf(request: CreateTuningJobRequest): TuningDefinition {
  const definition = request.TrainingJobDefinition ?? request.TrainingJobDefinitions?.[0];
  if (definition === undefined) throw validationError("TrainingJobDefinition is required.");
  return definition;
}

/** Ranges of a tuning job, wherever the request has them. */
export function rangesOf(request: CreateTuningJobRequest): ParameterRanges {
  return request.HyperParameterTuningJobConfig.ParameterRanges ?? definitionOf(request).HyperParameterRanges ?? {};
}

/** What it goes by. */
export function objectiveOf(request: CreateTuningJobRequest): { readonly Type: string; readonly MetricName: string } {
  const objective =
    request.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective ?? definitionOf(request).TuningObjective;
  if (objective === undefined) throw validationError("HyperParameterTuningJobObjective is required.");
  return objective;
}

/** What the service refuses at CreateHyperParameterTuningJob. Texts as in public reports, where there are any. */
export async function checkTuningRequest(
  sagemaker: SageMaker,
  request: CreateTuningJobRequest,
  region: string,
): Promise<void> {
  const { HyperParameterTuningJobName: name, HyperParameterTuningJobConfig: config } = request;
  checkTuningName(sagemaker, name);
  checkTags(request.Tags);
  if ((request.TrainingJobDefinitions?.length ?? 0) > 1) {
    throw validationError("The embedded backend runs tuning jobs with one training job definition.");
  }
  const { MetricName: metric } = objectiveOf(request);
  if (!objectives.includes(metric)) {
    throw validationError(
      `The objective metric '${metric}' is not one of the algorithm's tunable metrics: [${objectives.join(", ")}].`,
    );
  }
  checkRanges(request);
  for (const { HyperParameterTuningJobName: parent = "" } of request.WarmStartConfig?.ParentHyperParameterTuningJobs ??
    []) {
    const found = sagemaker.state.tuningJobs.get(parent);
    if (found === undefined) throw validationError(`Could not find the parent hyperparameter tuning job "${parent}".`);
    if (found.status === "InProgress" || found.status === "Stopping") {
      throw validationError(`The parent hyperparameter tuning job "${parent}" has not ended.`);
    }
  }
  const { MaxNumberOfTrainingJobs: most } = config.ResourceLimits;
  if (most === undefined && config.Strategy !== "Grid") {
    throw validationError("MaxNumberOfTrainingJobs is required for this strategy.");
  }
  await checkTrainingRequest(sagemaker, trainingRequestOf(request, `${name}-000-00000000`, {}), region);
}

/** Names are for ever. */
export function checkTuningName({ state }: SageMaker, name: string): void {
  if (state.tuningJobs.get(name) === undefined) return;
  throw new ApiError(
    "ResourceInUse",
    `A hyperparameter tuning job with the name, ${name}, already exists. Choose a different name.`,
  );
}

function checkRanges(request: CreateTuningJobRequest): void {
  const { Strategy: strategy, ResourceLimits: limits } = request.HyperParameterTuningJobConfig;
  const ranges = rangesOf(request);
  const numbers = [...(ranges.ContinuousParameterRanges ?? []), ...(ranges.IntegerParameterRanges ?? [])];
  const lists = ranges.CategoricalParameterRanges ?? [];
  const names = [...numbers, ...lists].map(({ Name }) => Name);
  if (names.length === 0) throw validationError("At least one hyperparameter range is required.");
  if (new Set(names).size < names.length) throw validationError("A hyperparameter has more than one range.");
  const fixed = names.find((name) => definitionOf(request).StaticHyperParameters?.[name] !== undefined);
  if (fixed !== undefined) throw validationError(`The hyperparameter ${fixed} is both static and in a range.`);
  for (const { Name, MinValue, MaxValue, ScalingType } of numbers) {
    const [low, high] = [Number(MinValue), Number(MaxValue)];
    if (!(low < high)) throw validationError(`The range of ${Name} must have a minimum below its maximum.`);
    if (ScalingType === "Logarithmic" && low <= 0) {
      throw validationError(`Logarithmic scaling of ${Name} needs values above 0.`);
    }
    if (ScalingType === "ReverseLogarithmic" && !(low >= 0 && high < 1)) {
      throw validationError(`Reverse logarithmic scaling of ${Name} needs values from 0 to below 1.`);
    }
  }
  if (strategy === "Grid" && numbers.length > 0) throw validationError("Grid search takes categorical ranges only.");
  const combinations = numbers.length === 0 ? gridOf(ranges).length : Infinity;
  const most = limits.MaxNumberOfTrainingJobs ?? combinations;
  if (combinations < most) {
    throw validationError(
      `You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations for the provided ranges [${combinations}.0] must be equal or greater than the value of MaxNumberOfJobs, [${most}]. Provide additional ranges.`,
    );
  }
}

/** The request of one training job of a tuning job. */
export function trainingRequestOf(
  request: CreateTuningJobRequest,
  name: string,
  tuned: Readonly<Record<string, string>>,
): CreateTrainingJobRequest {
  const definition = definitionOf(request);
  const resources = definition.ResourceConfig ?? definition.HyperParameterTuningResourceConfig ?? {};
  const tuningMembers = [
    "DefinitionName",
    "TuningObjective",
    "HyperParameterRanges",
    "StaticHyperParameters",
    "HyperParameterTuningResourceConfig",
  ];
  const common = Object.entries(definition).filter(([member]) => !tuningMembers.includes(member));
  const { InstanceConfigs: configs } = definition.HyperParameterTuningResourceConfig ?? {};
  const own = Object.entries(resources).filter(([member]) => !/^(?:InstanceConfigs|AllocationStrategy)$/.test(member));
  return {
    // What is left is what a training job has as well.
    ...(Object.fromEntries(common) as Omit<CreateTrainingJobRequest, "TrainingJobName" | "ResourceConfig">),
    TrainingJobName: name,
    HyperParameters: {
      _tuning_objective_metric: objectiveOf(request).MetricName,
      ...definition.StaticHyperParameters,
      ...tuned,
    },
    ResourceConfig: { ...Object.fromEntries(own), ...configs?.[0] },
  };
}
