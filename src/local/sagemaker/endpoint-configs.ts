import type { EndpointConfigRecord } from "../state/record-types.js";
import { validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { resourceArn, seconds } from "./context.js";
import type { SageMaker } from "./context.js";
import { listPage } from "./listing.js";
import type { CreateEndpointConfigRequest, ProductionVariant } from "./requests.js";
import { checkTags } from "./tags.js";

/** CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs, DeleteEndpointConfig. */
export function endpointConfigOperations(sagemaker: SageMaker): [string, Operation][] {
  return [
    ["CreateEndpointConfig", (input, call) => create(sagemaker, input, call)],
    [
      "DescribeEndpointConfig",
      (input, call) => describe(knownConfig(sagemaker, String(input["EndpointConfigName"]), call)),
    ],
    ["ListEndpointConfigs", (input) => list(sagemaker, input)],
    [
      "DeleteEndpointConfig",
      (input, call) => {
        // Also while an endpoint uses it: the Python SDK deletes in this order.
        sagemaker.state.endpointConfigs.delete(knownConfig(sagemaker, String(input["EndpointConfigName"]), call).name);
        return {};
      },
    ],
  ];
}

/** A configuration by name; throws the service's refusal for an unknown one. */
export function knownConfig(sagemaker: SageMaker, name: string, { region }: CallContext): EndpointConfigRecord {
  const config = sagemaker.state.endpointConfigs.get(name);
  if (config === undefined) {
    const arn = resourceArn(sagemaker.world, region, "endpoint-config", name);
    throw validationError(`Could not find endpoint configuration "${arn}".`);
  }
  return config;
}

function create(sagemaker: SageMaker, input: Input, { region }: CallContext): Output {
  // The service model has checked the shape.
  const request = input as unknown as CreateEndpointConfigRequest;
  const arn = resourceArn(sagemaker.world, region, "endpoint-config", request.EndpointConfigName);
  if (sagemaker.state.endpointConfigs.get(request.EndpointConfigName) !== undefined) {
    throw validationError(`Cannot create already existing endpoint configuration "${arn}".`);
  }
  const names = new Set(request.ProductionVariants.map((variant) => variant.VariantName));
  if (names.size !== request.ProductionVariants.length)
    throw validationError("Production variant names must be unique.");
  for (const variant of request.ProductionVariants) checkVariant(sagemaker, variant, region);
  checkTags(request.Tags);
  const now = sagemaker.world.now();
  sagemaker.state.endpointConfigs.save({
    name: request.EndpointConfigName,
    arn,
    createdAt: now,
    modifiedAt: now,
    tags: request.Tags ?? [],
    request: { ...request, ProductionVariants: request.ProductionVariants.map(withDefaults) },
  });
  return { EndpointConfigArn: arn };
}

function checkVariant(sagemaker: SageMaker, variant: ProductionVariant, region: string): void {
  if (variant.ManagedInstanceScaling !== undefined) {
    throw validationError("ManagedInstanceScaling is only supported for inference component endpoints.");
  }
  if (variant.ModelName === undefined || sagemaker.state.models.get(variant.ModelName) === undefined) {
    const arn = resourceArn(sagemaker.world, region, "model", variant.ModelName ?? "");
    throw validationError(`Could not find model "${arn}".`);
  }
  if (variant.ServerlessConfig === undefined && variant.InstanceType === undefined) {
    throw validationError(`Variant "${variant.VariantName}" must name an instance type or a serverless configuration.`);
  }
}

function withDefaults(variant: ProductionVariant): ProductionVariant {
  const counted = variant.ServerlessConfig === undefined ? { InitialInstanceCount: 1 } : {};
  return { ...counted, InitialVariantWeight: 1, ...variant };
}

function describe(config: EndpointConfigRecord): Output {
  return {
    ...config.request,
    Tags: undefined,
    EndpointConfigName: config.name,
    EndpointConfigArn: config.arn,
    CreationTime: seconds(config.createdAt),
  };
}

function list(sagemaker: SageMaker, input: Input): Output {
  const { items, nextToken } = listPage(sagemaker.state.endpointConfigs.all(), input, "Descending");
  return {
    EndpointConfigs: items.map((config) => ({
      EndpointConfigName: config.name,
      EndpointConfigArn: config.arn,
      CreationTime: seconds(config.createdAt),
    })),
    NextToken: nextToken,
  };
}
