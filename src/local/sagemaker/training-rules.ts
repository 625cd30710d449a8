import { algorithmImage, algorithmRegions } from "../../facts/image-registry.js";
import { runningJobs, trainingQuotaName } from "../quotas/service.js";
import { ApiError, validationError } from "../wire/api-error.js";
import { resourceArn } from "./context.js";
import type { SageMaker } from "./context.js";
import type { Channel, CreateTrainingJobRequest } from "./requests.js";
import { listPrefix, objectExists, s3Location } from "./s3-input.js";
import { checkServiceQuota } from "./service-quota.js";
import { checkTags } from "./tags.js";

/**
 * What the service refuses at CreateTrainingJob beyond shapes. Texts as read in public reports of the real service,
 * where there are any.
 */
export async function checkTrainingRequest(
  sagemaker: SageMaker,
  request: CreateTrainingJobRequest,
  region: string,
): Promise<void> {
  checkName(sagemaker, request, region);
  checkAlgorithm(request, region);
  checkResources(request);
  checkTimes(request);
  checkTags(request.Tags);
  await checkChannels(sagemaker, request, region);
  if (s3Location(request.OutputDataConfig.S3OutputPath) === undefined) {
    throw validationError(`Invalid S3 output path "${request.OutputDataConfig.S3OutputPath}".`);
  }
}

/**
 * Refuses a job too many and, once more, a name that is taken: other requests get their turn while the channels are
 * looked at, so nothing may come between this and saving the job.
 */
export function checkRoom(sagemaker: SageMaker, request: CreateTrainingJobRequest, region: string): void {
  checkName(sagemaker, request, region);
  const running = sagemaker.state.trainingJobs
    .all()
    .filter(({ status }) => status === "InProgress" || status === "Stopping");
  const type = request.ResourceConfig.InstanceType ?? "";
  const name = trainingQuotaName(type, request.EnableManagedSpotTraining === true);
  const same = running.filter((job) => job.request.ResourceConfig.InstanceType === type).length;
  const limit = sagemaker.faults.quotaOf(name);
  if (limit !== undefined) checkServiceQuota(name, limit, same, 1);
  checkServiceQuota("Number of instances across training jobs", runningJobs, running.length, 1);
}

function checkName(sagemaker: SageMaker, request: CreateTrainingJobRequest, region: string): void {
  if (sagemaker.state.trainingJobs.get(request.TrainingJobName) === undefined) return;
  const arn = resourceArn(sagemaker.world, region, "training-job", request.TrainingJobName);
  throw new ApiError(
    "ResourceInUse",
    `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
  );
}

function checkAlgorithm(request: CreateTrainingJobRequest, region: string): void {
  const { TrainingImage: image, MetricDefinitions: metrics } = request.AlgorithmSpecification;
  if (metrics !== undefined && metrics.length > 0) {
    throw validationError(
      "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request without specifying metric definitions.",
    );
  }
  if (!isImageOfRegion(image, region)) {
    throw validationError(
      `The training image "${image}" cannot be used here: the embedded backend runs the built-in semantic segmentation algorithm of the region only${
        algorithmRegions.includes(region) ? ` ("${algorithmImage(region)}")` : ""
      }.`,
    );
  }
}

/** The algorithm's image in this region; `latest` was the tag of older clients. */
export function isImageOfRegion(image: string | undefined, region: string): boolean {
  if (image === undefined || !algorithmRegions.includes(region)) return false;
  const known = algorithmImage(region);
  return image === known || image === known.replace(/:1$/, ":latest") || image === known.replace(/:1$/, "");
}

/** GPU families that the guide names or that its CUDA can run; the algorithm trains on nothing else. */
const gpuFamily = /^ml\.(p\d|g\d|trn)/;

function checkResources(request: CreateTrainingJobRequest): void {
  const { InstanceType: type, InstanceCount: count, VolumeSizeInGB: volume } = request.ResourceConfig;
  if (type === undefined || count === undefined || count < 1) {
    throw validationError("ResourceConfig must name an instance type and an instance count of at least 1.");
  }
  if (volume !== undefined && volume < 1) throw validationError("VolumeSizeInGB must be at least 1.");
  if (count > 1) {
    throw validationError(
      "The semantic segmentation algorithm supports training on one instance only. Set InstanceCount to 1.",
    );
  }
  if (!gpuFamily.test(type)) {
    throw validationError(
      `The semantic segmentation algorithm supports only GPU instances for training: ${type} has none. Use for example ml.p3.2xlarge or ml.g4dn.xlarge.`,
    );
  }
}

function checkTimes(request: CreateTrainingJobRequest): void {
  const { MaxRuntimeInSeconds: run = 86_400, MaxWaitTimeInSeconds: wait } = request.StoppingCondition ?? {};
  const spot = request.EnableManagedSpotTraining === true;
  if (wait !== undefined && !spot) {
    throw validationError(
      "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
    );
  }
  if (spot && (request.ResourceConfig.KeepAlivePeriodInSeconds ?? 0) > 0) {
    throw validationError("KeepAlivePeriodInSeconds is not supported with managed spot training.");
  }
  if (spot && (wait === undefined || wait < run)) {
    throw validationError(
      "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
    );
  }
}

async function checkChannels(sagemaker: SageMaker, request: CreateTrainingJobRequest, region: string): Promise<void> {
  const channels = request.InputDataConfig ?? [];
  if (channels.length === 0)
    throw validationError("InputDataConfig is required for the semantic segmentation algorithm.");
  const names = new Set(channels.map((channel) => channel.ChannelName));
  if (names.size !== channels.length) throw validationError("Channel names must be unique.");
  for (const channel of channels) {
    checkAugmented(channel, request.AlgorithmSpecification.TrainingInputMode);
    if (await channelHasData(sagemaker, channel)) continue;
    const source = channel.DataSource.S3DataSource;
    const bucket = /^s3:\/\/([^/]*)/.exec(source?.S3Uri ?? "")?.[1] ?? "";
    throw validationError(
      `No S3 objects found under S3 URL "${source?.S3Uri}" given in input data source. Please ensure that the bucket exists in the selected region (${region}), that objects exist under that S3 prefix, and that the role "${request.RoleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`,
    );
  }
}

/** Developer guide: augmented manifests can be read in Pipe mode only, and this algorithm takes them as RecordIO. */
function checkAugmented({ ChannelName: name, DataSource, InputMode, RecordWrapperType }: Channel, mode: string): void {
  const source = DataSource.S3DataSource;
  if (source?.S3DataType !== "AugmentedManifestFile") return;
  if ((InputMode ?? mode) !== "Pipe") {
    throw validationError(`AugmentedManifestFile is only supported in Pipe input mode (channel ${name}).`);
  }
  if (RecordWrapperType !== "RecordIO" || (source.AttributeNames ?? []).length === 0) {
    throw validationError(
      `Channel ${name}: an augmented manifest needs AttributeNames and RecordWrapperType RecordIO.`,
    );
  }
}

async function channelHasData({ objects }: SageMaker, channel: Channel): Promise<boolean> {
  const source = channel.DataSource.S3DataSource;
  if (source === undefined) throw validationError(`Channel ${channel.ChannelName} has no S3 data source.`);
  if (source.S3DataType === "S3Prefix") return (await listPrefix(objects, source.S3Uri, 1)).length > 0;
  return objectExists(objects, source.S3Uri);
}
