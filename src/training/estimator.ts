import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { CallOptions } from "../aws/job-handle.js";
import type { Tags } from "../aws/tags.js";
import type { RequestOverride } from "../core/override.js";
import type { Todo } from "../core/steps.js";
import type { DocumentedTrainingInstance } from "../facts/training-instances.js";
import type { ClassTable } from "../mask/classes.js";
import type { TrainingWarning } from "./hyperparameter-advice.js";
import type { Hyperparameters } from "./hyperparameters.js";
import type { TrainingChannels } from "./training-channels.js";
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
  /** The classes that the masks stand for; `num_classes` follows from them. A dataset brings its own. */
  classes<Names extends string>(classes: ClassTable<Names>): Estimator<Names, Exclude<Step, "classes">>;
  /**
   * The GPU instance, exactly one, of which all GPUs are used.
   *
   * @throws `training.invalid` for a type without GPU, a text that is no type, and a volume outside 1 to 16384 GB.
   */
  instance(type: TrainingInstanceType, options?: TrainingInstanceOptions): Estimator<Name, Exclude<Step, "instance">>;
  /** Sets hyperparameters under the algorithm's names; later values replace earlier ones. Throws `hyperparameter.invalid` at the end. */
  hyperparameters(values: Hyperparameters): Estimator<Name, Step>;
  /** Seconds after which AWS stops the job; default 86,400 (a day), at most 28 days. */
  maxRuntime(seconds: number): Estimator<Name, Step>;
  /** S3 folder of the artifact, `<folder>/<job name>/output/model.tar.gz`; default `<workspace>/output`. */
  output(folder: string): Estimator<Name, Step>;
  /** Uses spot capacity: cheaper, may be interrupted, goes on from its checkpoints. */
  spot(options: SpotOptions): Estimator<Name, Step>;
  /** Tags of the job; added to those given before. Throws `input.invalid`. */
  tags(tags: Tags): Estimator<Name, Step>;
  /** The job's exact name; default: the estimator's name and the time. Names are unique in account and region, for ever. */
  jobName(name: string): Estimator<Name, Step>;
  /** Members of the request in AWS's own form, merged last over all others. */
  override(request: RequestOverride<CreateTrainingJobCommandInput>): Estimator<Name, Step>;
  /** What AWS would accept and what is probably not meant, e.g. a parameter without effect. Sends nothing. */
  warnings(this: Estimator<Name, never>): readonly TrainingWarning[];
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
