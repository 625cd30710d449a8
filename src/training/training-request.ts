import type { Channel, CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { algorithmImage } from "../facts/image-registry.js";
import type { WireHyperparameters } from "./hyperparameters.js";
import type { EncryptionOptions, VpcOptions } from "./job-settings.js";
import type { PlannedChannel, TrainingInputMode } from "./planned-channel.js";

/** Everything that a training request is made of, checked before. */
export interface TrainingRequestFacts {
  readonly jobName: string;
  readonly region: string;
  readonly role: string;
  readonly channels: readonly PlannedChannel[];
  readonly inputMode: TrainingInputMode;
  readonly hyperparameters: WireHyperparameters;
  readonly instanceType: string;
  readonly volumeGb: number;
  /** Seconds that a warm pool stays. */
  readonly keepAlive?: number | undefined;
  /** Seconds. */
  readonly maxRuntime: number;
  /** Seconds that the job may wait for a training plan's capacity. */
  readonly maxPending?: number | undefined;
  /** Folder, without the last `/`. */
  readonly output: string;
  readonly spot?: { readonly maxWait: number } | undefined;
  readonly checkpoints?: string | undefined;
  readonly vpc?: VpcOptions | undefined;
  readonly encryption?: EncryptionOptions | undefined;
  readonly isolated?: boolean | undefined;
  readonly retries?: number | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Folder of debugger and profiler, without the last `/`; both are off without. */
  readonly debugger?: string | undefined;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

type Request = CreateTrainingJobCommandInput;

/**
 * The CreateTrainingJob request of this algorithm. No metric definitions: the service refuses them for its own
 * algorithms.
 */
export function trainingRequest(facts: TrainingRequestFacts): Request {
  const { spot, checkpoints, vpc, encryption = {}, retries, environment, tags } = facts;
  return {
    TrainingJobName: facts.jobName,
    AlgorithmSpecification: { TrainingImage: algorithmImage(facts.region), TrainingInputMode: facts.inputMode },
    RoleArn: facts.role,
    HyperParameters: { ...facts.hyperparameters },
    InputDataConfig: facts.channels.map(channelRequest),
    OutputDataConfig: { S3OutputPath: facts.output, ...given("KmsKeyId", encryption.outputKmsKey) },
    // One instance is a rule of the algorithm; it uses all GPUs in it.
    ResourceConfig: {
      InstanceType: asInstanceType(facts.instanceType),
      InstanceCount: 1,
      VolumeSizeInGB: facts.volumeGb,
      ...given("VolumeKmsKeyId", encryption.volumeKmsKey),
      ...given("KeepAlivePeriodInSeconds", facts.keepAlive),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: facts.maxRuntime,
      ...given("MaxWaitTimeInSeconds", spot?.maxWait),
      ...given("MaxPendingTimeInSeconds", facts.maxPending),
    },
    ...given("EnableManagedSpotTraining", spot === undefined ? undefined : true),
    ...(checkpoints === undefined ? {} : { CheckpointConfig: { S3Uri: checkpoints } }),
    ...(vpc === undefined
      ? {}
      : { VpcConfig: { Subnets: [...vpc.subnets], SecurityGroupIds: [...vpc.securityGroups] } }),
    ...given("EnableNetworkIsolation", facts.isolated === true ? true : undefined),
    ...given("EnableInterContainerTrafficEncryption", encryption.betweenContainers === true ? true : undefined),
    ...(retries === undefined ? {} : { RetryStrategy: { MaximumRetryAttempts: retries } }),
    ...(environment === undefined ? {} : { Environment: { ...environment } }),
    ...debuggerConfig(facts.debugger),
    ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
  };
}

/** Off unless asked for: the closed container has nothing to hook on to, and the profiler writes to S3 all the while. */
function debuggerConfig(folder: string | undefined): Pick<Request, "DebugHookConfig" | "ProfilerConfig"> {
  if (folder === undefined) return { ProfilerConfig: { DisableProfiler: true } };
  return {
    DebugHookConfig: { S3OutputPath: folder, CollectionConfigurations: [] },
    ProfilerConfig: { S3OutputPath: folder, DisableProfiler: false },
  };
}

function channelRequest({ name, kind, uri, contentType, inputMode, attributes, shuffleSeed }: PlannedChannel): Channel {
  const types = { prefix: "S3Prefix", manifest: "ManifestFile", augmented: "AugmentedManifestFile" } as const;
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: {
        S3DataType: types[kind],
        S3Uri: uri,
        S3DataDistributionType: "FullyReplicated",
        ...(attributes === undefined ? {} : { AttributeNames: [...attributes] }),
      },
    },
    ...given("ContentType", contentType),
    ...(kind === "augmented" ? { RecordWrapperType: "RecordIO" } : {}),
    ...given("InputMode", inputMode),
    ...(shuffleSeed === undefined ? {} : { ShuffleConfig: { Seed: shuffleSeed } }),
  };
}

/** A member that is there when its value is. */
function given<Key extends string, Value>(name: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  // A computed key widens to `string`; there is exactly this member, or none.
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in Key]?: Value };
}

type InstanceType = NonNullable<NonNullable<Request["ResourceConfig"]>["InstanceType"]>;

/** The client types its known names only; new types of AWS must pass all the same. */
function asInstanceType(type: string): InstanceType {
  return type as InstanceType;
}
