import type { CreateHyperParameterTuningJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { checkName, nameRules } from "../aws/names.js";
import { isTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import type { Tags } from "../aws/tags.js";
import { tagList } from "../aws/tags.js";
import { SegmentationError } from "../core/errors.js";
import { ownCopy } from "../core/own-copy.js";
import { mergeOverride } from "../core/override.js";
import type { RequestOverride } from "../core/override.js";
import { requireSteps } from "../core/steps.js";
import { tuningObjectives } from "../facts/tuning-ranges.js";
import type { TuningObjectiveName } from "../facts/tuning-ranges.js";
import type { ClassTable } from "../mask/classes.js";
import type { Estimator, FitOptions } from "./estimator.js";
import { planOf } from "./estimator-builder.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { PriceOptions } from "./job-cost.js";
import { integerIn } from "./job-settings.js";
import { lookUpEarlier } from "./look-up-earlier.js";
import { trainingInvalid } from "./training-invalid.js";
import type {
  NewTuner,
  StrategyOptions,
  Tuner,
  TunerStep,
  TuningCompletion,
  TuningJobsOptions,
  TuningPlan,
  TuningStrategy,
  WarmStartOptions,
} from "./tuner.js";
import { attachTuningJob } from "./tuning-job.js";
import type { TuningJob } from "./tuning-job.js";
import { tuningName } from "./tuning-name.js";
import { planTuning } from "./tuning-plan.js";
import type { TunerPlan } from "./tuning-plan.js";
import { compileRanges } from "./tuning-ranges.js";
import type { TuningRanges } from "./tuning-ranges.js";

type Request = CreateHyperParameterTuningJobCommandInput;
type ReadyPlan<Name extends string> = EstimatorPlan & { readonly classes: ClassTable<Name> };

interface TunerProps<Name extends string> extends Omit<TunerPlan, "estimator" | "most"> {
  readonly name: string;
  readonly jobName?: string;
  readonly estimator?: ReadyPlan<Name>;
  readonly most?: number;
  readonly overrides: readonly RequestOverride<Request>[];
}

/** Starts a tuner: `name` is the base of its jobs' names. */
export function tunerBuilder(context: AwsContext, name: string): NewTuner {
  checkName(nameRules.tuningJob, name);
  return new TunerSteps<never, TunerStep>(context, {
    name,
    parallel: 2,
    objective: "validation:mIOU",
    strategy: "Bayesian",
    strategyOptions: {},
    earlyStopping: false,
    tags: {},
    overrides: [],
  });
}

class TunerSteps<in out Name extends string, Step extends TunerStep> implements Tuner<Name, Step> {
  readonly #context: AwsContext;
  readonly #props: TunerProps<Name>;

  constructor(context: AwsContext, props: TunerProps<Name>) {
    this.#context = context;
    this.#props = Object.freeze(props);
  }

  get name(): string {
    return this.#props.name;
  }

  estimator<Names extends string>(estimator: Estimator<Names, never>): Tuner<Names, Exclude<Step, "estimator">> {
    return new TunerSteps(this.#context, { ...this.#props, estimator: planOf(estimator) });
  }

  jobs(most: number, { parallel = 2, maxRuntime }: TuningJobsOptions = {}): Tuner<Name, Exclude<Step, "jobs">> {
    integerIn("jobs", most, 1, 100_000, "training jobs");
    integerIn("parallel", parallel, 1, 1000, "training jobs");
    if (maxRuntime !== undefined) integerIn("maxRuntime", maxRuntime, 120, 15_768_000, "seconds");
    return this.#with({
      most,
      parallel: Math.min(parallel, most),
      ...(maxRuntime === undefined ? {} : { maxRuntime }),
    });
  }

  ranges(ranges: TuningRanges): Tuner<Name, Step> {
    compileRanges(ranges);
    return this.#with({ ranges: ownCopy(ranges) });
  }

  objective(metric: TuningObjectiveName): Tuner<Name, Step> {
    if (!tuningObjectives.includes(metric)) throw trainingInvalid("objective", metric, tuningObjectives.join(" or "));
    return this.#with({ objective: metric });
  }

  strategy(strategy: TuningStrategy, options: StrategyOptions = {}): Tuner<Name, Step> {
    if (!["Bayesian", "Random", "Hyperband", "Grid"].includes(strategy)) {
      throw trainingInvalid("strategy", strategy, '"Bayesian", "Random", "Hyperband" or "Grid"');
    }
    const { seed, minEpochs, maxEpochs } = options;
    if (seed !== undefined) integerIn("seed", seed, 0, 2 ** 31 - 1, "");
    if ((minEpochs ?? maxEpochs) !== undefined && strategy !== "Hyperband") {
      throw trainingInvalid("minEpochs", minEpochs ?? maxEpochs, 'nothing: only "Hyperband" takes epochs');
    }
    if (minEpochs !== undefined) integerIn("minEpochs", minEpochs, 1, 100_000, "epochs");
    if (maxEpochs !== undefined) integerIn("maxEpochs", maxEpochs, minEpochs ?? 1, 100_000, "epochs");
    return this.#with({ strategy, strategyOptions: { ...options } });
  }

  earlyStopping(on = true): Tuner<Name, Step> {
    return this.#with({ earlyStopping: on });
  }

  warmStart(
    parents: readonly string[],
    { type = "IdenticalDataAndAlgorithm" }: WarmStartOptions = {},
  ): Tuner<Name, Step> {
    if (parents.length < 1 || parents.length > 5) {
      throw trainingInvalid("warmStart", `${parents.length} jobs`, "1 to 5 names of tuning jobs");
    }
    for (const parent of parents) checkName(nameRules.tuningJob, parent);
    return this.#with({ warmStart: { parents: [...parents], type } });
  }

  until(completion: TuningCompletion): Tuner<Name, Step> {
    const { target, notImproving } = completion;
    if (target !== undefined && !(target > 0 && target <= 1)) {
      throw trainingInvalid("target", target, "a share above 0 and at most 1");
    }
    if (notImproving !== undefined) integerIn("notImproving", notImproving, 3, 100_000, "training jobs");
    return this.#with({ completion: { ...completion } });
  }

  tags(tags: Tags): Tuner<Name, Step> {
    const all = { ...this.#props.tags, ...tags };
    tagList(all);
    return this.#with({ tags: all });
  }

  jobName(name: string): Tuner<Name, Step> {
    return this.#with({ jobName: checkName(nameRules.tuningJob, name) });
  }

  override(request: RequestOverride<Request>): Tuner<Name, Step> {
    return this.#with({ overrides: [...this.#props.overrides, ownCopy(request)] });
  }

  plan(options: PriceOptions = {}): TuningPlan {
    return this.#compile(this.#context.regionNow("tuner.plan()"), this.#plan(), options);
  }

  toRequest(): Request {
    return this.#compile(this.#context.regionNow("tuner.toRequest()"), this.#plan()).request;
  }

  async fit({ signal, onName }: FitOptions = {}): Promise<TuningJob<Name>> {
    const plan = this.#plan();
    const { earlier, classes } = plan.estimator;
    const known = earlier && (await lookUpEarlier(this.#context, earlier, signal));
    const estimator = known === undefined ? plan.estimator : { ...plan.estimator, earlier: known };
    const { request } = this.#compile(await this.#context.region(), { ...plan, estimator });
    const client = await this.#context.clients.sagemaker();
    const { CreateHyperParameterTuningJobCommand } = await import("@aws-sdk/client-sagemaker");
    const job = attachTuningJob(this.#context, request.HyperParameterTuningJobName ?? "", classes);
    signal?.throwIfAborted();
    onName?.(job.name);
    try {
      const command = new CreateHyperParameterTuningJobCommand(request);
      await send("CreateHyperParameterTuningJob", (options) => client.send(command, options), signal);
    } catch (error) {
      // The answer may have been lost on the way, and the client's own repetition refused: the job runs and costs money.
      const mayRun = isTransient(error) || SegmentationError.is(error, "aws.conflict");
      const ownName = this.#props.jobName === undefined && this.#props.overrides.length === 0;
      if (!mayRun || !ownName) throw error;
      await job.describe(signal === undefined ? {} : { signal }).catch(() => {
        throw error;
      });
    }
    return job;
  }

  #compile(region: string, plan: TunerPlan, price: PriceOptions = {}): TuningPlan {
    const neededBy = "tuner.fit()";
    const { name, jobName = tuningName(name), overrides } = this.#props;
    const setting = {
      region,
      role: this.#context.role(neededBy),
      workspace: () => this.#context.workspace(neededBy),
    };
    const planned = planTuning(plan, setting, jobName, price);
    return { ...planned, request: overrides.reduce<Request>(mergeOverride, planned.request) };
  }

  #plan(): TunerPlan & { readonly estimator: ReadyPlan<Name> } {
    const { estimator, most, ...rest } = this.#props;
    requireSteps("The tuner", { estimator, jobs: most });
    // `requireSteps` has thrown when one of them is missing.
    return { ...rest, estimator: estimator!, most: most! };
  }

  #with<Left extends TunerStep>(changed: Partial<TunerProps<Name>>): Tuner<Name, Left> {
    return new TunerSteps<Name, Left>(this.#context, { ...this.#props, ...changed });
  }
}
