import type { CORSRule } from "@aws-sdk/client-s3";
import type { AwsContext } from "../../aws/context.js";
import { send } from "../../aws/send.js";
import { undefinedIfAbsent } from "../../aws/undefined-if-absent.js";
import { SegmentationError } from "../../core/errors.js";
import type { Report } from "./finding.js";

/** The rule that every bucket with images needs (guide, sms-cors-update). */
export const corsRule = {
  AllowedHeaders: [],
  AllowedMethods: ["GET"],
  AllowedOrigins: ["*"],
  ExposeHeaders: ["Access-Control-Allow-Origin"],
} satisfies CORSRule;

/** Checks that a bucket is there, in the job's region. Returns whether it is worth looking further. */
export async function checkBucket(
  context: AwsContext,
  bucket: string,
  region: string,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const s3 = await context.clients.s3();
  const { HeadBucketCommand } = await import("@aws-sdk/client-s3");
  const where = [bucket];
  try {
    const command = new HeadBucketCommand({ Bucket: bucket });
    const answer = await undefinedIfAbsent(send("HeadBucket", (options) => s3.send(command, options), signal));
    if (answer === undefined) {
      const message = `The bucket ${bucket} does not exist.`;
      report({ code: "bucket.missing", severity: "error", message, advice: "Check its name, or make it.", where });
      return false;
    }
    const found = answer.BucketRegion;
    if (found !== undefined && found !== region) {
      report({
        code: "bucket.region",
        severity: "error",
        message: `The bucket ${bucket} is in ${found}, the job in ${region}.`,
        advice: "Images, manifest and results must lie in the job's region.",
        where,
      });
    }
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if (!SegmentationError.is(error, "aws")) throw error;
    report({
      code: "bucket.denied",
      severity: "warning",
      message: `The bucket ${bucket} could not be looked at: ${error.message}`,
      advice: "You need s3:ListBucket on it; so does the job's role.",
      where,
    });
    return false;
  }
}

/** Checks that workers' browsers may load images of a bucket; adds the rule when asked to, beside those that are there. */
export async function checkCors(
  context: AwsContext,
  bucket: string,
  apply: boolean,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> {
  const where = [bucket];
  try {
    const rules = await readRules(context, bucket, signal);
    if (rules.some(isEnough)) return;
    if (apply) await addRule(context, bucket, rules, signal);
    report({
      code: apply ? "bucket.cors-added" : "bucket.cors",
      severity: apply ? "note" : "error",
      message: `The bucket ${bucket} ${apply ? "had" : "has"} no CORS rule that lets workers' browsers load its images.`,
      advice: apply
        ? `The rule ${JSON.stringify(corsRule)} was added.`
        : `Add this rule, or call check({ apply: true }): ${JSON.stringify(corsRule)}`,
      where,
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!SegmentationError.is(error, "aws")) throw error;
    report({
      code: "bucket.cors-denied",
      severity: "warning",
      message: `The CORS rules of ${bucket} could not be ${apply ? "changed" : "read"}: ${error.message}`,
      advice: `You need s3:GetBucketCORS${apply ? " and s3:PutBucketCORS" : ""}. The rule is ${JSON.stringify(corsRule)}`,
      where,
    });
  }
}

function isEnough({ AllowedMethods: methods = [], AllowedOrigins: origins = [] }: CORSRule): boolean {
  return methods.includes("GET") && origins.includes("*");
}

async function readRules(
  context: AwsContext,
  bucket: string,
  signal: AbortSignal | undefined,
): Promise<readonly CORSRule[]> {
  const s3 = await context.clients.s3();
  const { GetBucketCorsCommand } = await import("@aws-sdk/client-s3");
  const command = new GetBucketCorsCommand({ Bucket: bucket });
  try {
    return (await send("GetBucketCors", (options) => s3.send(command, options), signal)).CORSRules ?? [];
  } catch (error) {
    if (SegmentationError.is(error, "aws") && error.details.name === "NoSuchCORSConfiguration") return [];
    throw error;
  }
}

async function addRule(
  context: AwsContext,
  bucket: string,
  rules: readonly CORSRule[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const s3 = await context.clients.s3();
  const { PutBucketCorsCommand } = await import("@aws-sdk/client-s3");
  const command = new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [...rules, corsRule] } });
  await send("PutBucketCors", (options) => s3.send(command, options), signal);
}
