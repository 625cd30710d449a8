import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { CallOptions } from "../aws/job-handle.js";
import type { Tags } from "../aws/tags.js";
import type { RequestOverride } from "../core/override.js";
import type { Todo } from "../core/steps.js";
import type { DocumentedTrainingInstance } from "../facts/training-instances.js";
import type { ClassTable } from "../mask/classes.js";
import type { CheckOptions, TrainingCheck, TrainingPlan } from "./check-estimator.js";
import type { EarlierTraining } from "./continue-from.js";
import type { TrainingFinding } from "./finding.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { EncryptionOptions, VpcOptions } from "./job-settings.js";
import type { PriceOptions } from "./job-cost.js";
import type { TrainingInputMode } from "./planned-channel.js";
import type { AugmentedManifests, TrainingChannels } from "./training-channels.js";
import type { TrainingJob } from "./training-job.js";

/** An instance type to train on: the documented GPU types by name, any other as text. */
export type TrainingInstanceType = DocumentedTrainingInstance | (string & {});

/** Required steps of an estimator; `dataset` is also done by `channels` and `classes` together. */
export type EstimatorStep = "dataset" | "classes" | "instance";

/** An estimator with nothing but a name. */
export type NewEstimator = Estimator<never, EstimatorStep>;

/** What an estimator needs of a dataset; `session.dataset(...)...upload()` gives one. */
export interface TrainableDataset<in out Name extends string> {
  /** The classes of the masks; `num_classes` follows from them. */
  readonly classes: ClassTable<Name>;
  /** S3 folders of images and masks. */
  readonly channels: TrainingChannels;
  /** Number of images. */
  readonly counts: {
    /** Images in the train channel, for `num_training_samples`. */
    readonly train: number;
  };
}

/** Options of the training instance. */
export interface TrainingInstanceOptions {
  /** Size of its disk in GB for data and artifact; default 30. Types with disks of their own ignore it. */
  readonly volumeGb?: number;
}

/** Options of how long a job may take. */
export interface MaxRuntimeOptions {
  /** Seconds that the job may wait for capacity of a training plan, 1800 to 2,419,200; default: not limited. */
  readonly maxPending?: number;
}

/** Options of the debugger. */
export interface DebuggerOptions {
  /** S3 folder of what hook and profiler write; default: that of the artifacts. */
  readonly folder?: string;
}

/** Options of spot training. */
export interface SpotOptions {
  /** Seconds to wait for the job in all, interruptions included; at least the maximal run time. */
  readonly maxWait: number;
  /** S3 folder of the checkpoints; default `<workspace>/checkpoints/<job name>`. */
  readonly checkpoints?: string;
}

/** Options of {@link Estimator.fit}. */
export interface FitOptions extends CallOptions {
  /**
   * Called with the job's name before the job is created. A job costs money, so keep the name where it outlives the
   * process; after an abort or a crash `session.trainingJob(name, classes)` takes it up again. What it throws ends the
   * work, with nothing sent.
   */
  readonly onName?: (job: string) => void;
}

/**
 * Describes a training job of the built-in semantic segmentation algorithm, step by step. Each step returns a new
 * estimator; nothing is sent before {@link Estimator.fit}.
 *
 * `Step` names the required steps still to do: `fit` and `toRequest` compile only when none is left.
 *
 * @example
 * ```ts
 * const training = await session
 *   .estimator("turtles")
 *   .channels({
 *     train: "s3://turtle2022/data/train/",
 *     train_annotation: "s3://turtle2022/data/train_annotation/",
 *     validation: "s3://turtle2022/data/validation/",
 *     validation_annotation: "s3://turtle2022/data/validation_annotation/",
 *   })
 *   .classes(classes)
 *   .instance("ml.p3.2xlarge")
 *   .hyperparameters({ algorithm: "deeplab", epochs: 30, num_training_samples: 200 })
 *   .fit();
 * for await (const event of training.watch()) {
 *   if (event.type === "epoch") console.log(event.epoch, event.mIoU);
 * }
 * const model = await training.wait();
 * ```
 */
export interface Estimator<in out Name extends string, Step extends EstimatorStep> extends Todo<Step> {
  /** Base of the job names. */
  readonly name: string;
  /** Trains on a dataset; `num_classes` and `num_training_samples` follow from it. */
  dataset<Names extends string>(
    dataset: TrainableDataset<Names>,
  ): Estimator<Names, Exclude<Step, "dataset" | "classes">>;
  /**
   * Trains on data that lies in S3 already; takes `classes` and the hyperparameter `num_training_samples` besides.
   * Throws `s3.uri` and `training.invalid`.
   */
  channels(channels: TrainingChannels): Estimator<Name, Exclude<Step, "dataset">>;
  /**
   * Trains on two augmented manifests, e.g. those that labeling jobs wrote: `source-ref` and the label attribute of each
   * line are streamed to the container in Pipe mode, with no annotation channels. Takes `classes` and the hyperparameter
   * `num_training_samples` (lines that are not empty) besides.
   *
   * The one public example that works sends `mini_batch_size` 1 and `validation_mini_batch_size` 1. Label maps were never
   * seen to act in this mode. Throws `s3.uri` and `training.invalid`.
   */
  augmentedManifests(manifests: AugmentedManifests): Estimator<Name, Exclude<Step, "dataset">>;
  /**
   * How data reaches the container, where a channel does not say otherwise; default `File`, and `Pipe` with augmented
   * manifests. `FastFile` is not documented for this algorithm.
   */
  inputMode(mode: TrainingInputMode): Estimator<Name, Step>;
  /**
   * Goes on from an earlier model (incremental training). `algorithm`, `backbone` and `crop_size` are taken over where
   * they are known and not given; `fit` refuses other values, and another number of classes. Of a model that a job of
   * this session's account made, `fit` looks them up.
   *
   * @throws `s3.uri`; `training.invalid` for what is no artifact, or none of this algorithm.
   */
  continueFrom(earlier: EarlierTraining): Estimator<Name, Step>;
  /** The classes that the masks stand for; `num_classes` follows from them. A dataset brings its own. */
  classes<Names extends string>(classes: ClassTable<Names>): Estimator<Names, Exclude<Step, "classes">>;
  /**
   * The GPU instance, exactly one, of which all GPUs are used.
   *
   * @throws `training.invalid` for a type without GPU, a text that is no type, and a volume outside 1 to 16384 GB.
   */
  instance(type: TrainingInstanceType, options?: TrainingInstanceOptions): Estimator<Name, Exclude<Step, "instance">>;
  /**
   * Sets hyperparameters under the algorithm's names; later values replace earlier ones.
   *
   * `use_pretrained_model` says whether the encoder starts from ImageNet weights (the default) or from scratch.
   *
   * @throws `hyperparameter.invalid` for names that the algorithm does not know, at once; for values, all of them
   * together, by {@link Estimator.toRequest} and {@link Estimator.fit}.
   */
  hyperparameters(values: Hyperparameters): Estimator<Name, Step>;
  /** Seconds after which AWS stops the job; default 86,400 (a day), at most 28 days. */
  maxRuntime(seconds: number, options?: MaxRuntimeOptions): Estimator<Name, Step>;
  /** S3 folder of the artifact, `<folder>/<job name>/output/model.tar.gz`; default `<workspace>/output`. */
  output(folder: string): Estimator<Name, Step>;
  /** Uses spot capacity: cheaper, may be interrupted, goes on from its checkpoints. */
  spot(options: SpotOptions): Estimator<Name, Step>;
  /**
   * Keeps the instance for that many seconds after the job, 0 to 21,600: the next job with the same instance, role and
   * network starts within seconds. It is paid for all the while, and needs a quota of its own ("... for training warm
   * pool usage"). Not together with `spot`.
   */
  keepAlive(seconds: number): Estimator<Name, Step>;
  /** Runs the container in a private network. Throws `training.invalid`. */
  vpc(network: VpcOptions): Estimator<Name, Step>;
  /** Encrypts disk, artifact and traffic with keys of your own; the role must be allowed to use them. Throws `training.invalid`. */
  encryption(options: EncryptionOptions): Estimator<Name, Step>;
  /**
   * Gives the container no way to any network; SageMaker itself brings data in and the artifact out.
   *
   * That this works with this algorithm is likely and not certain: the guide once said it does not, and took that back
   * in August 2019 without another word.
   */
  networkIsolation(isolated?: boolean): Estimator<Name, Step>;
  /** How often AWS starts the job anew after a failure on its own side (`InternalServerError`), 1 to 30; default never. */
  retries(attempts: number): Estimator<Name, Step>;
  /** Environment variables of the container, at most 100; none are known that this algorithm reads. Throws `training.invalid`. */
  environment(variables: Readonly<Record<string, string>>): Estimator<Name, Step>;
  /**
   * Switches SageMaker's debugger and profiler on, as the official Python SDK does unless told otherwise. Off by default:
   * the closed container has nothing for them to hook on to, and the profiler writes to S3 all the while.
   */
  debugger(options?: DebuggerOptions): Estimator<Name, Step>;
  /** Tags of the job; added to those given before. Throws `input.invalid`. */
  tags(tags: Tags): Estimator<Name, Step>;
  /** The job's exact name; default: the estimator's name and the time. Names are unique in account and region, for ever. */
  jobName(name: string): Estimator<Name, Step>;
  /** Members of the request in AWS's own form, merged last over all others. */
  override(request: RequestOverride<CreateTrainingJobCommandInput>): Estimator<Name, Step>;
  /** What AWS would accept and what is probably not meant, e.g. a parameter without effect. Sends nothing. */
  warnings(this: Estimator<Name, never>): readonly TrainingFinding[];
  /**
   * The request, what is odd about it, and with a price the most that it can cost. Sends nothing.
   *
   * @throws what {@link Estimator.toRequest} throws.
   */
  plan(this: Estimator<Name, never>, options?: PriceOptions): TrainingPlan;
  /**
   * Looks at everything that can be looked at before it costs money: the plan, the objects in the channels (are they
   * there, do names pair, do sizes and pixel values fit the hyperparameters), an earlier model, and the account's quota.
   * Changes nothing and starts nothing.
   *
   * @throws what {@link Estimator.toRequest} throws; `aws.*` when the data cannot be read. An unreadable quota is a
   * finding.
   */
  check(this: Estimator<Name, never>, options?: CheckOptions): Promise<TrainingCheck>;
  /**
   * The request that {@link Estimator.fit} would send now. Sends nothing.
   *
   * @throws `hyperparameter.invalid`, `training.invalid`, `session.missing`, `region.unsupported`.
   */
  toRequest(this: Estimator<Name, never>): CreateTrainingJobCommandInput;
  /**
   * Starts the training job, which costs money from then on, and returns its handle without waiting for it.
   *
   * @throws what {@link Estimator.toRequest} throws, before any call; `aws.conflict` for a name in use; `aws.limit`; `aws.*`.
   */
  fit(this: Estimator<Name, never>, options?: FitOptions): Promise<TrainingJob<Name>>;
}
