import type { CreateHyperParameterTuningJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { Tags } from "../aws/tags.js";
import type { RequestOverride } from "../core/override.js";
import type { Todo } from "../core/steps.js";
import type { TuningObjectiveName } from "../facts/tuning-ranges.js";
import type { Estimator, FitOptions } from "./estimator.js";
import type { TrainingFinding } from "./finding.js";
import type { LargestCost, PriceOptions } from "./job-cost.js";
import type { TuningJob } from "./tuning-job.js";
import type { TuningRanges } from "./tuning-ranges.js";

/** Required steps of a tuner. */
export type TunerStep = "estimator" | "jobs";

/** A tuner with nothing but a name. */
export type NewTuner = Tuner<never, TunerStep>;

/** How values are chosen. */
export type TuningStrategy = "Bayesian" | "Random" | "Hyperband" | "Grid";

/** How many training jobs a tuning job may start. */
export interface TuningJobsOptions {
  /** Training jobs at the same time, from 1; default 2. Fewer let a Bayesian search learn more from each. */
  readonly parallel?: number;
  /** Seconds after which no further job is started, 120 to 15,768,000; default 30 days. */
  readonly maxRuntime?: number;
}

/** Options of a strategy. */
export interface StrategyOptions {
  /** Makes the choices repeatable, from 0; default: new ones each time. */
  readonly seed?: number;
  /** For `Hyperband`: fewest epochs of a job before it may be ended. */
  readonly minEpochs?: number;
  /** For `Hyperband`: most epochs of a job. */
  readonly maxEpochs?: number;
}

/** When to end before all jobs have run. */
export interface TuningCompletion {
  /** Value of the objective that is good enough, 0 to 1. */
  readonly target?: number;
  /** Jobs in a row without a better one, from 3. */
  readonly notImproving?: number;
  /** Whether AWS may judge that no job will be better; default `false`. */
  readonly converged?: boolean;
}

/** Options of a warm start. */
export interface WarmStartOptions {
  /**
   * `IdenticalDataAndAlgorithm` (the default): the parents' jobs count as if they were this job's own.
   * `TransferLearning`: ranges, data or algorithm changed, the parents only say where to begin.
   */
  readonly type?: "IdenticalDataAndAlgorithm" | "TransferLearning";
}

/** What a tuning job would be, before it is one. */
export interface TuningPlan {
  /** The request that would be sent. */
  readonly request: CreateHyperParameterTuningJobCommandInput;
  /** What is odd about it. */
  readonly findings: readonly TrainingFinding[];
  /** The most that all its training jobs can cost together; `undefined` without a price. */
  readonly cost: LargestCost | undefined;
}

/**
 * Describes a tuning job, step by step: many training jobs of one estimator, with other hyperparameters each. Each step
 * returns a new tuner; nothing is sent before {@link Tuner.fit}.
 *
 * @example
 * ```ts
 * const tuning = await session
 *   .tuner("turtles")
 *   .estimator(estimator)
 *   .jobs(20, { parallel: 2 })
 *   .earlyStopping()
 *   .fit();
 * const model = await tuning.wait();
 * for (const { job, objective, tuned } of await tuning.leaderboard()) console.log(job, objective, tuned);
 * ```
 */
export interface Tuner<in out Name extends string, Step extends TunerStep> extends Todo<Step> {
  /** Base of the names of its jobs. */
  readonly name: string;
  /**
   * What each training job is; its own hyperparameters hold where no range is. Its job name, tags, debugger and warm pool
   * have no place in a tuning job and are left out.
   */
  estimator<Names extends string>(estimator: Estimator<Names, never>): Tuner<Names, Exclude<Step, "estimator">>;
  /**
   * How many training jobs may run in all, each at full cost. Throws `training.invalid`.
   *
   * @param most - 1 to 750 is AWS's default quota.
   */
  jobs(most: number, options?: TuningJobsOptions): Tuner<Name, Exclude<Step, "jobs">>;
  /**
   * Ranges to search; default: those that the guide recommends for all five tunable parameters, batches up to the number
   * of training images. Replaces earlier ones. Throws `hyperparameter.invalid`.
   */
  ranges(ranges: TuningRanges): Tuner<Name, Step>;
  /** What is to become as large as possible; default `validation:mIOU`. */
  objective(metric: TuningObjectiveName): Tuner<Name, Step>;
  /**
   * How values are chosen; default `Bayesian`. `Grid` tries all combinations and takes lists only; `Hyperband` ends poor
   * jobs early by epochs.
   */
  strategy(strategy: TuningStrategy, options?: StrategyOptions): Tuner<Name, Step>;
  /** Lets AWS end jobs that will not become the best; default off. Not with `Hyperband`, which does so by itself. */
  earlyStopping(on?: boolean): Tuner<Name, Step>;
  /** Begins with what 1 to 5 ended tuning jobs have found. Throws `input.invalid` and `training.invalid`. */
  warmStart(parents: readonly string[], options?: WarmStartOptions): Tuner<Name, Step>;
  /** When to end before all jobs have run. Throws `training.invalid`. */
  until(completion: TuningCompletion): Tuner<Name, Step>;
  /** Tags of the tuning job and of its training jobs; added to those given before. Throws `input.invalid`. */
  tags(tags: Tags): Tuner<Name, Step>;
  /** The tuning job's exact name, at most 32 letters; default: the tuner's name and the time. */
  jobName(name: string): Tuner<Name, Step>;
  /** Members of the request in AWS's own form, merged last over all others. */
  override(request: RequestOverride<CreateHyperParameterTuningJobCommandInput>): Tuner<Name, Step>;
  /** The request, what is odd about it, and with a price the most that it can cost. Sends nothing. */
  plan(this: Tuner<Name, never>, options?: PriceOptions): TuningPlan;
  /**
   * The request that {@link Tuner.fit} would send now. Sends nothing.
   *
   * @throws `hyperparameter.invalid`, `training.invalid`, `session.missing`, `region.unsupported`.
   */
  toRequest(this: Tuner<Name, never>): CreateHyperParameterTuningJobCommandInput;
  /**
   * Starts the tuning job, which costs money from then on, and returns its handle without waiting for it.
   *
   * @throws what {@link Tuner.toRequest} throws, before any call; `aws.conflict` for a name in use; `aws.limit`; `aws.*`.
   */
  fit(this: Tuner<Name, never>, options?: FitOptions): Promise<TuningJob<Name>>;
}
