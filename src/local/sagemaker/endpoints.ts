import type { EndpointRecord } from "../state/record-types.js";
import { validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { resourceArn, seconds } from "./context.js";
import type { SageMaker } from "./context.js";
import { knownConfig } from "./endpoint-configs.js";
import { changeEndpoint, checkQuota, removeEndpoint, servingVariants } from "./endpoint-lifecycle.js";
import { listPage } from "./listing.js";
import type { CreateEndpointRequest } from "./requests.js";
import { checkTags } from "./tags.js";

/** CreateEndpoint, DescribeEndpoint, ListEndpoints, UpdateEndpoint, UpdateEndpointWeightsAndCapacities, DeleteEndpoint. */
export function endpointOperations(sagemaker: SageMaker): [string, Operation][] {
  return [
    ["CreateEndpoint", (input, call) => create(sagemaker, input, call)],
    ["DescribeEndpoint", (input, call) => describe(known(sagemaker, input, call))],
    ["ListEndpoints", (input) => list(sagemaker, input)],
    ["UpdateEndpoint", (input, call) => update(sagemaker, input, call)],
    ["UpdateEndpointWeightsAndCapacities", (input, call) => reweigh(sagemaker, input, call)],
    ["DeleteEndpoint", (input, call) => remove(sagemaker, input, call)],
  ];
}

function known(sagemaker: SageMaker, input: Input, { region }: CallContext): EndpointRecord {
  const name = String(input["EndpointName"]);
  const endpoint = sagemaker.state.endpoints.get(name);
  if (endpoint === undefined) {
    throw validationError(`Could not find endpoint "${resourceArn(sagemaker.world, region, "endpoint", name)}".`);
  }
  return endpoint;
}

function create(sagemaker: SageMaker, input: Input, call: CallContext): Output {
  // The service model has checked the shape.
  const request = input as unknown as CreateEndpointRequest;
  const arn = resourceArn(sagemaker.world, call.region, "endpoint", request.EndpointName);
  if (sagemaker.state.endpoints.get(request.EndpointName) !== undefined) {
    throw validationError(`Cannot create already existing endpoint "${arn}".`);
  }
  checkTags(request.Tags);
  const config = knownConfig(sagemaker, request.EndpointConfigName, call);
  checkQuota(sagemaker, config.request.ProductionVariants);
  const now = sagemaker.world.now();
  const endpoint: EndpointRecord = {
    name: request.EndpointName,
    arn,
    region: call.region,
    createdAt: now,
    modifiedAt: now,
    tags: request.Tags ?? [],
    request,
    status: "Creating",
    configName: config.name,
    variants: servingVariants(sagemaker, config.request.ProductionVariants),
  };
  sagemaker.state.endpoints.save(endpoint);
  changeEndpoint(sagemaker, endpoint);
  return { EndpointArn: arn };
}

function describe(endpoint: EndpointRecord): Output {
  const serving = endpoint.status === "InService" || endpoint.status === "Updating";
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.configName,
    EndpointStatus: endpoint.status,
    FailureReason: endpoint.failureReason,
    CreationTime: seconds(endpoint.createdAt),
    LastModifiedTime: seconds(endpoint.modifiedAt),
    ProductionVariants: serving
      ? endpoint.variants.map((item) => ({
          VariantName: item.variant.VariantName,
          DeployedImages: [deployedImage(item.container.image, endpoint.createdAt)],
          CurrentWeight: item.weight,
          DesiredWeight: item.desiredWeight,
          CurrentInstanceCount: item.instances,
          DesiredInstanceCount: item.desiredInstances,
        }))
      : undefined,
  };
}

function deployedImage(image: string, at: number): Output {
  const digest = image.replace(/:[^:/]*$/, `@sha256:${"0".repeat(64)}`);
  return { SpecifiedImage: image, ResolvedImage: digest, ResolutionTime: seconds(at) };
}

function list(sagemaker: SageMaker, input: Input): Output {
  const { items, nextToken } = listPage([...sagemaker.state.endpoints.all()], input, "Descending");
  return {
    Endpoints: items.map((endpoint) => ({
      EndpointName: endpoint.name,
      EndpointArn: endpoint.arn,
      CreationTime: seconds(endpoint.createdAt),
      LastModifiedTime: seconds(endpoint.modifiedAt),
      EndpointStatus: endpoint.status,
    })),
    NextToken: nextToken,
  };
}

/** A failed endpoint can only be deleted, one on the way only waited for. */
function settled(endpoint: EndpointRecord): EndpointRecord {
  if (endpoint.status === "InService") return endpoint;
  if (endpoint.status === "Failed") throw validationError(`Cannot update failed endpoint "${endpoint.arn}".`);
  throw validationError(`Cannot update in-progress endpoint "${endpoint.arn}".`);
}

function update(sagemaker: SageMaker, input: Input, call: CallContext): Output {
  const endpoint = settled(known(sagemaker, input, call));
  const config = knownConfig(sagemaker, String(input["EndpointConfigName"]), call);
  if (config.name === endpoint.configName) {
    throw validationError(
      `Cannot update endpoint "${endpoint.arn}": it already uses endpoint configuration "${config.arn}".`,
    );
  }
  checkQuota(sagemaker, config.request.ProductionVariants, endpoint.name);
  endpoint.nextConfigName = config.name;
  endpoint.status = "Updating";
  endpoint.modifiedAt = sagemaker.world.now();
  sagemaker.state.endpoints.save(endpoint);
  changeEndpoint(sagemaker, endpoint, input["RetainAllVariantProperties"] === true);
  return { EndpointArn: endpoint.arn };
}

interface WeightAndCapacity {
  readonly VariantName: string;
  readonly DesiredWeight?: number;
  readonly DesiredInstanceCount?: number;
}

function reweigh(sagemaker: SageMaker, input: Input, call: CallContext): Output {
  const endpoint = settled(known(sagemaker, input, call));
  const wishes = input["DesiredWeightsAndCapacities"] as readonly WeightAndCapacity[];
  for (const wish of wishes) {
    const item = endpoint.variants.find(({ variant }) => variant.VariantName === wish.VariantName);
    if (item === undefined) {
      throw validationError(
        `The variant name(s) "${wish.VariantName}" is/are not present within endpoint configuration.`,
      );
    }
  }
  if (new Set(wishes.map((wish) => wish.VariantName)).size !== wishes.length) {
    throw validationError("Non-unique variant name in DesiredWeightsAndCapacities.");
  }
  for (const item of endpoint.variants) {
    const wish = wishes.find(({ VariantName }) => VariantName === item.variant.VariantName);
    item.desiredWeight = wish?.DesiredWeight ?? item.desiredWeight;
    item.desiredInstances = wish?.DesiredInstanceCount ?? item.desiredInstances;
  }
  endpoint.status = "Updating";
  endpoint.modifiedAt = sagemaker.world.now();
  sagemaker.state.endpoints.save(endpoint);
  changeEndpoint(sagemaker, endpoint);
  return { EndpointArn: endpoint.arn };
}

function remove(sagemaker: SageMaker, input: Input, call: CallContext): Output {
  const endpoint = known(sagemaker, input, call);
  if (endpoint.status !== "InService" && endpoint.status !== "Failed") {
    throw validationError(`Cannot update in-progress endpoint "${endpoint.arn}".`);
  }
  const failed = endpoint.status === "Failed";
  endpoint.status = "Deleting";
  endpoint.modifiedAt = sagemaker.world.now();
  sagemaker.state.endpoints.save(endpoint);
  removeEndpoint(sagemaker, endpoint, failed);
  return {};
}
