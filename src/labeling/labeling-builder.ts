import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { Tags } from "../aws/tags.js";
import type { RequestOverride } from "../core/override.js";
import type { WorkOptions } from "../core/progress.js";
import type { Todo } from "../core/steps.js";
import type { ClassTable } from "../mask/classes.js";
import type { ImageOptions } from "./image-source.js";
import type { LabelingFile } from "./labeling-files.js";
import type { LabelingJob } from "./labeling-job.js";
import type { LabelingLambdas, LabelingStop, LabelingTimeLimits } from "./labeling-options.js";
import type { Instructions } from "./worker-template.js";
import type { MechanicalTurkTerms } from "./workforce.js";

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
   * Checks the images, writes manifest, label categories and worker page into the workspace, and creates the job.
   *
   * Nothing is written when the name is taken or an image is refused. Abort before the job exists leaves at most
   * files in the workspace.
   *
   * @throws as `toRequest()`; `labeling.no-images`; `aws.conflict` when a job has this name; any `aws.*`.
   */
  start(this: LabelingJobBuilder<Name, never>, options?: WorkOptions): Promise<LabelingJob<Name>>;
}
