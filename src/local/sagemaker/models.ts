import { isAlgorithmImage } from "../../facts/image-registry.js";
import type { ModelRecord } from "../state/record-types.js";
import { validationError } from "../wire/api-error.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { resourceArn, seconds } from "./context.js";
import type { SageMaker } from "./context.js";
import { listPage } from "./listing.js";
import type { CreateModelRequest } from "./requests.js";
import { objectExists } from "./s3-input.js";
import { checkTags } from "./tags.js";

/** CreateModel, DescribeModel, ListModels, DeleteModel. */
export function modelOperations(sagemaker: SageMaker): [string, Operation][] {
  return [
    ["CreateModel", (input, call) => create(sagemaker, input, call)],
    ["DescribeModel", (input, call) => describe(known(sagemaker, input, call))],
    ["ListModels", (input) => list(sagemaker, input)],
    [
      "DeleteModel",
      (input, call) => {
        sagemaker.state.models.delete(known(sagemaker, input, call).name);
        return {};
      },
    ],
  ];
}

async function create(sagemaker: SageMaker, input: Input, { region }: CallContext): Promise<Output> {
  // The service model has checked the shape.
  const request = input as unknown as CreateModelRequest;
  const arn = resourceArn(sagemaker.world, region, "model", request.ModelName);
  checkName(sagemaker, request.ModelName, arn);
  const container = containerOf(request);
  if (container === undefined) throw validationError("You must provide a primary container or containers.");
  if (request.ExecutionRoleArn === undefined) throw validationError("ExecutionRoleArn is required to create a model.");
  checkTags(request.Tags);
  await checkContainer(sagemaker, container.Image, container.ModelDataUrl);
  checkName(sagemaker, request.ModelName, arn); // once more: another request may have taken it meanwhile
  const now = sagemaker.world.now();
  sagemaker.state.models.save({
    name: request.ModelName,
    arn,
    createdAt: now,
    modifiedAt: now,
    tags: request.Tags ?? [],
    request,
  });
  return { ModelArn: arn };
}

function checkName(sagemaker: SageMaker, name: string, arn: string): void {
  if (sagemaker.state.models.get(name) === undefined) return;
  throw validationError(`Cannot create already existing model "${arn}".`);
}

/** The container that answers: the primary one, or the first of a list. */
export function containerOf(request: CreateModelRequest): CreateModelRequest["PrimaryContainer"] {
  return request.PrimaryContainer ?? request.Containers?.[0];
}

/** The artifact is looked for when the model is made, not at the endpoint. */
async function checkContainer(
  sagemaker: SageMaker,
  image: string | undefined,
  data: string | undefined,
): Promise<void> {
  if (image === undefined || !isAlgorithmImage(image)) {
    throw validationError(
      `The image "${image}" cannot be used here: the embedded backend runs the built-in semantic segmentation algorithm only.`,
    );
  }
  if (data === undefined) throw validationError("ModelDataUrl is required for the semantic segmentation algorithm.");
  if (!(await objectExists(sagemaker.objects, data))) throw validationError(`Could not find model data at ${data}.`);
}

function known(sagemaker: SageMaker, input: Input, { region }: CallContext): ModelRecord {
  const name = String(input["ModelName"]);
  const model = sagemaker.state.models.get(name);
  if (model === undefined) {
    throw validationError(`Could not find model "${resourceArn(sagemaker.world, region, "model", name)}".`);
  }
  return model;
}

function describe(model: ModelRecord): Output {
  return {
    EnableNetworkIsolation: false,
    ...model.request,
    Tags: undefined,
    ModelName: model.name,
    ModelArn: model.arn,
    CreationTime: seconds(model.createdAt),
  };
}

function list(sagemaker: SageMaker, input: Input): Output {
  const { items, nextToken } = listPage(sagemaker.state.models.all(), input, "Descending");
  return {
    Models: items.map((model) => ({
      ModelName: model.name,
      ModelArn: model.arn,
      CreationTime: seconds(model.createdAt),
    })),
    NextToken: nextToken,
  };
}
