import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { Tags } from "../aws/tags.js";
import type { RequestOverride } from "../core/override.js";
import type { WorkOptions } from "../core/progress.js";
import type { Todo } from "../core/steps.js";
import type { ClassTable } from "../mask/classes.js";
import type { Labels } from "../manifest/labels.js";
import type { AutomatedLabelingOptions } from "./automated-labeling.js";
import type { LabelingCheck, LabelingCheckOptions } from "./check/check-labeling-job.js";
import type { EarlierLabelsOptions } from "./earlier-labels.js";
import type { GivenMask, GivenMaskOptions } from "./given-masks.js";
import type { ImageOptions } from "./image-source.js";
import type { LabelingFile } from "./labeling-files.js";
import type { LabelingJob } from "./labeling-job.js";
import type { LabelingLambdas, LabelingStop, LabelingTimeLimits } from "./labeling-options.js";
import type { Instructions } from "./worker-template.js";
import type { PreviewOptions, WorkerPagePreview } from "./preview.js";
import type { MaskMaker } from "./predicted-masks.js";
import type { StreamingTopics } from "./streaming.js";
import type { VerifyOptions } from "./verdicts.js";
import type { ContentClassifier, MechanicalTurkTerms } from "./workforce.js";

/** Required steps of a labeling job. */
export type LabelingStep = "images" | "classes" | "workteam" | "instructions";

/**
 * Describes a Ground Truth segmentation job step by step; each step returns a new builder.
 *
 * Required: images (or manifest), classes, workteam (or Mechanical Turk), instructions. Each step throws
 * `labeling.invalid` for a setting that Ground Truth would refuse, before any AWS call.
 *
 * Ground Truth is closed to new AWS customers since July 2026; accounts that use it go on. Masks made elsewhere enter at
 * `session.dataset(classes).pairs(...)`.
 */
export interface LabelingJobBuilder<Name extends string, Step extends LabelingStep> extends Todo<Step> {
  /**
   * The images: a folder in S3 (`s3://bucket/images/`, everything below it that is named .jpg, .jpeg or .png) or a
   * list of addresses. `start()` checks them and writes the input manifest.
   */
  images(images: string | readonly string[], options?: ImageOptions): LabelingJobBuilder<Name, Exclude<Step, "images">>;
  /** An input manifest that exists already: JSON Lines with `source-ref`, also the output manifest of another job. */
  manifest(uri: string): LabelingJobBuilder<Name, Exclude<Step, "images">>;
  /**
   * Adjusts the masks of an earlier job: the workers see each and correct it; the new job's labels stand beside the old
   * ones, with `adjustment` telling whether anything was changed. Images without a mask are left out.
   *
   * @param labels - Labels of one attribute, e.g. what `job.wait()` gives. Their classes become the job's; call
   * `classes(...)` after this to add some.
   */
  adjust<Classes extends string>(
    labels: Labels<Classes>,
    options?: EarlierLabelsOptions,
  ): LabelingJobBuilder<Classes, Exclude<Step, "images" | "classes">>;
  /**
   * Adjusts masks that were made elsewhere, also by Ground Truth Plus: `start()` checks each against its image, writes
   * it as Ground Truth does and names it in the manifest under `<job name>-given-ref`.
   */
  adjustMasks(
    masks: Iterable<GivenMask> | AsyncIterable<GivenMask>,
    options?: GivenMaskOptions,
  ): LabelingJobBuilder<Name, Exclude<Step, "images">>;
  /**
   * Adjusts what a model predicts: `start()` has the mask of each image predicted and writes it for the workers.
   *
   * @param predictor - An endpoint's predictor, a model on this machine, a function of yours.
   * @param images - As in `images(...)`.
   */
  adjustPredictions(
    predictor: MaskMaker,
    images: string | readonly string[],
    options?: ImageOptions,
  ): LabelingJobBuilder<Name, Exclude<Step, "images">>;
  /**
   * Has the masks of an earlier job judged: the workers see each and choose an answer, which `job.verdicts()` gives.
   * The attribute's default is the job's name; it must not end in `-ref`.
   *
   * @param labels - Labels of one attribute. Their classes become the job's.
   */
  verify<Classes extends string>(
    labels: Labels<Classes>,
    options?: VerifyOptions,
  ): LabelingJobBuilder<Classes, Exclude<Step, "images" | "classes">>;
  /**
   * Goes on where a stopped, failed or expired job ended: under the same label attribute, so that only images without
   * a label are sent. The result holds the labels of both.
   */
  continueFrom<Classes extends string>(
    labels: Labels<Classes>,
  ): LabelingJobBuilder<Classes, Exclude<Step, "images" | "classes">>;
  /**
   * Takes images from an SNS topic for as long as the job runs (until it is stopped, or nothing came for 10 days);
   * {@link streamingMessage} makes the messages. Images that are named besides are sent once at the start. The queue
   * `GroundTruth-<job name>` that the service makes in the account stays when the job has ended.
   */
  streaming(topics: StreamingTopics): LabelingJobBuilder<Name, Exclude<Step, "images">>;
  /**
   * The classes. Index 0 stands for Ground Truth's own `BACKGROUND`; the other names, in their order, are the labels
   * that workers see, at most 256 characters each.
   */
  classes<Classes extends string>(classes: ClassTable<Classes>): LabelingJobBuilder<Classes, Exclude<Step, "classes">>;
  /** A private or vendor team by its ARN; it must be in the session's region. */
  workteam(arn: string): LabelingJobBuilder<Name, Exclude<Step, "workteam">>;
  /** The public crowd, Amazon Mechanical Turk, at one of the four prices for segmentation. */
  mechanicalTurk(terms: MechanicalTurkTerms): LabelingJobBuilder<Name, Exclude<Step, "workteam">>;
  /** What the workers read; see {@link Instructions}. */
  instructions(instructions: Instructions): LabelingJobBuilder<Name, Exclude<Step, "instructions">>;
  /** Title of the task in the workers' list, 1 to 128 characters without emoji; default "Semantic segmentation". */
  title(title: string): LabelingJobBuilder<Name, Step>;
  /**
   * One line on the task, 1 to 255 characters, also shown above the image; default "Paint every requested object in
   * its colour".
   */
  description(description: string): LabelingJobBuilder<Name, Step>;
  /** 1 to 5 search words for the public crowd: letters, digits, single blanks; default "image", "segmentation". */
  keywords(keywords: readonly string[]): LabelingJobBuilder<Name, Step>;
  /** Workers that label each image, 1 to 9; default 3 for the public crowd (the console's) and 1 for a team. */
  workersPerObject(count: number): LabelingJobBuilder<Name, Step>;
  /** Times and batch size. */
  timeLimits(limits: LabelingTimeLimits): LabelingJobBuilder<Name, Step>;
  /**
   * Ends the job early. AWS then counts it as stopped: `wait()` throws `job.stopped`, and `job.labels()` gives what was
   * labeled.
   */
  stopAfter(stop: LabelingStop): LabelingJobBuilder<Name, Step>;
  /**
   * Key of the labels in the output manifest; default `<job name>-ref`. Must end in `-ref`, which is never appended
   * silently.
   */
  attribute(name: string): LabelingJobBuilder<Name, Step>;
  /**
   * Has Ground Truth train a model on the first labels and label the rest with it where it is sure; at least 1,250
   * images, 5,000 advised, of at most 1920 x 1080 pixels; at most 20 classes. The training machines are billed.
   */
  automatedLabeling(options?: AutomatedLabelingOptions): LabelingJobBuilder<Name, Step>;
  /** What the images of a team's job are free of; the public crowd's are part of `mechanicalTurk(...)`. */
  contentClassifiers(classifiers: readonly ContentClassifier[]): LabelingJobBuilder<Name, Step>;
  /** KMS key that encrypts the results: its id or ARN; default: S3's own key. The key's policy must name the role. */
  outputKmsKey(key: string): LabelingJobBuilder<Name, Step>;
  /** Folder of the results; default `<workspace>/labels/`. Ground Truth adds `<job name>/`. */
  output(uri: string): LabelingJobBuilder<Name, Step>;
  /** At most 50 tags. */
  tags(tags: Tags): LabelingJobBuilder<Name, Step>;
  /** Functions of your own, or of a region where this package does not know Ground Truth's. */
  lambdas(lambdas: LabelingLambdas): LabelingJobBuilder<Name, Step>;
  /** Any member of the request, laid over everything else; lists replace lists, `undefined` takes a member away. */
  override(override: RequestOverride<CreateLabelingJobCommandInput>): LabelingJobBuilder<Name, Step>;
  /**
   * The request as it would be sent. No AWS call, no client.
   *
   * @throws `session.missing` without region, role or workspace; `region.unsupported`, `labeling.invalid`.
   */
  toRequest(this: LabelingJobBuilder<Name, never>): CreateLabelingJobCommandInput;
  /** The files that `start()` writes beside the manifest: label categories and worker page. No AWS call. */
  toFiles(this: LabelingJobBuilder<Name, never>): readonly LabelingFile[];
  /**
   * Looks at everything that the job needs before it costs money: settings, name, images (duplicates, kind, size, EXIF
   * rotation), buckets, regions and CORS rules, team, role and worker page, and the largest bill possible. Changes
   * nothing but, with `apply`, missing CORS rules.
   *
   * @returns Findings with code, severity and what to do; something wrong with the job is a finding, not an error.
   * @throws `builder.incomplete`, `session.missing`, `labeling.invalid` for steps that do not go together, `aws.*` when
   * AWS cannot be reached.
   */
  check(this: LabelingJobBuilder<Name, never>, options?: LabelingCheckOptions): Promise<LabelingCheck>;
  /**
   * Shows the worker page: on this machine as a page of its own with a stand-in for AWS's elements, or rendered by the
   * service (`by: "service"`), which needs the role and makes a call. Nothing is created.
   */
  preview(this: LabelingJobBuilder<Name, never>, options?: PreviewOptions): Promise<WorkerPagePreview>;
  /**
   * Checks the images, writes manifest, label categories and worker page into the workspace, and creates the job.
   *
   * Nothing is written when the name is taken or an image is refused. Abort before the job exists leaves at most
   * files in the workspace.
   *
   * @throws as `toRequest()`; `labeling.no-images`; `aws.conflict` when a job has this name; any `aws.*`.
   */
  start(this: LabelingJobBuilder<Name, never>, options?: WorkOptions): Promise<LabelingJob<Name>>;
}
