import { getEventListeners } from "node:events";
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { fromAwsError } from "../../src/aws/aws-error.js";
import { send } from "../../src/aws/send.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import { rejectionOf } from "../support/refusal-of.js";

/** What one error of the service becomes, through the client's own error parser. */
async function mapped(error: string, message: string, status = 400): Promise<{ code: string; retryable: boolean }> {
  const { client } = fakeSageMaker(() => ({ error, message, status }));
  const command = new DescribeTrainingJobCommand({ TrainingJobName: "turtles" });
  const refusal = await rejectionOf(send("DescribeTrainingJob", (options) => client.send(command, options)));
  expect(refusal.message).toContain(message);
  expect(refusal.details).toMatchObject({ operation: "DescribeTrainingJob", name: error, status });
  return { code: refusal.code, retryable: (refusal.details as { retryable: boolean }).retryable };
}

// Texts and types of the real service, as public threads show them.
it.each([
  ["ValidationException", "Requested resource not found.", "aws.not-found"],
  ["ValidationException", 'Could not find endpoint "arn:aws:sagemaker:us-east-1:1:endpoint/x".', "aws.not-found"],
  ["ValidationException", 'Could not find endpoint configuration "arn:aws:x".', "aws.not-found"],
  ["ValidationException", "Could not find job to update with name x", "aws.not-found"],
  ["ValidationError", "Endpoint x of account 123456789012 not found.", "aws.not-found"],
  ["ResourceNotFound", "no such labeling job", "aws.not-found"],
  ["ResourceNotFoundException", "The specified log group does not exist.", "aws.not-found"],
  ["ValidationException", 'Cannot create already existing model "arn:aws:x".', "aws.conflict"],
  ["ValidationException", 'Cannot update in-progress endpoint "arn:aws:x".', "aws.conflict"],
  ["ResourceInUse", "Training job names must be unique within an AWS account and region", "aws.conflict"],
  ["ResourceLimitExceeded", "The account-level service limit is 0 Instances", "aws.limit"],
  // The artifact is missing, not the model that this call is about.
  ["ValidationException", "Could not find model data at s3://b/k/model.tar.gz.", "aws.validation"],
  ["ValidationException", "1 validation error detected", "aws.validation"],
  ["AccessDeniedException", "User is not authorized to perform", "aws.access-denied"],
  ["ExpiredTokenException", "The security token included in the request is expired", "aws.credentials"],
  ["UnrecognizedClientException", "The security token included in the request is invalid", "aws.credentials"],
])("%s (%s) is %s and not worth repeating", async (name, message, code) => {
  expect(await mapped(name, message)).toEqual({ code, retryable: false });
});

it.each([
  ["ThrottlingException", "Rate exceeded", 400, "aws.throttled"],
  ["TooManyRequestsException", "Slow down", 429, "aws.throttled"],
  ["InternalFailure", "Something broke", 500, "aws.server"],
  ["ServiceUnavailable", "Try later", 503, "aws.server"],
])("%s is worth repeating", async (name, message, status, code) => {
  expect(await mapped(name, message, status)).toEqual({ code, retryable: true });
});

describe("errors without an answer", () => {
  it.each(["ECONNRESET", "ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT"])("takes %s for network trouble", (code) => {
    const error = fromAwsError("PutObject", Object.assign(new Error(`connect ${code}`), { code }));
    expect(error).toMatchObject({ code: "aws.network", details: { retryable: true } });
  });

  it("asks for a region where the client found none", () => {
    // The client's own words (@smithy/config-resolver), thrown before any request.
    const error = fromAwsError("InvokeEndpoint", new Error("Region is missing"));
    expect(error).toMatchObject({
      code: "session.missing",
      details: { setting: "region", neededBy: "InvokeEndpoint" },
    });
    expect(error.message).toContain("AWS_REGION");
  });

  it("names the bucket that S3 does not know", () => {
    const raw = Object.assign(new Error("The specified bucket does not exist"), {
      name: "NoSuchBucket",
      BucketName: "turtle2022",
    });
    expect(fromAwsError("ListObjectsV2", raw).message).toContain('bucket "turtle2022"');
  });

  it("says what to do about missing credentials", () => {
    const error = fromAwsError(
      "PutObject",
      Object.assign(new Error("Could not load credentials from any providers"), { name: "CredentialsProviderError" }),
    );
    expect(error.code).toBe("aws.credentials");
    expect(error.message).toMatch(/Set AWS_PROFILE or AWS_ACCESS_KEY_ID/);
    const expired = Object.assign(new Error("The token has expired"), { name: "ExpiredTokenException" });
    expect(fromAwsError("PutObject", expired).message).toMatch(/Renew the credentials/);
  });

  it("does not repeat a container's refusal", () => {
    const refusal = Object.assign(new Error("Received client error (400) from model"), {
      name: "ModelError",
      $metadata: { httpStatusCode: 424 },
    });
    expect(fromAwsError("InvokeEndpoint", refusal)).toMatchObject({
      code: "aws.server",
      details: { name: "ModelError", retryable: false, status: 424 },
      cause: refusal,
    });
  });
});

it("throws the signal's own reason on abort, not the client's AbortError", async () => {
  const controller = new AbortController();
  const reason = new Error("closing time");
  const call = send(
    "DescribeTrainingJob",
    ({ abortSignal }) =>
      new Promise((_, reject) => {
        abortSignal?.addEventListener("abort", () =>
          reject(Object.assign(new Error("Request aborted"), { name: "AbortError" })),
        );
        controller.abort(reason);
      }),
    controller.signal,
  );
  await expect(call).rejects.toBe(reason);
});

it("sends nothing when the signal is aborted already", async () => {
  const { client, calls } = fakeSageMaker(() => ({ body: {} }));
  const command = new DescribeTrainingJobCommand({ TrainingJobName: "turtles" });
  const reason = new Error("too late");
  const signal = AbortSignal.abort(reason);
  await expect(send("DescribeTrainingJob", (options) => client.send(command, options), signal)).rejects.toBe(reason);
  expect(calls).toEqual([]);
});

it("leaves no listeners on the caller's signal, however many requests run", async () => {
  const { signal } = new AbortController();
  const counts: number[] = [];
  const calls = Array.from({ length: 20 }, () =>
    send(
      "DescribeTrainingJob",
      async ({ abortSignal }) => {
        abortSignal?.addEventListener("abort", () => undefined);
        await Promise.resolve();
        counts.push(getEventListeners(signal, "abort").length);
      },
      signal,
    ),
  );
  await Promise.all(calls);
  expect(Math.max(...counts)).toBe(0);
});

it("passes errors of this package unchanged, and keeps headers and bodies out of messages", async () => {
  const { client } = fakeSageMaker(() => ({ error: "ValidationException", message: "bad" }));
  const command = new DescribeTrainingJobCommand({ TrainingJobName: "turtles" });
  const refusal = await rejectionOf(send("DescribeTrainingJob", (options) => client.send(command, options)));
  expect(fromAwsError("Other", refusal)).toBe(refusal);
  expect(JSON.stringify([refusal.message, refusal.details])).not.toMatch(/authorization|x-amz-security|AWS4-HMAC/i);
});
