import type {
  CreateHyperParameterTuningJobCommandInput,
  CreateTrainingJobCommandInput,
  HyperParameterTrainingJobDefinition,
} from "@aws-sdk/client-sagemaker";
import type { StrategyOptions, TuningCompletion, TuningStrategy } from "./tuner.js";
import type { RangeLists } from "./tuning-ranges.js";

/** Everything that a tuning request is made of, checked before. */
export interface TuningRequestFacts {
  readonly jobName: string;
  /** The request of one training job. */
  readonly training: CreateTrainingJobCommandInput;
  readonly ranges: RangeLists;
  readonly objective: string;
  readonly strategy: TuningStrategy;
  readonly strategyOptions: StrategyOptions;
  readonly most: number;
  readonly parallel: number;
  readonly maxRuntime: number | undefined;
  readonly earlyStopping: boolean;
  readonly warmStart:
    | { readonly parents: readonly string[]; readonly type: "IdenticalDataAndAlgorithm" | "TransferLearning" }
    | undefined;
  readonly completion: TuningCompletion | undefined;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

type Request = CreateHyperParameterTuningJobCommandInput;

/** The CreateHyperParameterTuningJob request. No metric definitions: the algorithm has its own. */
export function tuningRequest(facts: TuningRequestFacts): Request {
  const { ranges, strategy, strategyOptions, completion, warmStart, maxRuntime } = facts;
  const { seed } = strategyOptions;
  return {
    HyperParameterTuningJobName: facts.jobName,
    HyperParameterTuningJobConfig: {
      Strategy: strategy,
      ...strategyConfig(strategyOptions),
      HyperParameterTuningJobObjective: { Type: "Maximize", MetricName: facts.objective },
      ResourceLimits: {
        MaxNumberOfTrainingJobs: facts.most,
        MaxParallelTrainingJobs: facts.parallel,
        ...(maxRuntime === undefined ? {} : { MaxRuntimeInSeconds: maxRuntime }),
      },
      ParameterRanges: {
        ContinuousParameterRanges: [...ranges.ContinuousParameterRanges],
        IntegerParameterRanges: [...ranges.IntegerParameterRanges],
        CategoricalParameterRanges: ranges.CategoricalParameterRanges.map(({ Name, Values }) => ({
          Name,
          Values: [...Values],
        })),
      },
      TrainingJobEarlyStoppingType: facts.earlyStopping ? "Auto" : "Off",
      ...(completion === undefined ? {} : { TuningJobCompletionCriteria: completionCriteria(completion) }),
      ...(seed === undefined ? {} : { RandomSeed: seed }),
    },
    TrainingJobDefinition: definitionOf(facts.training),
    ...(warmStart === undefined
      ? {}
      : {
          WarmStartConfig: {
            ParentHyperParameterTuningJobs: warmStart.parents.map((name) => ({ HyperParameterTuningJobName: name })),
            WarmStartType: warmStart.type,
          },
        }),
    ...(facts.tags.length === 0 ? {} : { Tags: facts.tags.map((tag) => ({ ...tag })) }),
  };
}

function strategyConfig({
  minEpochs,
  maxEpochs,
}: StrategyOptions): Pick<NonNullable<Request["HyperParameterTuningJobConfig"]>, "StrategyConfig"> {
  if (minEpochs === undefined && maxEpochs === undefined) return {};
  const resources = {
    ...(minEpochs === undefined ? {} : { MinResource: minEpochs }),
    ...(maxEpochs === undefined ? {} : { MaxResource: maxEpochs }),
  };
  return { StrategyConfig: { HyperbandStrategyConfig: resources } };
}

function completionCriteria({ target, notImproving, converged }: TuningCompletion): object {
  return {
    ...(target === undefined ? {} : { TargetObjectiveMetricValue: target }),
    ...(notImproving === undefined
      ? {}
      : { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: notImproving } }),
    ...(converged === true ? { ConvergenceDetected: { CompleteOnConvergence: "Enabled" } } : {}),
  };
}

/** Members that a training job's request and a tuning job's definition share. */
const shared = [
  "RoleArn",
  "InputDataConfig",
  "OutputDataConfig",
  "StoppingCondition",
  "VpcConfig",
  "EnableNetworkIsolation",
  "EnableInterContainerTrafficEncryption",
  "EnableManagedSpotTraining",
  "CheckpointConfig",
  "RetryStrategy",
  "Environment",
] as const;

/** A training job's request as the definition of many. Tags, debugger and warm pool have no place in it. */
function definitionOf(training: CreateTrainingJobCommandInput): HyperParameterTrainingJobDefinition {
  const { InstanceType, InstanceCount, VolumeSizeInGB, VolumeKmsKeyId } = training.ResourceConfig ?? {};
  const common = shared.flatMap((name) => (training[name] === undefined ? [] : [[name, training[name]] as const]));
  return {
    StaticHyperParameters: training.HyperParameters,
    AlgorithmSpecification: training.AlgorithmSpecification,
    HyperParameterTuningResourceConfig: {
      ...(InstanceType === undefined ? {} : { InstanceType }),
      ...(InstanceCount === undefined ? {} : { InstanceCount }),
      ...(VolumeSizeInGB === undefined ? {} : { VolumeSizeInGB }),
      ...(VolumeKmsKeyId === undefined ? {} : { VolumeKmsKeyId }),
    },
    // The members of the list above, which both types have.
    ...(Object.fromEntries(common) as Pick<HyperParameterTrainingJobDefinition, (typeof shared)[number]>),
  };
}
