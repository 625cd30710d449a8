import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { mergeOverride } from "../core/override.js";
import type { RequestOverride } from "../core/override.js";
import { joinS3Uri } from "../core/s3-uri.js";
import { requireSteps } from "../core/steps.js";
import type { GroundTruthTask } from "../facts/ground-truth-regions.js";
import { labelingLimits } from "../facts/labeling-limits.js";
import { defaultColor, formatColor } from "../mask/palette.js";
import type { AnyClassTable, ClassTable } from "../mask/classes.js";
import type { AutomatedLabelingOptions } from "./automated-labeling.js";
import type { EarlierLabels } from "./earlier-labels.js";
import type { GivenMask, GivenMaskOptions } from "./given-masks.js";
import type { ImageSource, NamedImages } from "./image-source.js";
import { checkAttribute } from "./label-attribute.js";
import { labelingFiles, labelingPaths } from "./labeling-files.js";
import type { LabelingFile } from "./labeling-files.js";
import type { LabelingLambdas, LabelingStop, LabelingTimeLimits } from "./labeling-options.js";
import { labelingRequest } from "./labeling-request.js";
import type { LabelingRequestSettings } from "./labeling-request.js";
import { refusal } from "./refusal.js";
import type { StreamingTopics } from "./streaming.js";
import type { Instructions, WorkerTemplate } from "./worker-template.js";
import type { ContentClassifier, Workforce } from "./workforce.js";

/** Masks from elsewhere that the workers are to correct. */
export interface GivenMasks extends GivenMaskOptions {
  readonly kind: "masks";
  /** Begins with the first mask each time it is called; called once for each start. */
  readonly masks: (signal: AbortSignal | undefined) => Iterable<GivenMask> | AsyncIterable<GivenMask>;
  /** The masks, when they can be looked through more than once. */
  readonly given?: readonly GivenMask[];
  /** The images, when masks are predicted of them. */
  readonly images?: NamedImages;
}

/** What the manifest of a job is made of. */
export type LabelingSource = ImageSource | EarlierLabels | GivenMasks;

/** What the steps of a labeling job have gathered; each part is checked for itself. */
export interface LabelingProps<Name extends string> {
  readonly context: AwsContext;
  readonly name: string;
  readonly images?: LabelingSource;
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
  readonly contentClassifiers?: readonly ContentClassifier[];
  readonly automated?: AutomatedLabelingOptions;
  readonly streaming?: StreamingTopics;
  readonly outputKmsKey?: string;
  /** Laid over the request one after another. */
  readonly overrides: readonly RequestOverride<CreateLabelingJobCommandInput>[];
}

/** A complete labeling job: what will be written where, and all of the request but its region. */
export interface LabelingPlan<Name extends string> {
  readonly name: string;
  readonly classes: ClassTable<Name>;
  /** Missing in a streaming job that begins with nothing. */
  readonly images?: LabelingSource;
  /** Address of the input manifest that is written, or of the given one. */
  readonly manifestUri: string;
  /** Folder of what is written for the job. */
  readonly folder: string;
  /** Attribute of the labels that the workers see, in adjustment and verification jobs. */
  readonly shown?: string;
  /** Parts of the worker page. */
  readonly page: WorkerTemplate;
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
 * @throws `builder.incomplete`, `session.missing` without workspace or role, `labeling.invalid` for settings that do not
 * go together.
 */
export function labelingPlan<Name extends string>(props: LabelingProps<Name>): LabelingPlan<Name> {
  const { context, name, images, classes, workforce, instructions } = props;
  requireSteps("labelingJob", { images: images ?? props.streaming, classes, workteam: workforce, instructions });
  const workspace = context.workspace("labelingJob");
  const paths = labelingPaths(workspace, name);
  const outputUri = props.output ?? joinS3Uri(workspace, "labels/");
  const description = props.description ?? "Paint every requested object in its colour";
  const { taskSeconds = 3600, ...limits } = props.timeLimits ?? {};
  const task = taskOf(images);
  const shown = shownAttribute(name, images);
  const attribute = checkAttribute(props.attribute ?? (task === "verification" ? name : `${name}-ref`), task);
  if (attribute === shown) {
    throw refusal("label attribute", attribute, "another name than that of the labels which the workers see");
  }
  // `requireSteps` has thrown when one of them is missing.
  checkClasses(props, classes!);
  const manifestUri = images?.kind === "manifest" ? images.uri : paths.manifest;
  const page: WorkerTemplate = {
    ...instructions!,
    header: description,
    task,
    ...(shown === undefined ? {} : { shown }),
    labels: classes!.names
      .slice(1)
      .map((label, index) => ({ name: label, color: formatColor(defaultColor(index + 1)) })),
  };
  const labels = images?.kind === "labels" && images.categories !== undefined ? images.categories : classes!;
  return {
    name,
    classes: classes!,
    ...(images === undefined ? {} : { images }),
    manifestUri,
    folder: paths.folder,
    ...(shown === undefined ? {} : { shown }),
    page,
    files: labelingFiles(paths, labels, page),
    ownFolders: [joinS3Uri(workspace, "labeling/"), joinS3Uri(workspace, "dataset/"), outputUri],
    settings: {
      name,
      attribute,
      role: context.role("labelingJob"),
      task,
      ...(images === undefined ? {} : { manifestUri }),
      categoriesUri: paths.categories,
      templateUri: paths.template,
      outputUri,
      workforce: workforce!,
      title: props.title ?? "Semantic segmentation",
      description,
      keywords: props.keywords ?? ["image", "segmentation"],
      taskSeconds,
      ...limits,
      ...given({
        workersPerObject: props.workersPerObject,
        stopAfter: props.stop,
        lambdas: props.lambdas,
        contentClassifiers: props.contentClassifiers,
        automated: props.automated,
        streaming: props.streaming,
        outputKmsKey: props.outputKmsKey,
      }),
      tags: props.tags ?? [],
    },
    overrides: props.overrides,
  };
}

/** The members that are there. */
function given<Members extends object>(
  members: Members,
): { [Key in keyof Members]?: Exclude<Members[Key], undefined> } {
  // `fromEntries` loses the keys' types.
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Members]?: Exclude<Members[Key], undefined>;
  };
}

/** The kind of task that a source stands for. */
export function taskOf(source: LabelingSource | undefined): GroundTruthTask {
  if (source?.kind === "masks") return "adjustment";
  return source?.kind === "labels" ? source.task : "labeling";
}

function shownAttribute(name: string, source: LabelingSource | undefined): string | undefined {
  if (source?.kind === "masks") return `${name}-given-ref`;
  return source?.kind === "labels" ? source.attribute : undefined;
}

/** Guide, sms-verification-data: an adjustment has all labels of the first job. Automated labeling takes up to 20. */
function checkClasses(
  { images, automated }: Pick<LabelingProps<never>, "images" | "automated">,
  classes: AnyClassTable,
): void {
  const missing =
    images?.kind === "labels" && images.task === "adjustment"
      ? images.names.slice(1).find((name) => !classes.names.includes(name))
      : undefined;
  if (missing !== undefined) {
    throw refusal("classes", missing, `all classes of the labels that are adjusted; "${missing}" is missing`);
  }
  if (automated !== undefined && classes.count - 1 > labelingLimits.automatedLabels) {
    throw refusal(
      "classes",
      classes.count - 1,
      `at most ${labelingLimits.automatedLabels} classes besides the background with automated labeling`,
    );
  }
}

/** The request of a plan in a region, the caller's overrides laid over it. */
export function planRequest(
  { settings, overrides }: Pick<LabelingPlan<never>, "settings" | "overrides">,
  region: string,
): CreateLabelingJobCommandInput {
  return overrides.reduce<CreateLabelingJobCommandInput>(mergeOverride, labelingRequest({ ...settings, region }));
}
