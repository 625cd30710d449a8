import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { mergeOverride } from "../core/override.js";
import type { RequestOverride } from "../core/override.js";
import { joinS3Uri } from "../core/s3-uri.js";
import { requireSteps } from "../core/steps.js";
import type { ClassTable } from "../mask/classes.js";
import type { ImageSource } from "./image-source.js";
import { labelingFiles, labelingPaths } from "./labeling-files.js";
import type { LabelingFile } from "./labeling-files.js";
import type { LabelingLambdas, LabelingStop, LabelingTimeLimits } from "./labeling-options.js";
import { labelingRequest } from "./labeling-request.js";
import type { LabelingRequestSettings } from "./labeling-request.js";
import type { Instructions } from "./worker-template.js";
import type { Workforce } from "./workforce.js";

/** What the steps of a labeling job have gathered; each part is checked for itself. */
export interface LabelingProps<Name extends string> {
  readonly context: AwsContext;
  readonly name: string;
  readonly images?: ImageSource;
  readonly classes?: ClassTable<Name>;
  readonly workforce?: Workforce;
  readonly instructions?: Instructions;
  readonly title?: string;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly workersPerObject?: number;
  readonly timeLimits?: LabelingTimeLimits;
  readonly stop?: LabelingStop;
  readonly attribute?: string;
  readonly output?: string;
  readonly tags?: readonly { Key: string; Value: string }[];
  readonly lambdas?: LabelingLambdas;
  /** Laid over the request one after another. */
  readonly overrides: readonly RequestOverride<CreateLabelingJobCommandInput>[];
}

/** A complete labeling job: what will be written where, and all of the request but its region. */
export interface LabelingPlan<Name extends string> {
  readonly name: string;
  readonly classes: ClassTable<Name>;
  readonly images: ImageSource;
  readonly files: readonly LabelingFile[];
  /** Folders that this package writes: never taken for images. */
  readonly ownFolders: readonly string[];
  readonly settings: Omit<LabelingRequestSettings, "region">;
  /** Laid over the request one after another. */
  readonly overrides: readonly RequestOverride<CreateLabelingJobCommandInput>[];
}

/**
 * Completes the plan with defaults.
 *
 * @throws `builder.incomplete`, `session.missing` without workspace or role.
 */
export function labelingPlan<Name extends string>(props: LabelingProps<Name>): LabelingPlan<Name> {
  const { context, name, images, classes, workforce, instructions } = props;
  requireSteps("labelingJob", { images, classes, workteam: workforce, instructions });
  const workspace = context.workspace("labelingJob");
  const paths = labelingPaths(workspace, name);
  const outputUri = props.output ?? joinS3Uri(workspace, "labels/");
  const description = props.description ?? "Paint every requested object in its colour";
  const { taskSeconds = 3600, ...limits } = props.timeLimits ?? {};
  return {
    name,
    // `requireSteps` has thrown when one of the four is missing.
    classes: classes!,
    images: images!,
    files: labelingFiles(paths, classes!, instructions!, description),
    ownFolders: [joinS3Uri(workspace, "labeling/"), joinS3Uri(workspace, "dataset/"), outputUri],
    settings: {
      name,
      attribute: props.attribute ?? `${name}-ref`,
      role: context.role("labelingJob"),
      manifestUri: images!.kind === "manifest" ? images!.uri : paths.manifest,
      categoriesUri: paths.categories,
      templateUri: paths.template,
      outputUri,
      workforce: workforce!,
      title: props.title ?? "Semantic segmentation",
      description,
      keywords: props.keywords ?? ["image", "segmentation"],
      taskSeconds,
      ...limits,
      ...(props.workersPerObject === undefined ? {} : { workersPerObject: props.workersPerObject }),
      ...(props.stop === undefined ? {} : { stopAfter: props.stop }),
      ...(props.lambdas === undefined ? {} : { lambdas: props.lambdas }),
      tags: props.tags ?? [],
    },
    overrides: props.overrides,
  };
}

/** The request of a plan in a region, the caller's overrides laid over it. */
export function planRequest(
  { settings, overrides }: Pick<LabelingPlan<never>, "settings" | "overrides">,
  region: string,
): CreateLabelingJobCommandInput {
  return overrides.reduce<CreateLabelingJobCommandInput>(mergeOverride, labelingRequest({ ...settings, region }));
}
