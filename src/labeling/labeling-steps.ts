import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { checkName, nameRules } from "../aws/names.js";
import { tagList } from "../aws/tags.js";
import type { Tags } from "../aws/tags.js";
import { SegmentationError } from "../core/errors.js";
import { ownCopy } from "../core/own-copy.js";
import type { RequestOverride } from "../core/override.js";
import type { WorkOptions } from "../core/progress.js";
import { folderUri, parseS3Uri } from "../core/s3-uri.js";
import type { ClassTable } from "../mask/classes.js";
import type { Labels } from "../manifest/labels.js";
import { checkAutomatedLabeling } from "./automated-labeling.js";
import type { AutomatedLabelingOptions } from "./automated-labeling.js";
import { earlierLabels } from "./earlier-labels.js";
import type { EarlierLabelsOptions } from "./earlier-labels.js";
import type { GivenMask, GivenMaskOptions } from "./given-masks.js";
import { imageSource } from "./image-source.js";
import type { ImageOptions } from "./image-source.js";
import { checkAttribute } from "./label-attribute.js";
import { groundTruthLabels } from "./label-categories.js";
import type { LabelingJobBuilder, LabelingStep } from "./labeling-builder.js";
import type { LabelingFile } from "./labeling-files.js";
import type { LabelingJob } from "./labeling-job.js";
import * as rules from "./labeling-options.js";
import type { LabelingLambdas, LabelingStop, LabelingTimeLimits } from "./labeling-options.js";
import { checkLabelingJob } from "./check/check-labeling-job.js";
import type { LabelingCheck, LabelingCheckOptions } from "./check/check-labeling-job.js";
import { checkKmsKey } from "./keys-and-topics.js";
import { labelingPlan, planRequest, taskOf } from "./labeling-plan.js";
import type { LabelingProps } from "./labeling-plan.js";
import { previewPage } from "./preview.js";
import type { PreviewOptions, WorkerPagePreview } from "./preview.js";
import { predictedMasks } from "./predicted-masks.js";
import type { MaskMaker } from "./predicted-masks.js";
import { integerBetween, refusal } from "./refusal.js";
import { startLabelingJob } from "./start-labeling-job.js";
import { checkStreaming } from "./streaming.js";
import type { StreamingTopics } from "./streaming.js";
import { defaultCategories } from "./verdicts.js";
import type { VerifyOptions } from "./verdicts.js";
import { checkExamples, instructionHtml } from "./worker-template.js";
import type { Instructions } from "./worker-template.js";
import { publicWorkforce, teamWorkforce } from "./workforce.js";
import type { ContentClassifier, MechanicalTurkTerms } from "./workforce.js";

/** Begins the description of a labeling job. Throws `input.invalid` for a name that AWS would refuse. */
export function labelingJobBuilder(context: AwsContext, name: string): LabelingJobBuilder<never, LabelingStep> {
  return new LabelingSteps<never, LabelingStep>({
    context,
    name: checkName(nameRules.labelingJob, name),
    overrides: [],
  });
}

class LabelingSteps<Name extends string, Step extends LabelingStep> implements LabelingJobBuilder<Name, Step> {
  declare readonly "~todo"?: Step;
  readonly #props: LabelingProps<Name>;

  constructor(props: LabelingProps<Name>) {
    this.#props = Object.freeze(props);
  }

  #with<Done extends LabelingStep = never>(
    change: Partial<LabelingProps<Name>>,
  ): LabelingSteps<Name, Exclude<Step, Done>> {
    return new LabelingSteps<Name, Exclude<Step, Done>>({ ...this.#props, ...change });
  }

  images(images: string | readonly string[], options: ImageOptions = {}): LabelingSteps<Name, Exclude<Step, "images">> {
    return this.#with<"images">({ images: imageSource(images, options) });
  }

  manifest(uri: string): LabelingSteps<Name, Exclude<Step, "images">> {
    parseS3Uri(uri);
    return this.#with<"images">({ images: { kind: "manifest", uri } });
  }

  adjust<Classes extends string>(
    labels: Labels<Classes>,
    options: EarlierLabelsOptions = {},
  ): LabelingSteps<Classes, Exclude<Step, "images" | "classes">> {
    return this.#taking(labels, { images: earlierLabels(labels, "adjustment", options) });
  }

  verify<Classes extends string>(
    labels: Labels<Classes>,
    { categories = defaultCategories, ...options }: VerifyOptions = {},
  ): LabelingSteps<Classes, Exclude<Step, "images" | "classes">> {
    return this.#taking(labels, { images: earlierLabels(labels, "verification", { ...options, categories }) });
  }

  #taking<Classes extends string>(
    { classes }: Labels<Classes>,
    changes: Partial<Omit<LabelingProps<Classes>, "classes">>,
  ): LabelingSteps<Classes, Exclude<Step, "images" | "classes">> {
    groundTruthLabels(classes);
    const others: Omit<LabelingProps<never>, "classes"> = this.#props;
    return new LabelingSteps<Classes, Exclude<Step, "images" | "classes">>({ ...others, ...changes, classes });
  }

  adjustMasks(
    masks: Iterable<GivenMask> | AsyncIterable<GivenMask>,
    options: GivenMaskOptions = {},
  ): LabelingSteps<Name, Exclude<Step, "images">> {
    // A copy: the caller may change the list later.
    const given = Array.isArray(masks) ? [...(masks as readonly GivenMask[])] : undefined;
    const source = given ?? masks;
    return this.#with<"images">({
      images: { kind: "masks", ...options, masks: () => source, ...(given === undefined ? {} : { given }) },
    });
  }

  adjustPredictions(
    predictor: MaskMaker,
    images: string | readonly string[],
    options: ImageOptions = {},
  ): LabelingSteps<Name, Exclude<Step, "images">> {
    const named = imageSource(images, options);
    const masks = predictedMasks(this.#props.context.store, predictor, named);
    return this.#with<"images">({ images: { kind: "masks", masks, images: named } });
  }

  continueFrom<Classes extends string>(
    labels: Labels<Classes>,
  ): LabelingSteps<Classes, Exclude<Step, "images" | "classes">> {
    if (labels.attribute === undefined) {
      throw refusal("labels", labels.uri, "labels of one attribute: session.labels(uri, classes, attribute)");
    }
    return this.#taking(labels, {
      images: { kind: "manifest", uri: labels.uri },
      attribute: checkAttribute(labels.attribute),
    });
  }

  streaming(topics: StreamingTopics): LabelingSteps<Name, Exclude<Step, "images">> {
    return this.#with<"images">({ streaming: checkStreaming(topics) });
  }

  classes<Classes extends string>(classes: ClassTable<Classes>): LabelingSteps<Classes, Exclude<Step, "classes">> {
    groundTruthLabels(classes);
    const others: Omit<LabelingProps<never>, "classes"> = this.#props;
    return new LabelingSteps<Classes, Exclude<Step, "classes">>({ ...others, classes });
  }

  workteam(arn: string): LabelingSteps<Name, Exclude<Step, "workteam">> {
    return this.#with<"workteam">({ workforce: teamWorkforce(arn) });
  }

  mechanicalTurk(terms: MechanicalTurkTerms): LabelingSteps<Name, Exclude<Step, "workteam">> {
    return this.#with<"workteam">({ workforce: publicWorkforce(terms) });
  }

  instructions(instructions: Instructions): LabelingSteps<Name, Exclude<Step, "instructions">> {
    instructionHtml("instructions.short", instructions.short);
    instructionHtml("instructions.full", instructions.full);
    checkExamples(instructions.examples ?? []);
    return this.#with<"instructions">({ instructions: ownCopy(instructions) });
  }

  title(title: string): LabelingSteps<Name, Step> {
    return this.#with({ title: rules.checkTitle(title) });
  }

  description(description: string): LabelingSteps<Name, Step> {
    return this.#with({ description: rules.checkDescription(description) });
  }

  keywords(keywords: readonly string[]): LabelingSteps<Name, Step> {
    return this.#with({ keywords: rules.checkKeywords(keywords) });
  }

  workersPerObject(count: number): LabelingSteps<Name, Step> {
    return this.#with({ workersPerObject: integerBetween("workersPerObject", count, 1, 9, "workers") });
  }

  timeLimits(limits: LabelingTimeLimits): LabelingSteps<Name, Step> {
    return this.#with({ timeLimits: rules.checkTimeLimits(limits) });
  }

  stopAfter(stop: LabelingStop): LabelingSteps<Name, Step> {
    return this.#with({ stop: rules.checkStop(stop) });
  }

  attribute(name: string): LabelingSteps<Name, Step> {
    return this.#with({ attribute: checkAttribute(name, taskOf(this.#props.images)) });
  }

  automatedLabeling(options: AutomatedLabelingOptions = {}): LabelingSteps<Name, Step> {
    return this.#with({ automated: checkAutomatedLabeling(options) });
  }

  contentClassifiers(classifiers: readonly ContentClassifier[]): LabelingSteps<Name, Step> {
    return this.#with({ contentClassifiers: rules.checkClassifiers(classifiers) });
  }

  outputKmsKey(key: string): LabelingSteps<Name, Step> {
    return this.#with({ outputKmsKey: checkKmsKey("outputKmsKey", key) });
  }

  output(uri: string): LabelingSteps<Name, Step> {
    return this.#with({ output: folderUri(uri) });
  }

  tags(tags: Tags): LabelingSteps<Name, Step> {
    return this.#with({ tags: tagList(tags) });
  }

  lambdas(lambdas: LabelingLambdas): LabelingSteps<Name, Step> {
    return this.#with({ lambdas: rules.checkLambdas(lambdas) });
  }

  override(override: RequestOverride<CreateLabelingJobCommandInput>): LabelingSteps<Name, Step> {
    return this.#with({ overrides: [...this.#props.overrides, ownCopy(override)] });
  }

  toRequest(): CreateLabelingJobCommandInput {
    const plan = labelingPlan(this.#props);
    return planRequest(plan, this.#props.context.regionNow("labelingJob.toRequest"));
  }

  toFiles(): readonly LabelingFile[] {
    return labelingPlan(this.#props).files;
  }

  async check(options: LabelingCheckOptions = {}): Promise<LabelingCheck> {
    options.signal?.throwIfAborted();
    const plan = labelingPlan(this.#props);
    const region = await this.#props.context.region();
    let request;
    try {
      request = planRequest(plan, region);
    } catch (error) {
      if (!(error instanceof SegmentationError)) throw error;
      request = error;
    }
    return checkLabelingJob(this.#props.context, plan, request, options);
  }

  async preview(options: PreviewOptions = {}): Promise<WorkerPagePreview> {
    options.signal?.throwIfAborted();
    return previewPage(this.#props.context, labelingPlan(this.#props), options);
  }

  async start(options: WorkOptions = {}): Promise<LabelingJob<Name>> {
    options.signal?.throwIfAborted();
    const plan = labelingPlan(this.#props);
    const request = planRequest(plan, await this.#props.context.region());
    return await startLabelingJob(this.#props.context, plan, request, options);
  }
}
