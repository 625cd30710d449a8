import { SegmentationError } from "../core/errors.js";

/**
 * Account of the built-in Ground Truth Lambda functions, by region; ids are texts, one begins with 0.
 *
 * Source: SageMaker API reference (HumanTaskConfig, AnnotationConsolidationConfig), 12 regions. Isolated regions appear
 * only in third-party code and are left out; China and GovCloud are not listed by AWS.
 */
const lambdaAccounts: Readonly<Record<string, string>> = {
  "us-east-1": "432418664414",
  "us-east-2": "266458841044",
  "us-west-2": "081040173940",
  "ca-central-1": "918755190332",
  "eu-west-1": "568282634449",
  "eu-west-2": "487402164563",
  "eu-central-1": "203001061592",
  "ap-northeast-1": "477331159723",
  "ap-northeast-2": "845288260483",
  "ap-south-1": "565803892007",
  "ap-southeast-1": "377565633583",
  "ap-southeast-2": "454466003867",
};

/** Regions with built-in segmentation functions of Ground Truth. */
export const groundTruthRegions: readonly string[] = Object.freeze(Object.keys(lambdaAccounts));

/** The three kinds of built-in segmentation tasks. */
export type GroundTruthTask = "labeling" | "adjustment" | "verification";

const taskFunctions: Readonly<Record<GroundTruthTask, string>> = {
  labeling: "SemanticSegmentation",
  adjustment: "AdjustmentSemanticSegmentation",
  verification: "VerificationSemanticSegmentation",
};

/** ARNs of the pre-annotation and consolidation functions; throws `region.unsupported` outside the 12 regions. */
export function groundTruthLambdas(
  region: string,
  task: GroundTruthTask = "labeling",
): { readonly pre: string; readonly consolidation: string } {
  const account = Object.hasOwn(lambdaAccounts, region) ? lambdaAccounts[region] : undefined;
  if (account === undefined) {
    throw new SegmentationError(
      "region.unsupported",
      `Ground Truth has no built-in segmentation functions in region "${region}". It has them in: ${groundTruthRegions.join(", ")}.`,
      { region, feature: "Ground Truth segmentation functions", supported: groundTruthRegions },
    );
  }
  const arn = (prefix: string): string =>
    `arn:aws:lambda:${region}:${account}:function:${prefix}-${taskFunctions[task]}`;
  return { pre: arn("PRE"), consolidation: arn("ACS") };
}

/** The public work team (Mechanical Turk) of a region (developer guide, sms-workforce-management-public). */
export function mechanicalTurkWorkteam(region: string): string {
  return `arn:aws:sagemaker:${region}:394669845002:workteam/public-crowd/default`;
}

/** Prices per task that the API allows for semantic segmentation, in US dollars (API reference, PublicWorkforceTaskPrice). */
export const mechanicalTurkPricesUsd = ["0.84", "0.96", "1.08", "1.20"] as const;

/** The four documented price tiers for semantic segmentation. */
export type MechanicalTurkPriceUsd = (typeof mechanicalTurkPricesUsd)[number];
