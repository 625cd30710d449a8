import { checkKmsKey } from "./keys-and-topics.js";
import { refusal } from "./refusal.js";

/** Network of the machines that automated labeling starts. */
export interface LabelingVpc {
  /** 1 to 16 subnets, `subnet-...`. */
  readonly subnets: readonly string[];
  /** 1 to 5 security groups, `sg-...`. */
  readonly securityGroups: readonly string[];
}

/** Settings of automated labeling (active learning). */
export interface AutomatedLabelingOptions {
  /**
   * ARN of the model to begin with: `finalModel` of an earlier job's state. A job that continues another under the same
   * label attribute takes that job's model by itself.
   */
  readonly initialModel?: string;
  /** KMS key of the training machines' volumes: a key id or ARN. The role then needs `kms:CreateGrant`. */
  readonly volumeKmsKey?: string;
  /** Network of the training machines; it needs an endpoint for S3. */
  readonly vpc?: LabelingVpc;
}

// Patterns and limits: service model, LabelingJobAlgorithmsConfig and VpcConfig.
const modelArn = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:model\/.*$/;
const networkId = /^[-0-9a-zA-Z]{1,32}$/;

/** Checks and copies the settings. */
export function checkAutomatedLabeling(options: AutomatedLabelingOptions): AutomatedLabelingOptions {
  const { initialModel, volumeKmsKey, vpc } = options;
  if (initialModel !== undefined && (initialModel.length > 2048 || !modelArn.test(initialModel))) {
    throw refusal("initialModel", initialModel, "arn:aws:sagemaker:<region>:<account>:model/<name>");
  }
  if (volumeKmsKey !== undefined) checkKmsKey("volumeKmsKey", volumeKmsKey);
  if (vpc !== undefined) {
    checkIds("vpc.subnets", vpc.subnets, 16);
    checkIds("vpc.securityGroups", vpc.securityGroups, 5);
  }
  return {
    ...(initialModel === undefined ? {} : { initialModel }),
    ...(volumeKmsKey === undefined ? {} : { volumeKmsKey }),
    ...(vpc === undefined ? {} : { vpc: { subnets: [...vpc.subnets], securityGroups: [...vpc.securityGroups] } }),
  };
}

function checkIds(parameter: string, ids: readonly string[], most: number): void {
  if (ids.length < 1 || ids.length > most) throw refusal(parameter, ids.length, `1 to ${most} ids`);
  const wrong = ids.find((id) => !networkId.test(id));
  if (wrong !== undefined) throw refusal(parameter, wrong, "ids of 1 to 32 letters, digits and hyphens");
}
