import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import type { CallOptions } from "../aws/job-handle.js";
import { checkChannelData } from "./check-data.js";
import { checkQuotas } from "./check-quota.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";
import { largestCost } from "./job-cost.js";
import type { LargestCost, PriceOptions } from "./job-cost.js";
import { planFindings } from "./plan-findings.js";

/** What a job would be, before it is one. */
export interface TrainingPlan {
  /** The request that would be sent. */
  readonly request: CreateTrainingJobCommandInput;
  /** What is odd about it: errors first, then warnings, then what is good to know. */
  readonly findings: readonly TrainingFinding[];
  /** The most that the job can cost; `undefined` without a price. */
  readonly cost: LargestCost | undefined;
}

/** Options of {@link Estimator.check}. */
export interface CheckOptions extends PriceOptions, CallOptions {
  /** How many images and masks of each channel are opened; default 20, spread evenly. 0 looks at names only. */
  readonly samples?: number;
  /**
   * Whether the account's quota for the instance type is asked for; default `true`. Needs the package
   * `@aws-sdk/client-service-quotas` and the permission `servicequotas:ListServiceQuotas`.
   */
  readonly quota?: boolean;
}

/** What {@link Estimator.check} found. */
export interface TrainingCheck extends TrainingPlan {
  /** Whether no finding is an error. */
  readonly ok: boolean;
}

const ranks = { error: 0, warning: 1, info: 2 } as const;

/** A plan with its findings in order of weight. */
export function plannedJob(
  plan: EstimatorPlan,
  request: CreateTrainingJobCommandInput,
  price: PriceOptions,
  further: readonly TrainingFinding[] = [],
): TrainingPlan {
  const findings = [...planFindings(plan), ...further];
  return {
    request,
    findings: findings.sort((one, other) => ranks[one.severity] - ranks[other.severity]),
    cost: largestCost(plan, price),
  };
}

/** Looks at data and quota besides. */
export async function checkEstimator(
  context: AwsContext,
  plan: EstimatorPlan,
  request: CreateTrainingJobCommandInput,
  { samples = 20, quota = true, signal, ...price }: CheckOptions,
): Promise<TrainingCheck> {
  const further = [
    ...(await checkChannelData(context.store, plan, samples, signal)),
    ...(quota ? await checkQuotas(context, plan, signal) : []),
  ];
  const planned = plannedJob(plan, request, price, further);
  return { ...planned, ok: planned.findings.every(({ severity }) => severity !== "error") };
}
