import { once } from "node:events";
import { connect } from "node:net";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
} from "@aws-sdk/client-sagemaker";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { squareScene, startTestBackend, until } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import {
  artifactKey,
  describeEndpoint,
  image,
  invoke,
  role,
  serveSquares,
  settledEndpoint,
} from "../../support/local-hosting.js";
import { authorization, rawHead } from "../../support/local-s3.js";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
  await serveSquares(backend);
});
afterAll(() => backend.end());

const artifact = async (): Promise<Uint8Array> => {
  const { Body } = await backend.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: artifactKey }));
  return Body!.transformToByteArray();
};

describe("InvokeEndpoint", () => {
  it("answers a gray mask of class indices, of the image's size", async () => {
    const { image: body, mask } = squareScene(3);
    const answer = await invoke(backend, body, "image/png");
    expect([answer.ContentType, answer.InvokedProductionVariant]).toEqual(["image/png", "AllTraffic"]);
    const picture = decode(answer.Body);
    expect([picture.width, picture.height, picture.channels, picture.depth]).toEqual([32, 24, 1, 8]);
    const truth = decode(mask).data;
    const same = [...truth].filter((index, at) => picture.data[at] === index).length;
    expect(same / truth.length).toBeGreaterThan(0.8);
  });

  it("answers probabilities in RecordIO whose argmax is the mask", async () => {
    const { image: body } = squareScene(5, 17, 11);
    const mask = decode((await invoke(backend, body, "image/png")).Body).data;
    for (const accept of ["application/x-protobuf", "application/x-recordio-protobuf"]) {
      const answer = Buffer.from((await invoke(backend, body, accept)).Body);
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
      const error = await invoke(backend, bytes, accept, more).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "ModelError", $metadata: { httpStatusCode: 424 } });
      expect((error as { OriginalStatusCode: number }).OriginalStatusCode).toBeGreaterThanOrEqual(400);
      expect((error as { OriginalStatusCode: number }).OriginalStatusCode).toBeLessThan(500);
    }
    expect((await invoke(backend, body, "image/png")).ContentType).toBe("image/png");
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
    expect((await settledEndpoint(one, "Squares")).EndpointStatus).toBe("InService");
    await one.sagemaker.send(new DeleteModelCommand({ ModelName: "listed" }));
    await one.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "c" }));
    const { image: body } = squareScene(1);
    expect((await invoke(one, body, "image/png")).ContentType).toBe("image/png");
    const two = await one.restart();
    try {
      expect((await invoke(two, body, "image/png")).ContentType).toBe("image/png");
      const { ProductionVariants } = await describeEndpoint(two, "Squares");
      expect(ProductionVariants?.[0]?.DeployedImages?.[0]?.SpecifiedImage).toBe(image);
    } finally {
      await two.end();
    }
  });

  it("refuses unknown endpoints and variants, and bodies above 25 MB", async () => {
    const { image: body } = squareScene(1);
    await expect(invoke(backend, body, "image/png", { EndpointName: "Nobody" })).rejects.toMatchObject({
      name: "ValidationError",
      message: "Endpoint Nobody of account 123456789012 not found.",
    });
    await expect(invoke(backend, body, "image/png", { TargetVariant: "Other" })).rejects.toMatchObject({
      name: "ValidationError",
    });
    await expect(invoke(backend, new Uint8Array(26 * 1024 * 1024), "image/png")).rejects.toMatchObject({
      $metadata: { httpStatusCode: 413 },
    });
  });

  it("refuses a body for which there is no room before it is sent, and has room again when others left", async () => {
    const port = Number(new URL(backend.local.url).port);
    const head = rawHead(port, "POST /endpoints/Squares/invocations", {
      authorization: authorization.replace("/s3/", "/sagemaker/"),
      "content-length": String(25 * 1024 * 1024),
    });
    // 256 MiB hold ten such bodies; these never come.
    const sockets = Array.from({ length: 11 }, () => connect(port, "127.0.0.1"));
    for (const socket of sockets) socket.write(head);
    const refused = await Promise.race(sockets.map((socket) => once(socket, "data") as Promise<[Buffer]>));
    expect(refused[0].toString()).toMatch(/^HTTP\/1\.1 503 [^]*x-amzn-errortype: ServiceUnavailable/i);
    expect((await invoke(backend, squareScene(1).image, "image/png")).ContentType).toBe("image/png");
    for (const socket of sockets) socket.destroy();
    const full = new Uint8Array(25 * 1024 * 1024);
    const room = () => invoke(backend, full, "image/png").catch((error: unknown) => (error as Error).name);
    expect(await until(room, (answer) => answer !== "ServiceUnavailable")).toBe("ModelError");
  });

  it("counts invocations and times them in microseconds, and logs", async () => {
    await invoke(backend, squareScene(1).image, "image/png");
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
    await expect(invoke(backend, body, "image/png")).rejects.toMatchObject({ name: "ThrottlingException" });
    expect((await invoke(backend, body, "image/png")).ContentType).toBe("image/png");
  });
});
