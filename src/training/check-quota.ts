import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";

/** Pages that are read at most: the service has some two thousand quotas, a hundred on a page. */
const maxPages = 100;

/** Whether the account may run the instance at all. New accounts have a quota of 0 for most GPU types. */
export async function checkQuotas(
  context: AwsContext,
  { instanceType, spot, keepAlive = 0 }: EstimatorPlan,
  signal: AbortSignal | undefined,
): Promise<readonly TrainingFinding[]> {
  // Names as Service Quotas has them; refusals of CreateTrainingJob quote them.
  const wanted = [
    `${instanceType} for ${spot === undefined ? "training job" : "spot training job"} usage`,
    ...(keepAlive > 0 ? [`${instanceType} for training warm pool usage`] : []),
  ];
  let quotas: ReadonlyMap<string, number>;
  try {
    quotas = await readQuotas(context, wanted, signal);
  } catch (error) {
    if (isMissingPackage(error)) {
      return [unchecked("the package @aws-sdk/client-service-quotas is not installed", "Install it beside this one.")];
    }
    if (!SegmentationError.is(error, "aws")) throw error;
    return [unchecked(error.message, "Allow servicequotas:ListServiceQuotas, or look at the console.")];
  }
  return wanted.flatMap((name): readonly TrainingFinding[] => {
    const value = quotas.get(name);
    if (value === undefined)
      return [unchecked(`Service Quotas lists no "${name}"`, "Look at the instance type's name.")];
    if (value >= 1) return [];
    return [
      {
        code: "quota.none",
        severity: "error",
        parameter: "instance",
        message: `The account's quota "${name}" is ${value}: the job would be refused.`,
        remedy: "Ask for an increase in Service Quotas (it takes hours to days), or take a type that is allowed.",
      },
    ];
  });
}

async function readQuotas(
  context: AwsContext,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  const client = await context.clients.quotas();
  const { ListServiceQuotasCommand } = await import("@aws-sdk/client-service-quotas");
  const found = new Map<string, number>();
  let token: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const command = new ListServiceQuotasCommand({
      ServiceCode: "sagemaker",
      MaxResults: 100,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const answer = await send("ListServiceQuotas", (options) => client.send(command, options), signal);
    for (const { QuotaName = "", Value } of answer.Quotas ?? []) {
      if (names.includes(QuotaName) && Value !== undefined) found.set(QuotaName, Value);
    }
    token = answer.NextToken;
    if (token === undefined || found.size === names.length) break;
  }
  return found;
}

function isMissingPackage(error: unknown): boolean {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}

function unchecked(why: string, remedy: string): TrainingFinding {
  return {
    code: "quota.unchecked",
    severity: "info",
    parameter: "instance",
    message: `The account's quota could not be looked up: ${why}.`,
    remedy,
  };
}
