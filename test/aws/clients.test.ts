import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("region", () => {
  it("takes the option before AWS_REGION before AWS_DEFAULT_REGION", async () => {
    vi.stubEnv("AWS_DEFAULT_REGION", "eu-west-2");
    expect(createAwsContext().regionNow("x")).toBe("eu-west-2");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    expect(createAwsContext().regionNow("x")).toBe("eu-west-1");
    expect(await createAwsContext({ region: "us-east-1" }).region()).toBe("us-east-1");
  });

  it("asks a client of the caller's when nothing else is given", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", undefined);
    const sagemaker = new SageMakerClient({ region: "ap-south-1", credentials });
    const context = createAwsContext({ clients: { sagemaker } });
    expect(await context.region()).toBe("ap-south-1");
    expect(refusalOf(() => context.regionNow("An estimator"))).toMatchObject({
      code: "session.missing",
      details: { setting: "region", neededBy: "An estimator" },
    });
  });

  it("believes an injected client more than the environment, for requests and for the other clients", async () => {
    vi.stubEnv("AWS_REGION", "us-east-1");
    const sagemaker = new SageMakerClient({ region: "eu-west-1", credentials });
    const context = createAwsContext({ clients: { sagemaker }, credentials });
    expect(await context.region()).toBe("eu-west-1");
    expect(refusalOf(() => context.regionNow("An estimator")).code).toBe("session.missing");
    const runtime = await context.clients.runtime();
    expect(await runtime.config.region()).toBe("eu-west-1");
    expect(createAwsContext({ clients: { sagemaker }, region: "us-west-2" }).regionNow("x")).toBe("us-west-2");
    runtime.destroy();
    sagemaker.destroy();
  });

  it("asks again after no region was found", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", undefined);
    const answers = [Promise.resolve("eu-west-1"), Promise.reject(new Error("Region is missing"))];
    const region = (): Promise<string> => answers.pop() ?? Promise.resolve("");
    const sagemaker = new SageMakerClient({ region, credentials });
    const context = createAwsContext({ clients: { sagemaker } });
    expect((await rejectionOf(context.region())).code).toBe("session.missing");
    expect(await context.region()).toBe("eu-west-1");
    sagemaker.destroy();
  });

  it("says that none is set", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere/config");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
    expect((await rejectionOf(createAwsContext().region())).code).toBe("session.missing");
  });
});

describe("settings", () => {
  it("asks for role and workspace only where they are needed", () => {
    const context = createAwsContext({ region: "us-east-1" });
    expect(refusalOf(() => context.role("Training")).message).toBe(
      "Training needs a role: give createSession({ role: ... }).",
    );
    expect(refusalOf(() => context.workspace("A dataset")).code).toBe("session.missing");
  });

  it("makes the workspace a folder", () => {
    expect(createAwsContext({ workspace: "s3://bucket/run-1" }).workspace("x")).toBe("s3://bucket/run-1/");
  });

  it.each([
    [{ endpoint: "127.0.0.1:4000" }, "input.invalid"],
    [{ endpoint: "file:///etc/passwd" }, "input.invalid"],
    [{ pollInterval: -1 }, "input.invalid"],
    [{ pollInterval: NaN }, "input.invalid"],
    [{ role: "Turtles" }, "input.invalid"],
    [{ region: "US East" }, "input.invalid"],
    [{ workspace: "bucket/run" }, "s3.uri"],
  ])("refuses %j", (options, code) => {
    expect(refusalOf(() => createAwsContext(options)).code).toBe(code);
  });

  it("polls every 30 s by default", () => {
    expect(createAwsContext().pollInterval).toBe(30_000);
  });
});

describe("clients", () => {
  it("makes each once, with one configuration, S3 path-style at an endpoint of the caller's", async () => {
    const endpoint = "http://localhost:4000/base";
    const { clients } = createAwsContext({ region: "eu-west-1", endpoint, credentials });
    expect(await clients.s3()).toBe(await clients.s3());
    const s3 = await clients.s3();
    expect(s3.config.forcePathStyle).toBe(true);
    expect(await s3.config.region()).toBe("eu-west-1");
    const made = await Promise.all([clients.sagemaker(), clients.runtime(), clients.logs()]);
    for (const client of made) {
      expect(await client.config.region()).toBe("eu-west-1");
      expect(await client.config.endpoint?.()).toMatchObject({ hostname: "localhost", port: 4000, path: "/base" });
      client.destroy();
    }
    s3.destroy();
  });

  it("lets the client find its address without one", async () => {
    const { clients } = createAwsContext({ region: "eu-west-1", credentials });
    const s3 = await clients.s3();
    expect(s3.config.forcePathStyle).toBe(false);
    s3.destroy();
  });

  it("uses a client of the caller's as it is", async () => {
    const s3 = new S3Client({ region: "us-west-2", credentials });
    const before = s3.middlewareStack.identify();
    const { clients } = createAwsContext({ region: "eu-west-1", endpoint: "http://127.0.0.1:1", clients: { s3 } });
    expect(await clients.s3()).toBe(s3);
    expect(s3.middlewareStack.identify()).toEqual(before);
    expect(await s3.config.region()).toBe("us-west-2");
  });
});
