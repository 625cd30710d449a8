import type {
  CreateEndpointConfigRequest,
  CreateEndpointRequest,
  CreateLabelingJobRequest,
  CreateModelRequest,
  CreateTrainingJobRequest,
  CreateTuningJobRequest,
  ProductionVariant,
  Tag,
} from "../sagemaker/requests.js";

/** What all records share; times are milliseconds since 1970. */
interface Resource<Request> {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  modifiedAt: number;
  tags: readonly Tag[];
  readonly request: Request;
}

export type ModelRecord = Resource<CreateModelRequest>;
export type EndpointConfigRecord = Resource<CreateEndpointConfigRequest>;

/** One step of a training job. */
export interface Transition {
  readonly status: string;
  readonly startedAt: number;
  endedAt?: number;
  message: string;
}

export type TrainingStatus = "InProgress" | "Completed" | "Failed" | "Stopping" | "Stopped";

export interface TrainingJobRecord extends Resource<CreateTrainingJobRequest> {
  readonly region: string;
  status: TrainingStatus;
  readonly transitions: Transition[];
  failureReason?: string;
  trainingStartedAt?: number;
  trainingEndedAt?: number;
  artifact?: string;
  /** The instance that stays after the job. */
  warmPool?: { keepAlive: number; status: "Available" | "Reused" | "Terminated"; endedAt?: number; reusedBy?: string };
  /** Of a tuning job's training job. */
  readonly tuning?: {
    readonly name: string;
    readonly arn: string;
    /** The values that were chosen, texts by name. */
    readonly tuned: Readonly<Record<string, string>>;
    /** Metric that the tuning job goes by. */
    readonly objective: string;
    /** Value of the objective after each epoch. */
    history: number[];
  };
  /** Last value of each metric. */
  metrics: { readonly name: string; readonly value: number; readonly at: number }[];
}

export interface TuningJobRecord extends Resource<CreateTuningJobRequest> {
  readonly region: string;
  status: TrainingStatus;
  failureReason?: string;
  endedAt?: number;
  /** Names of its training jobs, in the order of their start. */
  readonly trainingJobs: string[];
}

export type LabelingStatus = "Initializing" | "InProgress" | "Completed" | "Failed" | "Stopping" | "Stopped";

export interface LabelingJobRecord extends Resource<CreateLabelingJobRequest> {
  readonly region: string;
  readonly referenceCode: string;
  status: LabelingStatus;
  failureReason?: string;
  /** `machine` of those that are labeled were labeled automatically. */
  counters: { labeled: number; failed: number; unlabeled: number; machine?: number };
  /** Manifest lines that came by the input topic of a streaming job, in order. */
  received?: string[];
  /** ARN of the model that automated labeling made. */
  finalModel?: string;
  /** Batches that were consolidated. */
  iterations?: number;
  /** URI of the output manifest, once the job ended. */
  output?: string;
}

export type EndpointStatus = "Creating" | "Updating" | "InService" | "Deleting" | "Failed";

/** Image and artifact of a model, and when that model was made. */
export interface ServedContainer {
  readonly image: string;
  readonly data: string;
  readonly modelCreatedAt: number;
}

/** A variant as it serves, which may differ from its configuration after UpdateEndpointWeightsAndCapacities. */
export interface ServingVariant {
  readonly variant: ProductionVariant;
  /** What it runs; read when it is set up, because its model may be deleted while it serves. */
  readonly container: ServedContainer;
  weight: number;
  instances: number;
  desiredWeight: number;
  desiredInstances: number;
}

export interface EndpointRecord extends Resource<CreateEndpointRequest> {
  readonly region: string;
  status: EndpointStatus;
  configName: string;
  /** Configuration that an update is on the way to. */
  nextConfigName?: string;
  failureReason?: string;
  variants: ServingVariant[];
}
