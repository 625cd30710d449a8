import { refusal } from "./refusal.js";

/** Checks a KMS key: its id, ARN or alias (service model, KmsKeyId). */
export function checkKmsKey(parameter: string, key: string): string {
  if (key.length < 1 || key.length > 2048 || !/^[a-zA-Z0-9:/_-]*$/.test(key)) {
    throw refusal(parameter, key, "the id or ARN of a KMS key");
  }
  return key;
}

/** Checks the ARN of an SNS topic (service model, SnsTopicArn). */
export function checkTopic(parameter: string, arn: string): string {
  if (arn.length > 2048 || !/^arn:aws[a-z-]*:sns:[a-z0-9-]*:[0-9]{12}:[a-zA-Z0-9_.-]+$/.test(arn)) {
    throw refusal(parameter, arn, "arn:aws:sns:<region>:<account>:<topic>");
  }
  return arn;
}
