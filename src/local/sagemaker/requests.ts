/**
 * The members of SageMaker's requests that the embedded backend reads. Requests are checked against the service model
 * before they get these types, so required members are there.
 */

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface S3DataSource {
  readonly S3DataType: string;
  readonly S3Uri: string;
  readonly AttributeNames?: readonly string[];
}

export interface Channel {
  readonly ChannelName: string;
  readonly DataSource: { readonly S3DataSource?: S3DataSource };
  readonly ContentType?: string;
  readonly InputMode?: string;
  readonly RecordWrapperType?: string;
}

export interface CreateTrainingJobRequest {
  readonly TrainingJobName: string;
  readonly HyperParameters?: Readonly<Record<string, string>>;
  readonly AlgorithmSpecification: {
    readonly TrainingImage?: string;
    readonly AlgorithmName?: string;
    readonly TrainingInputMode: string;
    readonly MetricDefinitions?: readonly unknown[];
  };
  readonly RoleArn: string;
  readonly InputDataConfig?: readonly Channel[];
  readonly OutputDataConfig: { readonly S3OutputPath: string; readonly KmsKeyId?: string };
  readonly ResourceConfig: {
    readonly InstanceType?: string;
    readonly InstanceCount?: number;
    readonly VolumeSizeInGB?: number;
    readonly VolumeKmsKeyId?: string;
    readonly KeepAlivePeriodInSeconds?: number;
  };
  readonly VpcConfig?: unknown;
  readonly EnableNetworkIsolation?: boolean;
  readonly EnableInterContainerTrafficEncryption?: boolean;
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number; readonly MaxWaitTimeInSeconds?: number };
  readonly EnableManagedSpotTraining?: boolean;
  readonly Tags?: readonly Tag[];
}

/** One range of a tuning job; numbers are texts. */
export interface NumberRange {
  readonly Name: string;
  readonly MinValue: string;
  readonly MaxValue: string;
  readonly ScalingType?: string;
}

export interface ParameterRanges {
  readonly IntegerParameterRanges?: readonly NumberRange[];
  readonly ContinuousParameterRanges?: readonly NumberRange[];
  readonly CategoricalParameterRanges?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly AutoParameters?: readonly unknown[];
}

export interface TuningObjective {
  readonly Type: string;
  readonly MetricName: string;
}

export interface TuningDefinition extends Pick<
  CreateTrainingJobRequest,
  | "AlgorithmSpecification"
  | "RoleArn"
  | "InputDataConfig"
  | "OutputDataConfig"
  | "StoppingCondition"
  | "EnableManagedSpotTraining"
> {
  readonly DefinitionName?: string;
  readonly TuningObjective?: TuningObjective;
  readonly HyperParameterRanges?: ParameterRanges;
  readonly StaticHyperParameters?: Readonly<Record<string, string>>;
  readonly ResourceConfig?: CreateTrainingJobRequest["ResourceConfig"];
  readonly HyperParameterTuningResourceConfig?: CreateTrainingJobRequest["ResourceConfig"] & {
    readonly InstanceConfigs?: readonly CreateTrainingJobRequest["ResourceConfig"][];
    readonly AllocationStrategy?: string;
  };
}

export interface CreateTuningJobRequest {
  readonly HyperParameterTuningJobName: string;
  readonly HyperParameterTuningJobConfig: {
    readonly Strategy: string;
    readonly HyperParameterTuningJobObjective?: TuningObjective;
    readonly ResourceLimits: {
      readonly MaxNumberOfTrainingJobs?: number;
      readonly MaxParallelTrainingJobs: number;
      readonly MaxRuntimeInSeconds?: number;
    };
    readonly ParameterRanges?: ParameterRanges;
    readonly TrainingJobEarlyStoppingType?: string;
    readonly TuningJobCompletionCriteria?: {
      readonly TargetObjectiveMetricValue?: number;
      readonly BestObjectiveNotImproving?: { readonly MaxNumberOfTrainingJobsNotImproving?: number };
    };
    readonly RandomSeed?: number;
  };
  readonly TrainingJobDefinition?: TuningDefinition;
  readonly TrainingJobDefinitions?: readonly TuningDefinition[];
  readonly WarmStartConfig?: {
    readonly ParentHyperParameterTuningJobs: readonly { readonly HyperParameterTuningJobName?: string }[];
    readonly WarmStartType: string;
  };
  readonly Autotune?: unknown;
  readonly Tags?: readonly Tag[];
}

export interface HumanTaskConfig {
  readonly WorkteamArn: string;
  readonly UiConfig: { readonly UiTemplateS3Uri?: string };
  readonly PreHumanTaskLambdaArn?: string;
  readonly AnnotationConsolidationConfig?: { readonly AnnotationConsolidationLambdaArn: string };
  readonly NumberOfHumanWorkersPerDataObject: number;
  readonly TaskTimeLimitInSeconds: number;
  readonly PublicWorkforceTaskPrice?: {
    readonly AmountInUsd?: {
      readonly Dollars?: number;
      readonly Cents?: number;
      readonly TenthFractionsOfACent?: number;
    };
  };
}

export interface CreateLabelingJobRequest {
  readonly LabelingJobName: string;
  readonly LabelAttributeName: string;
  readonly InputConfig: {
    readonly DataSource: {
      readonly S3DataSource?: { readonly ManifestS3Uri: string };
      readonly SnsDataSource?: { readonly SnsTopicArn: string };
    };
    readonly DataAttributes?: { readonly ContentClassifiers?: readonly string[] };
  };
  readonly OutputConfig: { readonly S3OutputPath: string; readonly SnsTopicArn?: string };
  readonly RoleArn: string;
  readonly LabelCategoryConfigS3Uri?: string;
  readonly StoppingConditions?: {
    readonly MaxHumanLabeledObjectCount?: number;
    readonly MaxPercentageOfInputDatasetLabeled?: number;
  };
  readonly LabelingJobAlgorithmsConfig?: unknown;
  readonly HumanTaskConfig: HumanTaskConfig;
  readonly Tags?: readonly Tag[];
}

export interface ContainerDefinition {
  readonly Image?: string;
  readonly ModelDataUrl?: string;
}

export interface CreateModelRequest {
  readonly ModelName: string;
  readonly PrimaryContainer?: ContainerDefinition;
  readonly Containers?: readonly ContainerDefinition[];
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: boolean;
  readonly VpcConfig?: unknown;
  readonly Tags?: readonly Tag[];
}

export interface ProductionVariant {
  readonly VariantName: string;
  readonly ModelName?: string;
  readonly InstanceType?: string;
  readonly InitialInstanceCount?: number;
  readonly InitialVariantWeight?: number;
  readonly ManagedInstanceScaling?: unknown;
  readonly ServerlessConfig?: unknown;
}

export interface CreateEndpointConfigRequest {
  readonly EndpointConfigName: string;
  readonly ProductionVariants: readonly ProductionVariant[];
  readonly AsyncInferenceConfig?: unknown;
  readonly Tags?: readonly Tag[];
}

export interface CreateEndpointRequest {
  readonly EndpointName: string;
  readonly EndpointConfigName: string;
  readonly Tags?: readonly Tag[];
}
