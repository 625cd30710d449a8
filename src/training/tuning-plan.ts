import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { tagList } from "../aws/tags.js";
import type { Tags } from "../aws/tags.js";
import { mergeOverride } from "../core/override.js";
import type { TuningObjectiveName } from "../facts/tuning-ranges.js";
import { requestFacts, wireHyperparameters } from "./estimator-plan.js";
import type { EstimatorPlan, EstimatorSetting } from "./estimator-plan.js";
import { largestCost } from "./job-cost.js";
import type { PriceOptions } from "./job-cost.js";
import { planFindings } from "./plan-findings.js";
import { trainingInvalid } from "./training-invalid.js";
import { trainingRequest } from "./training-request.js";
import type { StrategyOptions, TuningCompletion, TuningPlan, TuningStrategy, WarmStartOptions } from "./tuner.js";
import { compileRanges, rangeFindings, readyRanges } from "./tuning-ranges.js";
import type { RangeLists, TuningRanges } from "./tuning-ranges.js";
import { tuningRequest } from "./tuning-request.js";

/** What the steps of a tuner have gathered. */
export interface TunerPlan {
  readonly estimator: EstimatorPlan;
  readonly most: number;
  readonly parallel: number;
  readonly maxRuntime?: number;
  readonly ranges?: TuningRanges;
  readonly objective: TuningObjectiveName;
  readonly strategy: TuningStrategy;
  readonly strategyOptions: StrategyOptions;
  readonly earlyStopping: boolean;
  readonly warmStart?: { readonly parents: readonly string[]; readonly type: NonNullable<WarmStartOptions["type"]> };
  readonly completion?: TuningCompletion;
  readonly tags: Tags;
}

/** Compiles a tuning job. Throws `hyperparameter.invalid` and `training.invalid`. */
export function planTuning(
  plan: TunerPlan,
  setting: EstimatorSetting,
  jobName: string,
  price: PriceOptions,
): TuningPlan {
  const { estimator, most } = plan;
  const wire = wireHyperparameters(estimator);
  const ranges = plan.ranges ?? readyRanges(Number(wire["num_training_samples"]));
  const lists = compileRanges(ranges);
  checkTogether(plan, lists);
  const tuned = new Set(Object.keys(ranges).filter((name) => ranges[name] !== undefined));
  const fixed = Object.fromEntries(Object.entries(wire).filter(([name]) => !tuned.has(name)));
  const request = tuningRequest({
    ...plan,
    jobName,
    training: estimator.overrides.reduce<CreateTrainingJobCommandInput>(
      mergeOverride,
      trainingRequest(requestFacts(estimator, setting, jobName, fixed)),
    ),
    ranges: lists,
    maxRuntime: plan.maxRuntime,
    warmStart: plan.warmStart,
    completion: plan.completion,
    tags: tagList({ ...estimator.tags, ...plan.tags }),
  });
  // What is said of a value that is tuned says nothing here.
  const own = planFindings({ ...estimator, tags: {} }).filter(({ parameter }) => !tuned.has(parameter));
  const one = largestCost({ maxRuntime: estimator.maxRuntime }, price);
  return {
    request,
    findings: [...own, ...rangeFindings(ranges, wire)],
    cost: one && { ...one, training: one.training * most, total: one.total * most },
  };
}

/** Steps that rule each other out, by the service's rules. */
function checkTogether({ strategy, earlyStopping, most, estimator }: TunerPlan, lists: RangeLists): void {
  const numbers = [...lists.ContinuousParameterRanges, ...lists.IntegerParameterRanges];
  const [number] = numbers;
  if (strategy === "Grid" && number !== undefined) {
    throw trainingInvalid("ranges", number.Name, 'lists of values only: "Grid" takes no range of numbers');
  }
  if (strategy === "Hyperband" && earlyStopping) {
    throw trainingInvalid("earlyStopping", true, 'off: "Hyperband" ends poor jobs by itself');
  }
  if ((estimator.keepAlive ?? 0) > 0) {
    throw trainingInvalid("keepAlive", estimator.keepAlive, "no warm pool: tuning jobs have none");
  }
  const variables = Object.keys(estimator.environment ?? {}).length;
  // Service model, HyperParameterTrainingJobEnvironmentMap: fewer than a job on its own may have.
  if (variables > 48) throw trainingInvalid("environment", variables, "at most 48 variables in a tuning job");
  const combinations = lists.CategoricalParameterRanges.reduce((count, { Values }) => count * Values.length, 1);
  if (numbers.length === 0 && (strategy === "Grid" ? most !== combinations : most > combinations)) {
    const expected = `${strategy === "Grid" ? "exactly" : "at most"} ${combinations}, the number of combinations`;
    throw trainingInvalid("jobs", most, expected);
  }
}
