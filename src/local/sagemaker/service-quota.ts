import { ApiError } from "../wire/api-error.js";

/**
 * Refuses what is above a quota of the account, in the words of the service.
 *
 * @param quota - Name as Service Quotas has it, e.g. `ml.m5.xlarge for endpoint usage`.
 */
export function checkServiceQuota(quota: string, limit: number, used: number, wanted: number): void {
  if (used + wanted <= limit) return;
  throw new ApiError(
    "ResourceLimitExceeded",
    `The account-level service limit '${quota}' is ${limit} Instances, with current utilization of ${used} Instances and a request delta of ${wanted} Instances. Please use AWS Service Quotas to request an increase for this quota.`,
  );
}
