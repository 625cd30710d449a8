import { groundTruthLambdas, groundTruthRegions } from "../../facts/ground-truth-regions.js";
import type { GroundTruthTask } from "../../facts/ground-truth-regions.js";
import { ApiError, validationError } from "../wire/api-error.js";
import { resourceArn } from "./context.js";
import type { SageMaker } from "./context.js";
import type { CreateLabelingJobRequest } from "./requests.js";
import { s3Location } from "./s3-input.js";
import { checkTags } from "./tags.js";

const tasks: readonly GroundTruthTask[] = ["labeling", "adjustment", "verification"];

/** What the service refuses at CreateLabelingJob beyond shapes. */
export function checkLabelingRequest(sagemaker: SageMaker, request: CreateLabelingJobRequest, region: string): void {
  if (sagemaker.state.labelingJobs.get(request.LabelingJobName) !== undefined) {
    const arn = resourceArn(sagemaker.world, region, "labeling-job", request.LabelingJobName);
    throw new ApiError(
      "ResourceInUse",
      `Labeling job names must be unique within an AWS account and region, and a labeling job with this name already exists (${arn})`,
    );
  }
  const task = taskOf(request, region);
  checkAttribute(request.LabelAttributeName, task);
  checkInputs(request);
  checkTags(request.Tags);
}

/**
 * The kind of task that the two functions stand for. Throws for functions of another region's account, which is the
 * commonest mistake, and for functions of one's own, which cannot run here.
 */
export function taskOf(request: CreateLabelingJobRequest, region: string): GroundTruthTask {
  const { PreHumanTaskLambdaArn: pre, AnnotationConsolidationConfig: config } = request.HumanTaskConfig;
  const consolidation = config?.AnnotationConsolidationLambdaArn;
  if (!groundTruthRegions.includes(region)) {
    throw validationError(`Ground Truth has no built-in semantic segmentation functions in region ${region}.`);
  }
  const task = tasks.find((candidate) => groundTruthLambdas(region, candidate).pre === pre);
  if (task === undefined) throw foreignFunction(pre, "pre-annotation", region);
  if (groundTruthLambdas(region, task).consolidation !== consolidation) {
    throw foreignFunction(consolidation, "annotation consolidation", region);
  }
  return task;
}

function foreignFunction(arn: string | undefined, what: string, region: string): ApiError {
  return validationError(
    `The ${what} Lambda function ${arn ?? "(none)"} is not accessible in region ${region}. The embedded backend runs the built-in semantic segmentation functions of the region only, e.g. ${groundTruthLambdas(region).pre}.`,
  );
}

function checkAttribute(name: string, task: GroundTruthTask): void {
  if (name.endsWith("-metadata")) {
    throw validationError("The value of the LabelAttributeName field must not end with '-metadata'.");
  }
  if (name === "source" || name === "source-ref") {
    throw validationError(`The value of the LabelAttributeName field must not be '${name}', which is reserved.`);
  }
  if (task !== "verification" && !name.endsWith("-ref")) {
    throw validationError(
      "The value of the LabelAttributeName field for the Semantic Segmentation task type must end with '-ref'.",
    );
  }
  if (task === "verification" && name.endsWith("-ref")) {
    throw validationError(
      "The value of the LabelAttributeName field for the Label Verification task type must not end with '-ref'.",
    );
  }
}

function checkInputs(request: CreateLabelingJobRequest): void {
  const { S3DataSource: source, SnsDataSource: sns } = request.InputConfig.DataSource;
  if (source === undefined && sns === undefined) throw validationError("InputConfig must have a data source.");
  if (sns !== undefined && request.LabelingJobAlgorithmsConfig !== undefined) {
    throw validationError("Automated data labeling is not available for streaming labeling jobs.");
  }
  const { HumanTaskConfig: human } = request;
  if (human.UiConfig.UiTemplateS3Uri === undefined) throw validationError("UiConfig must have a UiTemplateS3Uri.");
  if (request.LabelCategoryConfigS3Uri === undefined) {
    throw validationError("LabelCategoryConfigS3Uri is required for the Semantic Segmentation task type.");
  }
  // 8 hours for image tasks (API reference, HumanTaskConfig).
  if (human.TaskTimeLimitInSeconds > 28_800) {
    throw validationError("TaskTimeLimitInSeconds must be at most 28800 for image tasks.");
  }
  if (s3Location(request.OutputConfig.S3OutputPath) === undefined) {
    throw validationError(`The output path "${request.OutputConfig.S3OutputPath}" is no S3 address.`);
  }
}
