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
  };
  readonly StoppingCondition?: { readonly MaxRuntimeInSeconds?: number; readonly MaxWaitTimeInSeconds?: number };
  readonly EnableManagedSpotTraining?: boolean;
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
