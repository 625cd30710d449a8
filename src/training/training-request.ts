import type { Channel, CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { algorithmImage } from "../facts/image-registry.js";
import type { WireHyperparameters } from "./hyperparameters.js";
import type { TrainingChannels } from "./training-channels.js";

/** Everything that a training request is made of, checked before. */
export interface TrainingRequestFacts {
  readonly jobName: string;
  readonly region: string;
  readonly role: string;
  readonly channels: TrainingChannels;
  readonly hyperparameters: WireHyperparameters;
  readonly instanceType: string;
  readonly volumeGb: number;
  /** Seconds. */
  readonly maxRuntime: number;
  /** Folder, without the last `/`. */
  readonly output: string;
  readonly spot?: { readonly maxWait: number; readonly checkpoints: string };
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/**
 * The CreateTrainingJob request of this algorithm. No metric definitions: the service refuses them for its own
 * algorithms. The debugger's profiler is off, since it has nothing to hold on to in this container.
 */
export function trainingRequest(facts: TrainingRequestFacts): CreateTrainingJobCommandInput {
  const { channels, spot, tags } = facts;
  return {
    TrainingJobName: facts.jobName,
    AlgorithmSpecification: { TrainingImage: algorithmImage(facts.region), TrainingInputMode: "File" },
    RoleArn: facts.role,
    HyperParameters: { ...facts.hyperparameters },
    InputDataConfig: [
      prefixChannel("train", channels.train, "image/jpeg"),
      prefixChannel("validation", channels.validation, "image/jpeg"),
      prefixChannel("train_annotation", channels.train_annotation, "image/png"),
      prefixChannel("validation_annotation", channels.validation_annotation, "image/png"),
      // The content type of a label map is documented nowhere; without one it works.
      ...(channels.label_map === undefined ? [] : [prefixChannel("label_map", channels.label_map)]),
      ...(channels.model === undefined
        ? []
        : [{ ...prefixChannel("model", channels.model, "application/x-sagemaker-model"), InputMode: "File" } as const]),
    ],
    OutputDataConfig: { S3OutputPath: facts.output },
    // One instance is a rule of the algorithm; it uses all GPUs in it.
    ResourceConfig: {
      InstanceType: asInstanceType(facts.instanceType),
      InstanceCount: 1,
      VolumeSizeInGB: facts.volumeGb,
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: facts.maxRuntime,
      ...(spot === undefined ? {} : { MaxWaitTimeInSeconds: spot.maxWait }),
    },
    ...(spot === undefined ? {} : { EnableManagedSpotTraining: true, CheckpointConfig: { S3Uri: spot.checkpoints } }),
    ProfilerConfig: { DisableProfiler: true },
    ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
  };
}

type InstanceType = NonNullable<NonNullable<CreateTrainingJobCommandInput["ResourceConfig"]>["InstanceType"]>;

/** The client types its known names only; new types of AWS must pass all the same. */
function asInstanceType(type: string): InstanceType {
  return type as InstanceType;
}

function prefixChannel(name: string, uri: string, contentType?: string): Channel {
  return {
    ChannelName: name,
    DataSource: {
      S3DataSource: { S3DataType: "S3Prefix", S3Uri: uri, S3DataDistributionType: "FullyReplicated" },
    },
    ...(contentType === undefined ? {} : { ContentType: contentType }),
  };
}
