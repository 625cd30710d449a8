import type {
  CreateEndpointCommandInput,
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
} from "@aws-sdk/client-sagemaker";

/** The three requests that make an endpoint, in the order in which they are sent. */
export interface DeploymentRequests {
  /** CreateModel: the algorithm's image with the artifact. */
  readonly model: CreateModelCommandInput;
  /** CreateEndpointConfig: one variant on the chosen instances. */
  readonly endpointConfig: CreateEndpointConfigCommandInput;
  /** CreateEndpoint, from which instances are paid for. */
  readonly endpoint: CreateEndpointCommandInput;
}

/** Everything that the requests are made of, checked before. */
export interface DeploymentFacts {
  readonly modelName: string;
  readonly configName: string;
  readonly endpointName: string;
  readonly image: string;
  readonly artifact: string;
  readonly role: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** Compiles the three requests: one variant that takes all traffic. */
export function deploymentRequests(facts: DeploymentFacts): DeploymentRequests {
  const tags = facts.tags.length === 0 ? {} : { Tags: facts.tags.map((tag) => ({ ...tag })) };
  return {
    model: {
      ModelName: facts.modelName,
      ExecutionRoleArn: facts.role,
      // `ModelDataUrl`, not `ModelDataSource`, which batch transform was reported not to take.
      PrimaryContainer: { Image: facts.image, ModelDataUrl: facts.artifact },
      ...tags,
    },
    endpointConfig: {
      EndpointConfigName: facts.configName,
      ProductionVariants: [
        {
          VariantName: "AllTraffic",
          ModelName: facts.modelName,
          InstanceType: asInstanceType(facts.instanceType),
          InitialInstanceCount: facts.instanceCount,
          InitialVariantWeight: 1,
        },
      ],
      ...tags,
    },
    endpoint: { EndpointName: facts.endpointName, EndpointConfigName: facts.configName, ...tags },
  };
}

type Variant = NonNullable<CreateEndpointConfigCommandInput["ProductionVariants"]>[number];
type InstanceType = NonNullable<Variant["InstanceType"]>;

/** The client types its known names only; new types of AWS must pass all the same. */
function asInstanceType(type: string): InstanceType {
  return type as InstanceType;
}
