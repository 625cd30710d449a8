import { documentedTrainingInstances } from "../../facts/training-instances.js";
import type { LocalService, LocalWorld } from "../contracts.js";
import type { FaultPlan } from "../faults.js";
import { ApiError } from "../wire/api-error.js";
import { jsonService } from "../wire/json-service.js";
import type { Input, Output } from "../wire/operation.js";

/** Training jobs that may run at once: each has all its images in memory. */
export const runningJobs = 4;

/** The quota of an instance type as Service Quotas names it. */
export function trainingQuotaName(instanceType: string, spot: boolean): string {
  return `${instanceType} for ${spot ? "spot training job" : "training job"} usage`;
}

/** Service Quotas: ListServiceQuotas, with what the account may train on. */
export function quotasService(world: LocalWorld, faults: FaultPlan): LocalService {
  const operations = new Map([["ListServiceQuotas", (input: Input) => list(world, faults, input)]]);
  return jsonService(
    { model: "service-quotas", targetPrefix: "ServiceQuotasV20190624", version: "1.1", operations },
    faults,
  );
}

function list(world: LocalWorld, faults: FaultPlan, input: Input): Output {
  if (input["ServiceCode"] !== "sagemaker") {
    throw new ApiError("NoSuchResourceException", "The embedded backend has quotas of sagemaker only.");
  }
  const names = documentedTrainingInstances.flatMap((type) => [
    trainingQuotaName(type, false),
    trainingQuotaName(type, true),
    `${type} for training warm pool usage`,
  ]);
  const all = [...new Set([...names, ...faults.quotaNames()])].sort();
  const start = Number(input["NextToken"] ?? 0);
  const size = Number(input["MaxResults"] ?? 100);
  if (!Number.isInteger(start) || start < 0 || !Number.isInteger(size) || size < 1 || size > 100) {
    throw new ApiError("IllegalArgumentException", "NextToken or MaxResults cannot be used.");
  }
  return {
    Quotas: all.slice(start, start + size).map((name) => ({
      ServiceCode: "sagemaker",
      ServiceName: "Amazon SageMaker",
      QuotaName: name,
      QuotaArn: `arn:aws:servicequotas:${world.region}:${world.account}:sagemaker/L-${all.indexOf(name)}`,
      QuotaCode: `L-${all.indexOf(name)}`,
      Value: faults.quotaOf(name) ?? runningJobs,
      Unit: "None",
      Adjustable: true,
      GlobalQuota: false,
    })),
    NextToken: start + size < all.length ? String(start + size) : undefined,
  };
}
