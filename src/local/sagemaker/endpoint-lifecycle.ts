import { ContainerError } from "../contracts.js";
import type { EndpointRecord, ServingVariant } from "../state/record-types.js";
import { closingDown } from "./background-work.js";
import type { SageMaker } from "./context.js";
import { containerOf } from "./models.js";
import type { ProductionVariant } from "./requests.js";
import { readObject, readLimits } from "./s3-input.js";
import { openServedModel } from "../runtime/served-model.js";
import { checkServiceQuota } from "./service-quota.js";

/** Simulated milliseconds until an endpoint is in service, updated, gone. */
const stepTimes = { creating: 1500, updating: 1200, deleting: 500 };
/** Instances of one type that an account may run for endpoints. */
const quota = 20;

/** Refuses what is above the account's quota. Looked at when instances are wanted, not at the configuration. */
export function checkQuota(sagemaker: SageMaker, variants: readonly ProductionVariant[], except?: string): void {
  const types = new Set(variants.map(({ InstanceType }) => InstanceType));
  for (const type of types) {
    if (type === undefined) continue;
    const used = sagemaker.state.endpoints
      .all()
      .filter((endpoint) => endpoint.name !== except && endpoint.status !== "Failed")
      .flatMap((endpoint) => endpoint.variants)
      .filter((item) => item.variant.InstanceType === type)
      .reduce((sum, item) => sum + item.desiredInstances, 0);
    const wanted = variants
      .filter(({ InstanceType }) => InstanceType === type)
      .reduce((sum, { InitialInstanceCount = 1 }) => sum + InitialInstanceCount, 0);
    checkServiceQuota(`${type} for endpoint usage`, quota, used, wanted);
  }
}

/** Variants of a configuration as they begin to serve. */
export function servingVariants(sagemaker: SageMaker, variants: readonly ProductionVariant[]): ServingVariant[] {
  return variants.map((variant) => {
    const weight = variant.InitialVariantWeight ?? 1;
    const instances = variant.InitialInstanceCount ?? 0;
    const model = sagemaker.state.models.get(variant.ModelName ?? "");
    const { Image: image = "", ModelDataUrl: data = "" } = (model && containerOf(model.request)) ?? {};
    const container = { image, data, modelCreatedAt: model?.createdAt ?? 0 };
    return { variant, container, weight, desiredWeight: weight, instances, desiredInstances: instances };
  });
}

/** Brings an endpoint that is Creating or Updating into service, or to Failed with a reason. */
export function changeEndpoint(sagemaker: SageMaker, endpoint: EndpointRecord, keepProperties = false): void {
  sagemaker.work.start(`endpoint/${endpoint.name.toLowerCase()}`, async (signal) => {
    const { world, state } = sagemaker;
    try {
      await world.pause(endpoint.status === "Creating" ? stepTimes.creating : stepTimes.updating, signal);
      const variants = nextVariants(sagemaker, endpoint, keepProperties);
      for (const serving of variants) await checkServable(sagemaker, serving);
      endpoint.variants = variants;
      endpoint.configName = endpoint.nextConfigName ?? endpoint.configName;
      endpoint.status = "InService";
      delete endpoint.failureReason; // of an update that failed before
    } catch (error) {
      if (error === closingDown) return;
      endpoint.failureReason = failureReason(error);
      // A failed update is rolled back: the old variants go on serving.
      endpoint.status = endpoint.status === "Updating" ? "InService" : "Failed";
    }
    delete endpoint.nextConfigName;
    endpoint.modifiedAt = world.now();
    state.endpoints.save(endpoint);
  });
}

function nextVariants(sagemaker: SageMaker, endpoint: EndpointRecord, keep: boolean): ServingVariant[] {
  const next = endpoint.nextConfigName && sagemaker.state.endpointConfigs.get(endpoint.nextConfigName);
  const variants = next ? servingVariants(sagemaker, next.request.ProductionVariants) : endpoint.variants;
  return variants.map((item) => {
    const before = keep
      ? endpoint.variants.find((old) => old.variant.VariantName === item.variant.VariantName)
      : undefined;
    const { desiredWeight, desiredInstances } = before ?? item;
    return { ...item, desiredWeight, desiredInstances, weight: desiredWeight, instances: desiredInstances };
  });
}

/** What the instance does before it answers its first ping: find capacity, load the artifact. */
async function checkServable(sagemaker: SageMaker, { variant, container }: ServingVariant): Promise<void> {
  if (!sagemaker.faults.hasCapacity(variant.InstanceType)) {
    throw new ContainerError(
      "ClientError",
      "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. Please retry using a different ML instance type or after some time.",
    );
  }
  const artifact = await readObject(sagemaker.objects, container.data, readLimits.artifact);
  if (artifact === undefined)
    throw new ContainerError("ClientError", `Failed to download model data from ${container.data}.`);
  const model = await openServedModel(sagemaker.learner, artifact);
  await model.close?.();
}

function failureReason(error: unknown): string {
  if (!(error instanceof ContainerError))
    return "Request to service failed. If failure persists after retry, contact customer support.";
  if (error.message.startsWith("Unable to provision") || error.message.startsWith("Failed to download"))
    return error.message;
  return `The primary container for production variant did not pass the ping health check. Please check CloudWatch logs for this endpoint. (${error.message})`.slice(
    0,
    1024,
  );
}

/** Lets an endpoint that is Deleting go; at once when it never had instances. */
export function removeEndpoint(sagemaker: SageMaker, endpoint: EndpointRecord, failed = false): void {
  if (failed) {
    sagemaker.state.endpoints.delete(endpoint.name);
    return;
  }
  sagemaker.work.start(`endpoint/${endpoint.name.toLowerCase()}`, async (signal) => {
    await sagemaker.world.pause(stepTimes.deleting, signal);
    sagemaker.state.endpoints.delete(endpoint.name);
  });
}

/** Goes on with what was under way when the backend ended. */
export function resumeEndpoints(sagemaker: SageMaker): void {
  for (const endpoint of sagemaker.state.endpoints.all()) {
    if (endpoint.status === "Creating" || endpoint.status === "Updating") changeEndpoint(sagemaker, endpoint);
    if (endpoint.status === "Deleting") removeEndpoint(sagemaker, endpoint);
  }
}
