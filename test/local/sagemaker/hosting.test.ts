import {
  AddTagsCommand,
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from "@aws-sdk/client-sagemaker";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { squareScene, startTestBackend, trainingRequest, until } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

let backend: TestBackend;
const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1";
const role = "arn:aws:iam::123456789012:role/Test";

beforeAll(async () => {
  backend = await startTestBackend();
  await backend.sagemaker.send(
    new CreateTrainingJobCommand(await trainingRequest(backend, "model", { epochs: "6", learning_rate: "0.01" })),
  );
  await until(
    () => backend.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "model" })),
    (job) => job.TrainingJobStatus === "Completed",
  );
  await model("squares", "s3://bucket/models/model/output/model.tar.gz");
  await config("one", 1);
  await config("two", 2);
  await endpoint("Squares", "one");
  await settled("Squares");
});
afterAll(() => backend.end());

const model = (name: string, ModelDataUrl: string) =>
  backend.sagemaker.send(
    new CreateModelCommand({
      ModelName: name,
      ExecutionRoleArn: role,
      PrimaryContainer: { Image: image, ModelDataUrl },
    }),
  );
const artifact = async (): Promise<Uint8Array> => {
  const Key = "models/model/output/model.tar.gz";
  const { Body } = await backend.s3.send(new GetObjectCommand({ Bucket: "bucket", Key }));
  return Body!.transformToByteArray();
};
const config = (name: string, InitialInstanceCount: number, ModelName = "squares", more: object = {}) =>
  backend.sagemaker.send(
    new CreateEndpointConfigCommand({
      EndpointConfigName: name,
      ProductionVariants: [
        { VariantName: "AllTraffic", ModelName, InstanceType: "ml.c5.xlarge", InitialInstanceCount, ...more },
      ],
    }),
  );
const endpoint = (EndpointName: string, EndpointConfigName: string) =>
  backend.sagemaker.send(new CreateEndpointCommand({ EndpointName, EndpointConfigName }));
const look = (EndpointName: string, at = backend) => at.sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
const settled = (name: string, at = backend) =>
  until(
    () => look(name, at),
    (state) => state.EndpointStatus === "InService" || state.EndpointStatus === "Failed",
  );
const invoke = (Body: Uint8Array, Accept: string, more: object = {}, at = backend) =>
  at.runtime.send(
    new InvokeEndpointCommand({ EndpointName: "Squares", ContentType: "image/jpeg", Accept, Body, ...more }),
  );

describe("InvokeEndpoint", () => {
  it("answers a gray mask of class indices, of the image's size", async () => {
    const { image: body, mask } = squareScene(3);
    const answer = await invoke(body, "image/png");
    expect([answer.ContentType, answer.InvokedProductionVariant]).toEqual(["image/png", "AllTraffic"]);
    const picture = decode(answer.Body);
    expect([picture.width, picture.height, picture.channels, picture.depth]).toEqual([32, 24, 1, 8]);
    const truth = decode(mask).data;
    const same = [...truth].filter((index, at) => picture.data[at] === index).length;
    expect(same / truth.length).toBeGreaterThan(0.8);
  });

  it("answers probabilities in RecordIO whose argmax is the mask", async () => {
    const { image: body } = squareScene(5, 17, 11);
    const mask = decode((await invoke(body, "image/png")).Body).data;
    for (const accept of ["application/x-protobuf", "application/x-recordio-protobuf"]) {
      const answer = Buffer.from((await invoke(body, accept)).Body);
      // Framing and field numbers: dossier algorithm.md 7.3 and 7.4, read here by hand.
      expect(answer.subarray(0, 4).toString("hex")).toBe("0a23d7ce");
      expect(answer.length % 4).toBe(0);
      const length = answer.readUInt32LE(4);
      const values = 2 * 17 * 11;
      const start = 8 + length - 4 * values;
      const floats = Array.from({ length: values }, (_, at) => answer.readFloatLE(start + 4 * at));
      const argmax = Array.from({ length: 17 * 11 }, (_, at) => (floats[17 * 11 + at]! > floats[at]! ? 1 : 0));
      expect(argmax).toEqual([...mask]);
    }
  });

  it("answers what the container refuses as ModelError, 424, and goes on serving", async () => {
    const { image: body } = squareScene(1);
    const bad: [Uint8Array, string, object][] = [
      [new TextEncoder().encode("no image"), "image/png", {}],
      [body.subarray(0, 20), "image/png", {}],
      [body, "image/png", { ContentType: "text/csv" }],
      [body, "text/csv", {}],
    ];
    for (const [bytes, accept, more] of bad) {
      const error = await invoke(bytes, accept, more).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "ModelError", $metadata: { httpStatusCode: 424 } });
      expect((error as { OriginalStatusCode: number }).OriginalStatusCode).toBeGreaterThanOrEqual(400);
      expect((error as { OriginalStatusCode: number }).OriginalStatusCode).toBeLessThan(500);
    }
    expect((await invoke(body, "image/png")).ContentType).toBe("image/png");
  });

  it("goes on when its model and configuration are deleted, also after a restart", async () => {
    const one = await startTestBackend();
    await one.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "m.tar.gz", Body: await artifact() }));
    await one.sagemaker.send(
      new CreateModelCommand({
        ModelName: "listed",
        ExecutionRoleArn: role,
        Containers: [{ Image: image, ModelDataUrl: "s3://bucket/m.tar.gz" }],
      }),
    );
    const variant = { VariantName: "V", ModelName: "listed", InstanceType: "ml.c5.xlarge" as const };
    await one.sagemaker.send(
      new CreateEndpointConfigCommand({ EndpointConfigName: "c", ProductionVariants: [variant] }),
    );
    await one.sagemaker.send(new CreateEndpointCommand({ EndpointName: "Squares", EndpointConfigName: "c" }));
    expect((await settled("Squares", one)).EndpointStatus).toBe("InService");
    await one.sagemaker.send(new DeleteModelCommand({ ModelName: "listed" }));
    await one.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "c" }));
    const { image: body } = squareScene(1);
    expect((await invoke(body, "image/png", {}, one)).ContentType).toBe("image/png");
    const two = await one.restart();
    try {
      expect((await invoke(body, "image/png", {}, two)).ContentType).toBe("image/png");
      const { ProductionVariants } = await look("Squares", two);
      expect(ProductionVariants?.[0]?.DeployedImages?.[0]?.SpecifiedImage).toBe(image);
    } finally {
      await two.end();
    }
  });

  it("refuses unknown endpoints and variants, and bodies above 25 MB", async () => {
    const { image: body } = squareScene(1);
    await expect(invoke(body, "image/png", { EndpointName: "Nobody" })).rejects.toMatchObject({
      name: "ValidationError",
      message: "Endpoint Nobody of account 123456789012 not found.",
    });
    await expect(invoke(body, "image/png", { TargetVariant: "Other" })).rejects.toMatchObject({
      name: "ValidationError",
    });
    await expect(invoke(new Uint8Array(26 * 1024 * 1024), "image/png")).rejects.toMatchObject({
      $metadata: { httpStatusCode: 413 },
    });
  });

  it("counts invocations and times them in microseconds, and logs", async () => {
    await invoke(squareScene(1).image, "image/png");
    const query = (Id: string, MetricName: string, Stat: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: "AWS/SageMaker",
          MetricName,
          Dimensions: [
            { Name: "EndpointName", Value: "Squares" },
            { Name: "VariantName", Value: "AllTraffic" },
          ],
        },
        Period: 60,
        Stat,
      },
    });
    const { MetricDataResults } = await backend.cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [query("n", "Invocations", "Sum"), query("t", "ModelLatency", "p90")],
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
      }),
    );
    expect(MetricDataResults![0]!.Values!.reduce((sum, value) => sum + value, 0)).toBeGreaterThanOrEqual(1);
    expect(MetricDataResults![1]!.Values![0]).toBeGreaterThan(100);
    const { logStreams } = await backend.logs.send(
      new DescribeLogStreamsCommand({ logGroupName: "/aws/sagemaker/Endpoints/Squares" }),
    );
    expect(logStreams![0]!.logStreamName).toMatch(/^AllTraffic\/i-[0-9a-f]{17}$/);
  });

  it("throws what a test plans", async () => {
    backend.local.faults.next({
      operation: "InvokeEndpoint",
      error: { name: "ThrottlingException", message: "Rate exceeded", status: 429 },
    });
    const body = squareScene(1).image;
    await expect(invoke(body, "image/png")).rejects.toMatchObject({ name: "ThrottlingException" });
    expect((await invoke(body, "image/png")).ContentType).toBe("image/png");
  });
});

describe("an endpoint", () => {
  it("is updated while it serves, then takes other weights", async () => {
    await backend.sagemaker.send(new UpdateEndpointCommand({ EndpointName: "Squares", EndpointConfigName: "two" }));
    expect((await look("Squares")).EndpointStatus).toBe("Updating");
    expect((await invoke(squareScene(1).image, "image/png")).ContentType).toBe("image/png");
    const updated = await settled("Squares");
    expect([updated.EndpointConfigName, updated.ProductionVariants![0]!.CurrentInstanceCount]).toEqual(["two", 2]);
    await backend.sagemaker.send(
      new UpdateEndpointWeightsAndCapacitiesCommand({
        EndpointName: "Squares",
        DesiredWeightsAndCapacities: [{ VariantName: "AllTraffic", DesiredWeight: 0.5, DesiredInstanceCount: 3 }],
      }),
    );
    const [variant] = (await settled("Squares")).ProductionVariants!;
    expect([variant!.CurrentWeight, variant!.CurrentInstanceCount]).toEqual([0.5, 3]);
  });

  it("ends as Failed over an artifact that cannot be loaded, and without capacity", async () => {
    await backend.put("broken.tar.gz", "no archive");
    await model("broken", "s3://bucket/broken.tar.gz");
    await config("broken", 1, "broken");
    await endpoint("broken", "broken");
    expect((await settled("broken")).FailureReason).toMatch(/did not pass the ping health check/);
    await backend.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "broken" }));

    backend.local.faults.noCapacity("ml.g4dn.xlarge");
    await config("scarce", 1, "squares", { InstanceType: "ml.g4dn.xlarge" });
    await endpoint("scarce", "scarce");
    const failed = await settled("scarce");
    expect([failed.EndpointStatus, failed.FailureReason]).toEqual([
      "Failed",
      expect.stringMatching(/InsufficientInstanceCapacity/),
    ]);
  });

  it("refuses what the service refuses", async () => {
    // Texts: refusals.md of the dossiers.
    await expect(model("squares", "s3://bucket/models/model/output/model.tar.gz")).rejects.toThrow(
      /^Cannot create already existing model "arn:/,
    );
    await expect(model("other", "s3://bucket/none.tar.gz")).rejects.toThrow(
      "Could not find model data at s3://bucket/none.tar.gz.",
    );
    await expect(config("one", 1)).rejects.toThrow(/^Cannot create already existing endpoint configuration "arn:/);
    await expect(config("three", 1, "nobody")).rejects.toThrow(/^Could not find model "arn:/);
    await expect(endpoint("squares", "one")).rejects.toThrow(
      /^Cannot create already existing endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint\/squares"/,
    );
    await expect(look("nobody")).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(/^Could not find endpoint "arn:/) as string,
    });
    await config("huge", 10_000);
    await expect(endpoint("huge", "huge")).rejects.toMatchObject({
      name: "ResourceLimitExceeded",
      message: expect.stringMatching(/^The account-level service limit 'ml\.c5\.xlarge for endpoint usage'/) as string,
    });
  });

  it("keeps tags by ARN", async () => {
    const ResourceArn = (await look("Squares")).EndpointArn!;
    await backend.sagemaker.send(
      new AddTagsCommand({
        ResourceArn,
        Tags: [
          { Key: "__proto__", Value: "x" },
          { Key: "who", Value: "müller" },
        ],
      }),
    );
    const { Tags } = await backend.sagemaker.send(new ListTagsCommand({ ResourceArn }));
    expect(Tags).toEqual([
      { Key: "__proto__", Value: "x" },
      { Key: "who", Value: "müller" },
    ]);
  });

  it("serves again after a restart, and is gone when deleted", async () => {
    const again = await backend.restart();
    try {
      expect((await look("Squares", again)).EndpointStatus).toBe("InService");
      expect((await invoke(squareScene(2).image, "image/png", {}, again)).ContentType).toBe("image/png");
      await again.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "Squares" }));
      await expect(
        until(
          () => look("Squares", again),
          () => false,
        ),
      ).rejects.toThrow(/^Could not find endpoint/);
    } finally {
      backend = again;
    }
  });
});
