import { auditLabels } from "./audit/audit-labels.js";
import type { AuditOptions } from "./audit/audit-labels.js";
import type { AuditReport } from "./audit/audit-report.js";
import { createAwsContext } from "./aws/clients.js";
import type { SessionOptions } from "./aws/clients.js";
import type { AwsContext } from "./aws/context.js";
import type { CallOptions } from "./aws/job-handle.js";
import type { ObjectStore } from "./core/object-store.js";
import type { Dataset } from "./dataset/dataset.js";
import { datasetBuilder } from "./dataset/builder.js";
import type { DatasetBuilder } from "./dataset/builder.js";
import { openDataset } from "./dataset/open-dataset.js";
import { attachEndpoint } from "./hosting/endpoint.js";
import type { Endpoint } from "./hosting/endpoint.js";
import { modelFromArtifact } from "./hosting/model.js";
import type { Model } from "./hosting/model.js";
import type { GivenMask } from "./labeling/given-masks.js";
import { importLabels } from "./labeling/import-labels.js";
import type { ImportLabelsOptions } from "./labeling/import-labels.js";
import { masksInManifest } from "./labeling/mask-manifest.js";
import type { MaskManifestOptions } from "./labeling/mask-manifest.js";
import { attachLabelingJob } from "./labeling/labeling-job.js";
import type { LabelingJob } from "./labeling/labeling-job.js";
import type { LabelingJobBuilder, LabelingStep } from "./labeling/labeling-builder.js";
import { labelingJobBuilder } from "./labeling/labeling-steps.js";
import { labelsFromManifest } from "./manifest/labels.js";
import type { Labels } from "./manifest/labels.js";
import type { ClassTable } from "./mask/classes.js";
import { estimatorBuilder } from "./training/estimator-builder.js";
import type { NewEstimator } from "./training/estimator.js";
import { attachTrainingJob } from "./training/training-job.js";
import type { TrainingJob } from "./training/training-job.js";
import type { NewTuner } from "./training/tuner.js";
import { tunerBuilder } from "./training/tuner-builder.js";
import { attachTuningJob } from "./training/tuning-job.js";
import type { TuningJob } from "./training/tuning-job.js";

/**
 * One AWS account, region and workspace: where every builder and handle begins.
 *
 * Nothing here makes a call by itself. What takes a name only (`attachLabelingJob`, `trainingJob`, `endpoint`, ...)
 * works in any process, also long after the one that started the work has ended.
 */
export interface Session {
  /** S3 as this session sees it, for reading results and putting images in place. */
  readonly store: ObjectStore;
  /** Describes a new Ground Truth segmentation job. Throws `input.invalid` for a name that AWS would refuse. */
  labelingJob(name: string): LabelingJobBuilder<never, LabelingStep>;
  /** The handle of a labeling job that exists, by its name. */
  attachLabelingJob<Name extends string>(name: string, classes: ClassTable<Name>): LabelingJob<Name>;
  /**
   * Labels in an output manifest that lies in S3, of whichever job.
   *
   * @param attribute - The label attribute to read; default: on each line the newest one of segmentation type.
   */
  labels<Name extends string>(manifestUri: string, classes: ClassTable<Name>, attribute?: string): Labels<Name>;
  /**
   * Looks at every mask of some labels before they are trained on: indices that do not belong to their colours, unknown
   * colours, soft edges, sizes, empty masks, class balance. Reads only.
   *
   * @throws `manifest` for lines and attributes that cannot be read, `aws`.
   */
  audit<Name extends string>(labels: Labels<Name>, options?: AuditOptions): Promise<AuditReport<Name>>;
  /**
   * Takes masks that were made elsewhere, also by Ground Truth Plus (which has no API) and custom tasks, for labels: each
   * is checked against its image and written as a labeling job would write it, below `<workspace>/labels/<name>/`. The
   * result goes wherever labels go: into a dataset, an adjustment or verification job.
   *
   * Ignored pixels become background, as Ground Truth knows none; a dataset keeps them with `pairs(...)`.
   *
   * @throws `labeling.invalid` for a mask of another size than its image, `labeling.no-images` for none, `mask.*` and
   * `codec.*` for masks that cannot be read, `session.missing` without a workspace.
   */
  importLabels<Name extends string>(
    name: string,
    classes: ClassTable<Name>,
    masks: Iterable<GivenMask> | AsyncIterable<GivenMask>,
    options?: ImportLabelsOptions,
  ): Promise<Labels<Name>>;
  /** The images and masks that a manifest of another tool names, for `importLabels` and `adjustMasks`; JSON Lines in S3. */
  masksInManifest(manifestUri: string, options: MaskManifestOptions): AsyncIterable<GivenMask>;
  /** Describes a new dataset: labels or pairs of files become the channels of a training job. */
  dataset<Name extends string>(classes: ClassTable<Name>): DatasetBuilder<Name>;
  /** Opens a dataset that was uploaded before, from the receipt in its folder. */
  datasetAt<Name extends string>(uri: string, classes: ClassTable<Name>, options?: CallOptions): Promise<Dataset<Name>>;
  /** Describes a training job; `name` is the base of its jobs' names. */
  estimator(name: string): NewEstimator;
  /** The handle of a training job that exists, by its full name. */
  trainingJob<Name extends string>(name: string, classes: ClassTable<Name>): TrainingJob<Name>;
  /** Describes a tuning job: many training jobs of one estimator. `name` is the base of its jobs' names. */
  tuner(name: string): NewTuner;
  /** The handle of a tuning job that exists, by its full name. */
  tuningJob<Name extends string>(name: string, classes: ClassTable<Name>): TuningJob<Name>;
  /** A model from its artifact, `s3://.../model.tar.gz`; one that a job just made comes from `trainingJob(...).wait()`. */
  model<Name extends string>(artifact: string, classes: ClassTable<Name>): Model<Name>;
  /** The handle of an endpoint that exists, by its name. It is not disposable: `await using` cannot delete it. */
  endpoint<Name extends string>(name: string, classes: ClassTable<Name>): Endpoint<Name>;
}

/**
 * Opens a session. Makes no call and loads no client; region and credentials are found as every AWS client finds them.
 *
 * Role and workspace are asked for only by the steps that need them: a service with just an endpoint writes
 * `createSession().endpoint("turtles", classes).predictor()`.
 *
 * @throws `input.invalid` for a role, endpoint address, region or interval that cannot be right, `s3.uri` for the
 * workspace.
 *
 * @example
 * ```ts
 * import { createSession, defineClasses } from "sagemaker-semseg";
 *
 * const classes = defineClasses(["background", "sea turtle"]);
 * const session = createSession({
 *   region: "us-east-1",
 *   role: "arn:aws:iam::123456789012:role/Turtles",
 *   workspace: "s3://turtle2022/run-1",
 * });
 * const predictor = session.endpoint("turtles", classes).predictor();
 * ```
 */
export function createSession(options: SessionOptions = {}): Session {
  return sessionOf(createAwsContext(options));
}

/** A session over a context; the embedded backend brings its own. */
export function sessionOf(context: AwsContext): Session {
  return {
    store: context.store,
    labelingJob: (name) => labelingJobBuilder(context, name),
    attachLabelingJob: (name, classes) => attachLabelingJob(context, name, classes),
    labels: (uri, classes, attribute) =>
      labelsFromManifest({ store: context.store, uri, classes, ...(attribute === undefined ? {} : { attribute }) }),
    audit: (labels, options) => auditLabels(context.store, labels, options),
    importLabels: (name, classes, masks, options) => importLabels(context, name, classes, masks, options),
    masksInManifest: (uri, options) => masksInManifest(context.store, uri, options),
    dataset: (classes) => datasetBuilder(context, classes),
    datasetAt: (uri, classes, callOptions) => openDataset(context.store, uri, classes, callOptions),
    estimator: (name) => estimatorBuilder(context, name),
    trainingJob: (name, classes) => attachTrainingJob(context, name, classes),
    tuner: (name) => tunerBuilder(context, name),
    tuningJob: (name, classes) => attachTuningJob(context, name, classes),
    model: (artifact, classes) => modelFromArtifact(context, { artifact, classes }),
    endpoint: (name, classes) => attachEndpoint(context, name, classes),
  };
}
