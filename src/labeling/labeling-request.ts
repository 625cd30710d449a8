import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { groundTruthLambdas, mechanicalTurkWorkteam } from "../facts/ground-truth-regions.js";
import type { GroundTruthTask } from "../facts/ground-truth-regions.js";
import { automatedLabelingAlgorithm } from "../facts/labeling-limits.js";
import type { AutomatedLabelingOptions } from "./automated-labeling.js";
import type { StreamingTopics } from "./streaming.js";
import { refusal } from "./refusal.js";
import { arnRegion } from "./workforce.js";
import type { ContentClassifier, Workforce } from "./workforce.js";

/** Settings of a labeling job, each checked for itself. */
export interface LabelingRequestSettings {
  readonly name: string;
  readonly attribute: string;
  readonly region: string;
  readonly role: string;
  readonly task: GroundTruthTask;
  /** Missing in a streaming job that begins with nothing. */
  readonly manifestUri?: string;
  readonly categoriesUri: string;
  readonly templateUri: string;
  readonly outputUri: string;
  readonly workforce: Workforce;
  readonly workersPerObject?: number;
  readonly title: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly taskSeconds: number;
  readonly availabilitySeconds?: number;
  readonly maxConcurrentTasks?: number;
  readonly stopAfter?: { readonly humanLabeledObjects?: number; readonly percentageLabeled?: number };
  readonly lambdas?: { readonly pre: string; readonly consolidation: string };
  readonly contentClassifiers?: readonly ContentClassifier[];
  readonly automated?: AutomatedLabelingOptions;
  readonly streaming?: StreamingTopics;
  readonly outputKmsKey?: string;
  readonly tags: readonly { Key: string; Value: string }[];
}

/**
 * The request of a segmentation labeling job.
 *
 * @throws `region.unsupported` where Ground Truth has no segmentation functions; `labeling.invalid` for a team, function,
 * topic or model of another region, and for settings that exclude each other.
 */
export function labelingRequest(settings: LabelingRequestSettings): CreateLabelingJobCommandInput {
  const { workforce, region, stopAfter, tags, automated } = settings;
  checkAvailability(settings);
  checkTogether(settings);
  const lambdas = settings.lambdas ?? groundTruthLambdas(region, settings.task);
  const workteam = workforce.kind === "public" ? mechanicalTurkWorkteam(region) : workforce.arn;
  checkRegion("workteam", workteam, region);
  checkRegion("lambdas.pre", lambdas.pre, region);
  checkRegion("lambdas.consolidation", lambdas.consolidation, region);
  return {
    LabelingJobName: settings.name,
    LabelAttributeName: settings.attribute,
    InputConfig: inputConfig(settings),
    OutputConfig: {
      S3OutputPath: settings.outputUri,
      ...(settings.outputKmsKey === undefined ? {} : { KmsKeyId: settings.outputKmsKey }),
      ...(settings.streaming?.output === undefined ? {} : { SnsTopicArn: settings.streaming.output }),
    },
    RoleArn: settings.role,
    LabelCategoryConfigS3Uri: settings.categoriesUri,
    ...(stopAfter === undefined ? {} : { StoppingConditions: stoppingConditions(stopAfter) }),
    ...(automated === undefined ? {} : { LabelingJobAlgorithmsConfig: algorithmsConfig(automated, region) }),
    HumanTaskConfig: {
      WorkteamArn: workteam,
      UiConfig: { UiTemplateS3Uri: settings.templateUri },
      PreHumanTaskLambdaArn: lambdas.pre,
      AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: lambdas.consolidation },
      TaskKeywords: [...settings.keywords],
      TaskTitle: settings.title,
      TaskDescription: settings.description,
      // 3 is the console's default for segmentation; people who label with a team of their own use 1.
      NumberOfHumanWorkersPerDataObject: settings.workersPerObject ?? (workforce.kind === "public" ? 3 : 1),
      TaskTimeLimitInSeconds: settings.taskSeconds,
      ...(settings.availabilitySeconds === undefined
        ? {}
        : { TaskAvailabilityLifetimeInSeconds: settings.availabilitySeconds }),
      ...(settings.maxConcurrentTasks === undefined ? {} : { MaxConcurrentTaskCount: settings.maxConcurrentTasks }),
      ...(workforce.kind === "public" ? { PublicWorkforceTaskPrice: { AmountInUsd: usdAmount(workforce.cents) } } : {}),
    },
    ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
  };
}

function inputConfig(settings: LabelingRequestSettings): CreateLabelingJobCommandInput["InputConfig"] {
  const { workforce, manifestUri, streaming, region } = settings;
  const classifiers = new Set([
    ...(settings.contentClassifiers ?? []),
    ...(workforce.kind === "public" ? workforce.contentClassifiers : []),
  ]);
  if (streaming !== undefined) checkRegion("streaming.input", streaming.input, region);
  if (streaming?.output !== undefined) checkRegion("streaming.output", streaming.output, region);
  return {
    DataSource: {
      ...(manifestUri === undefined ? {} : { S3DataSource: { ManifestS3Uri: manifestUri } }),
      ...(streaming === undefined ? {} : { SnsDataSource: { SnsTopicArn: streaming.input } }),
    },
    ...(classifiers.size === 0 ? {} : { DataAttributes: { ContentClassifiers: [...classifiers] } }),
  };
}

function algorithmsConfig(
  { initialModel, volumeKmsKey, vpc }: AutomatedLabelingOptions,
  region: string,
): CreateLabelingJobCommandInput["LabelingJobAlgorithmsConfig"] {
  if (initialModel !== undefined) checkRegion("initialModel", initialModel, region);
  const resources = {
    ...(volumeKmsKey === undefined ? {} : { VolumeKmsKeyId: volumeKmsKey }),
    ...(vpc === undefined
      ? {}
      : { VpcConfig: { SecurityGroupIds: [...vpc.securityGroups], Subnets: [...vpc.subnets] } }),
  };
  return {
    LabelingJobAlgorithmSpecificationArn: automatedLabelingAlgorithm(region),
    ...(initialModel === undefined ? {} : { InitialActiveLearningModelArn: initialModel }),
    ...(Object.keys(resources).length === 0 ? {} : { LabelingJobResourceConfig: resources }),
  };
}

/** Guide, sms-streaming-labeling-job and sms-automated-labeling: what a streaming or verification job cannot have. */
function checkTogether({ automated, streaming, stopAfter, task }: LabelingRequestSettings): void {
  if (streaming !== undefined && automated !== undefined) {
    throw refusal("automatedLabeling", undefined, "a job with a manifest: streaming jobs cannot label automatically");
  }
  if (streaming !== undefined && stopAfter !== undefined) {
    throw refusal("stopAfter", undefined, "a job with a manifest: Ground Truth ignores it in streaming jobs");
  }
  if (automated !== undefined && task === "verification") {
    throw refusal("automatedLabeling", undefined, "a job that paints: verification has no automated labeling");
  }
}

/** A price in whole cents as the API wants it. */
function usdAmount(cents: number): { Dollars: number; Cents: number; TenthFractionsOfACent: number } {
  return { Dollars: Math.trunc(cents / 100), Cents: cents % 100, TenthFractionsOfACent: 0 };
}

function stoppingConditions({
  humanLabeledObjects,
  percentageLabeled,
}: NonNullable<LabelingRequestSettings["stopAfter"]>): {
  MaxHumanLabeledObjectCount?: number;
  MaxPercentageOfInputDatasetLabeled?: number;
} {
  return {
    ...(humanLabeledObjects === undefined ? {} : { MaxHumanLabeledObjectCount: humanLabeledObjects }),
    ...(percentageLabeled === undefined ? {} : { MaxPercentageOfInputDatasetLabeled: percentageLabeled }),
  };
}

/** API reference, TaskAvailabilityLifetimeInSeconds: 12 hours for the public crowd, 30 days for teams. */
function checkAvailability({ availabilitySeconds, workforce }: LabelingRequestSettings): void {
  if (availabilitySeconds === undefined) return;
  const [max, who] = workforce.kind === "public" ? [43_200, "the public crowd"] : [2_592_000, "a team"];
  if (availabilitySeconds > max) {
    throw refusal("availabilitySeconds", availabilitySeconds, `an integer from 60 to ${max} for ${who}`);
  }
}

function checkRegion(parameter: string, arn: string, region: string): void {
  const found = arnRegion(arn);
  if (found !== region) throw refusal(parameter, arn, `an ARN in the job's region, ${region}`);
}
