import type { EstimatorPlan } from "./estimator-plan.js";
import { trainingInvalid } from "./training-invalid.js";

/** What an hour of the instance costs; AWS's price list tells it by region and type. */
export interface PriceOptions {
  /** Price of one hour of the training instance, e.g. `3.825`. */
  readonly pricePerHour?: number;
  /** Its currency; default `USD`. */
  readonly currency?: string;
}

/** The most that a job can cost: AWS stops it at its maximal run time. Storage and requests of S3 are not in it. */
export interface LargestCost {
  /** The currency of all amounts. */
  readonly currency: string;
  /** The instance from start to the maximal run time. Spot capacity costs less, at most this much. */
  readonly training: number;
  /** The warm pool, if nobody uses it. */
  readonly warmPool: number;
  /** Both together. */
  readonly total: number;
}

/**
 * The largest cost of one job; `undefined` without a price. All attempts of a retried job share the run time (API
 * reference, StoppingCondition). Throws `training.invalid` for a price below 0.
 */
export function largestCost(
  { maxRuntime, keepAlive = 0 }: Pick<EstimatorPlan, "maxRuntime" | "keepAlive">,
  { pricePerHour, currency = "USD" }: PriceOptions,
): LargestCost | undefined {
  if (pricePerHour === undefined) return undefined;
  if (!Number.isFinite(pricePerHour) || pricePerHour < 0) {
    throw trainingInvalid("pricePerHour", pricePerHour, "a number of 0 or more");
  }
  const training = (pricePerHour * maxRuntime) / 3600;
  const warmPool = (pricePerHour * keepAlive) / 3600;
  return { currency, training, warmPool, total: training + warmPool };
}
