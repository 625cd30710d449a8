import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { checkName, nameRules } from "../aws/names.js";
import { isTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import type { Tags } from "../aws/tags.js";
import { tagList } from "../aws/tags.js";
import { SegmentationError } from "../core/errors.js";
import { ownCopy } from "../core/own-copy.js";
import type { RequestOverride } from "../core/override.js";
import { folderUri } from "../core/s3-uri.js";
import { requireSteps } from "../core/steps.js";
import { documentedTrainingInstances, trainingInstanceKind } from "../facts/training-instances.js";
import { closestName } from "../core/closest-name.js";
import type { ClassTable } from "../mask/classes.js";
import { checkEstimator, plannedJob } from "./check-estimator.js";
import type { CheckOptions, TrainingCheck, TrainingPlan } from "./check-estimator.js";
import { checkEarlier } from "./continue-from.js";
import type { EarlierTraining } from "./continue-from.js";
import { lookUpEarlier } from "./look-up-earlier.js";
import type {
  DebuggerOptions,
  Estimator,
  EstimatorStep,
  FitOptions,
  MaxRuntimeOptions,
  NewEstimator,
  SpotOptions,
  TrainableDataset,
  TrainingInstanceOptions,
} from "./estimator.js";
import { planRequest } from "./estimator-plan.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";
import { checkHyperparameterNames } from "./hyperparameters.js";
import type { Hyperparameters } from "./hyperparameters.js";
import { checkEncryption, checkEnvironment, checkVpc, integerIn } from "./job-settings.js";
import type { EncryptionOptions, VpcOptions } from "./job-settings.js";
import type { PriceOptions } from "./job-cost.js";
import { planFindings } from "./plan-findings.js";
import type { TrainingInputMode } from "./planned-channel.js";
import { checkChannels, manifestChannels } from "./training-channels.js";
import type { AugmentedManifests, TrainingChannels } from "./training-channels.js";
import { trainingInvalid } from "./training-invalid.js";
import { attachTrainingJob } from "./training-job.js";
import type { TrainingJob } from "./training-job.js";

type Request = CreateTrainingJobCommandInput;

interface EstimatorProps<Name extends string> extends Omit<
  EstimatorPlan,
  "channels" | "classes" | "instanceType" | "hyperparameters"
> {
  readonly channels?: EstimatorPlan["channels"];
  readonly classes?: ClassTable<Name>;
  readonly instanceType?: string;
  readonly hyperparameters: Hyperparameters;
}

type ReadyPlan<Name extends string> = EstimatorPlan & { readonly classes: ClassTable<Name> };

/** Starts an estimator: `name` is the base of its jobs' names. */
export function estimatorBuilder(context: AwsContext, name: string): NewEstimator {
  checkName(nameRules.trainingJob, name);
  return new EstimatorSteps<never, EstimatorStep>(context, {
    name,
    hyperparameters: {},
    volumeGb: 30,
    maxRuntime: 86_400,
    tags: {},
    overrides: [],
  });
}

/** What a finished estimator has gathered. Throws `builder.incomplete`, and `training.invalid` for an object of others. */
export function planOf<Name extends string>(estimator: Estimator<Name, never>): ReadyPlan<Name> {
  if (estimator instanceof EstimatorSteps) return EstimatorSteps.planOf<Name>(estimator);
  throw trainingInvalid("estimator", typeof estimator, "an estimator of session.estimator()");
}

class EstimatorSteps<in out Name extends string, Step extends EstimatorStep> implements Estimator<Name, Step> {
  readonly #context: AwsContext;
  readonly #props: EstimatorProps<Name>;

  constructor(context: AwsContext, props: EstimatorProps<Name>) {
    this.#context = context;
    this.#props = Object.freeze(props);
  }

  /** For the tuner, which makes many jobs of one estimator. */
  static planOf<Names extends string>(estimator: EstimatorSteps<Names, never>): ReadyPlan<Names> {
    return estimator.#plan();
  }

  get name(): string {
    return this.#props.name;
  }

  dataset<Names extends string>(
    dataset: TrainableDataset<Names>,
  ): Estimator<Names, Exclude<Step, "dataset" | "classes">> {
    return new EstimatorSteps(this.#context, {
      ...this.#props,
      classes: dataset.classes,
      channels: checkChannels(dataset.channels),
      trainingImages: dataset.counts.train,
    });
  }

  channels(channels: TrainingChannels): Estimator<Name, Exclude<Step, "dataset">> {
    // How many images lie there is not known, whatever a dataset given before said.
    return this.#with({ channels: checkChannels(channels), trainingImages: undefined });
  }

  augmentedManifests(manifests: AugmentedManifests): Estimator<Name, Exclude<Step, "dataset">> {
    return this.#with({ channels: manifestChannels(manifests), trainingImages: undefined });
  }

  inputMode(mode: TrainingInputMode): Estimator<Name, Step> {
    if (!["File", "Pipe", "FastFile"].includes(mode)) {
      throw trainingInvalid("inputMode", mode, '"File", "Pipe" or "FastFile"');
    }
    return this.#with({ inputMode: mode });
  }

  continueFrom(earlier: EarlierTraining): Estimator<Name, Step> {
    return this.#with({ earlier: checkEarlier(earlier) });
  }

  classes<Names extends string>(classes: ClassTable<Names>): Estimator<Names, Exclude<Step, "classes">> {
    return new EstimatorSteps(this.#context, { ...this.#props, classes });
  }

  instance(type: string, options: TrainingInstanceOptions = {}): Estimator<Name, Exclude<Step, "instance">> {
    checkInstance(type);
    const volumeGb = integerIn("volumeGb", options.volumeGb ?? 30, 1, 16_384, "GB");
    return this.#with({ instanceType: type, volumeGb });
  }

  hyperparameters(values: Hyperparameters): Estimator<Name, Step> {
    checkHyperparameterNames(values);
    return this.#with({ hyperparameters: { ...this.#props.hyperparameters, ...ownCopy(values) } });
  }

  maxRuntime(seconds: number, { maxPending }: MaxRuntimeOptions = {}): Estimator<Name, Step> {
    if (maxPending !== undefined) integerIn("maxPending", maxPending, 1800, 28 * 86_400, "seconds");
    return this.#with({ maxRuntime: integerIn("maxRuntime", seconds, 1, 28 * 86_400, "seconds"), maxPending });
  }

  output(folder: string): Estimator<Name, Step> {
    return this.#with({ output: folderUri(folder) });
  }

  spot({ maxWait, checkpoints }: SpotOptions): Estimator<Name, Step> {
    integerIn("maxWait", maxWait, 1, Number.MAX_SAFE_INTEGER, "seconds");
    return this.#with({
      spot: { maxWait, ...(checkpoints === undefined ? {} : { checkpoints: folderUri(checkpoints) }) },
    });
  }

  keepAlive(seconds: number): Estimator<Name, Step> {
    return this.#with({ keepAlive: integerIn("keepAlive", seconds, 0, 21_600, "seconds") });
  }

  vpc(network: VpcOptions): Estimator<Name, Step> {
    return this.#with({ vpc: checkVpc(network) });
  }

  encryption(options: EncryptionOptions): Estimator<Name, Step> {
    return this.#with({ encryption: checkEncryption(options) });
  }

  networkIsolation(isolated = true): Estimator<Name, Step> {
    return this.#with({ isolated });
  }

  retries(attempts: number): Estimator<Name, Step> {
    return this.#with({ retries: integerIn("retries", attempts, 1, 30, "attempts") });
  }

  environment(variables: Readonly<Record<string, string>>): Estimator<Name, Step> {
    return this.#with({ environment: checkEnvironment(variables) });
  }

  debugger({ folder }: DebuggerOptions = {}): Estimator<Name, Step> {
    return this.#with({ debugger: folder === undefined ? true : folderUri(folder) });
  }

  tags(tags: Tags): Estimator<Name, Step> {
    const all = { ...this.#props.tags, ...tags };
    tagList(all);
    return this.#with({ tags: all });
  }

  jobName(name: string): Estimator<Name, Step> {
    return this.#with({ jobName: checkName(nameRules.trainingJob, name) });
  }

  override(request: RequestOverride<Request>): Estimator<Name, Step> {
    return this.#with({ overrides: [...this.#props.overrides, ownCopy(request)] });
  }

  warnings(): readonly TrainingFinding[] {
    return planFindings(this.#plan());
  }

  plan(options: PriceOptions = {}): TrainingPlan {
    return plannedJob(this.#plan(), this.#compile(this.#context.regionNow("estimator.plan()")), options);
  }

  async check(options: CheckOptions = {}): Promise<TrainingCheck> {
    const plan = await this.#knownPlan(options.signal);
    return checkEstimator(this.#context, plan, this.#compile(await this.#context.region(), plan), options);
  }

  toRequest(): Request {
    return this.#compile(this.#context.regionNow("estimator.toRequest()"));
  }

  async fit({ signal, onName }: FitOptions = {}): Promise<TrainingJob<Name>> {
    const plan = await this.#knownPlan(signal);
    const { classes } = plan;
    const request = this.#compile(await this.#context.region(), plan);
    const client = await this.#context.clients.sagemaker();
    const { CreateTrainingJobCommand } = await import("@aws-sdk/client-sagemaker");
    const job = attachTrainingJob(this.#context, request.TrainingJobName ?? "", classes);
    signal?.throwIfAborted();
    onName?.(job.name);
    try {
      await send("CreateTrainingJob", (options) => client.send(new CreateTrainingJobCommand(request), options), signal);
    } catch (error) {
      // The answer may have been lost on the way, and the client's own repetition refused: the job runs and costs money.
      const mayRun = isTransient(error) || SegmentationError.is(error, "aws.conflict");
      if (!mayRun || !this.#hasFreshName()) throw error;
      await job.describe(signal === undefined ? {} : { signal }).catch(() => {
        throw error;
      });
    }
    return job;
  }

  /** Whether the job's name is made with the time, so that no job of somebody else can have it. */
  #hasFreshName(): boolean {
    const { jobName, overrides } = this.#props;
    return jobName === undefined && overrides.every(({ TrainingJobName }) => TrainingJobName === undefined);
  }

  /** The plan with what AWS knows of the earlier job. */
  async #knownPlan(signal: AbortSignal | undefined): Promise<ReadyPlan<Name>> {
    const plan = this.#plan();
    if (plan.earlier === undefined) return plan;
    return { ...plan, earlier: await lookUpEarlier(this.#context, plan.earlier, signal) };
  }

  #compile(region: string, plan: EstimatorPlan = this.#plan()): Request {
    const neededBy = "estimator.fit()";
    return planRequest(plan, {
      region,
      role: this.#context.role(neededBy),
      workspace: () => this.#context.workspace(neededBy),
    });
  }

  #plan(): ReadyPlan<Name> {
    const { channels, classes, instanceType, ...rest } = this.#props;
    requireSteps("The estimator", { dataset: channels, classes, instance: instanceType });
    // `requireSteps` has thrown when one of them is missing.
    return { ...rest, channels: channels!, classes: classes!, instanceType: instanceType! };
  }

  #with<Left extends EstimatorStep>(changed: Partial<EstimatorProps<Name>>): Estimator<Name, Left> {
    return new EstimatorSteps<Name, Left>(this.#context, { ...this.#props, ...changed });
  }
}

function checkInstance(type: string): void {
  const kind = trainingInstanceKind(type);
  if (kind === "no-gpu") {
    throw trainingInvalid(
      "instance",
      type,
      "an instance with a GPU (families P2, P3, G4dn, G5): the algorithm does not train on others",
    );
  }
  if (kind === "invalid") {
    const near = closestName(type, documentedTrainingInstances);
    throw trainingInvalid("instance", type, `an instance type such as "${near ?? "ml.p3.2xlarge"}"`);
  }
}
