import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTrainingJobCommand, ListModelsCommand } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SegmentationError } from "../../src/core/errors.js";
import { startLocal } from "../../src/local/backend.js";
import { startTestBackend, trainingRequest } from "../support/local-backend.js";
import type { TestBackend } from "../support/local-backend.js";

const authorization =
  "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/SERVICE/aws4_request, SignedHeaders=host, Signature=00";

describe("startLocal", () => {
  it("lets one backend at a time onto a directory, and takes over from one that is gone", async () => {
    const directory = mkdtempSync(join(tmpdir(), "semseg-local-"));
    try {
      {
        await using first = await startLocal({ directory });
        expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
        const refusal = await startLocal({ directory }).catch((error: unknown) => error);
        expect(SegmentationError.is(refusal, "local.start")).toBe(true);
      }
      expect(readdirSync(directory)).not.toContain("backend.lock");
      // No process has this number: Linux stops at 4,194,304, other systems below 2^31.
      writeFileSync(join(directory, "backend.lock"), "2147483646");
      await using second = await startLocal({ directory });
      expect(second.account).toMatch(/^\d{12}$/);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it("names a directory that cannot be used", async () => {
    const directory = mkdtempSync(join(tmpdir(), "semseg-local-"));
    writeFileSync(join(directory, "file"), "");
    const refusal = await startLocal({ directory: join(directory, "file") }).catch((error: unknown) => error);
    expect(SegmentationError.is(refusal, "local.start") && refusal.details.what).toBe(join(directory, "file"));
    rmSync(directory, { recursive: true, force: true });
  });

  it("leaves jobs alone when its port is taken", async () => {
    const one = await startTestBackend({ speed: 1 });
    try {
      await one.sagemaker.send(new CreateTrainingJobCommand(await trainingRequest(one, "waiting")));
      await one.local.close();
      await using other = await startLocal({ directory: join(one.local.directory, "other") });
      const { directory } = one.local;
      const port = Number(new URL(other.url).port);
      const refusal = await startLocal({ directory, port, speed: 100 }).catch((error: unknown) => error);
      expect(SegmentationError.is(refusal, "local.start")).toBe(true);
      const record = (): string => readFileSync(join(directory, "sagemaker", "training-jobs", "waiting.json"), "utf8");
      const before = record();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(record()).toBe(before);
    } finally {
      await one.end();
    }
  });

  it("says which record is damaged", async () => {
    const directory = mkdtempSync(join(tmpdir(), "semseg-local-"));
    try {
      await (await startLocal({ directory })).close();
      writeFileSync(join(directory, "sagemaker", "models", "a.json"), "{");
      const refusal = await startLocal({ directory }).catch((error: unknown) => error);
      expect(SegmentationError.is(refusal, "local.state") && refusal.details.file).toMatch(/a\.json$/);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it.each([
    [{ directory: "" }],
    [{ directory: "x", port: 70_000 }],
    [{ directory: "x", speed: 0 }],
    [{ directory: "x", seed: 0.5 }],
    [{ directory: "x", region: "here" }],
  ])("refuses %j", async (options) => {
    await expect(startLocal(options)).rejects.toMatchObject({ code: "input.invalid" });
  });
});

describe("the AWS JSON protocol", () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await startTestBackend();
  });
  afterAll(() => backend.end());

  const send = (target: string, body: string | Uint8Array) =>
    fetch(backend.local.url, {
      method: "POST",
      headers: {
        authorization: authorization.replace("SERVICE", "sagemaker"),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": target,
      },
      body,
    });
  const typeOf = async (answer: Response) => ((await answer.json()) as { __type: string }).__type;

  it("answers unknown operations and names of JavaScript's own with UnknownOperationException", async () => {
    for (const target of [
      "SageMaker.Nothing",
      "SageMaker.constructor",
      "SageMaker.__proto__",
      "Nope.ListModels",
      "SageMaker",
    ]) {
      const answer = await send(target, "{}");
      expect([answer.status, await typeOf(answer)]).toEqual([400, "UnknownOperationException"]);
    }
  });

  it("answers bodies that are no JSON object, or have wrong types, with SerializationException", async () => {
    const bodies = [
      "{",
      "[]",
      "null",
      '"a"',
      '{"MaxResults": "ten"}',
      '{"MaxResults": NaN}',
      Uint8Array.of(0xff, 0xfe, 0x7b, 0x7d),
      "[".repeat(100_000),
    ];
    for (const body of bodies) {
      const answer = await send("SageMaker.ListModels", body);
      expect([answer.status, await typeOf(answer)]).toEqual([400, "SerializationException"]);
    }
  });

  it("ignores members that the model does not know, however deep, and pollutes nothing", async () => {
    for (const body of [`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`, '{"__proto__": {"polluted": true}}']) {
      expect((await send("SageMaker.ListModels", body)).status).toBe(200);
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("words its refusal in few bytes, whatever is wrong with a request", async () => {
    const tag = { Key: "a", Value: "b" };
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const tooMany = JSON.stringify({ ModelName: "a", Tags: Array.from({ length: 200_000 }, () => ({})) });
    const tooDeep = `{"ModelName":"a","Tags":[${`${JSON.stringify(tag)},`.repeat(50)}{"Key":"a","Value":"b","x":${deep}}]}`;
    for (const body of [tooMany, tooDeep]) {
      const answer = await send("SageMaker.CreateModel", body);
      const text = await answer.text();
      expect([answer.status, text.length < 300_000]).toEqual([400, true]);
      expect(text).toMatch(/ValidationException.*validation errors? detected/);
    }
  });

  it("refuses 5 MB with 413 and words refusals as the service does", async () => {
    expect((await send("SageMaker.ListModels", new Uint8Array(5_000_000))).status).toBe(413);
    const answer = await send("SageMaker.ListModels", '{"MaxResults": 101}');
    expect(await answer.json()).toEqual({
      __type: "ValidationException",
      message:
        "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    });
  });

  it("answers GetCallerIdentity in XML", async () => {
    const answer = await fetch(backend.local.url, {
      method: "POST",
      headers: {
        authorization: authorization.replace("SERVICE", "sts"),
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    expect(await answer.text()).toContain("<Account>123456789012</Account>");
  });

  it("throws planned faults as often as asked", async () => {
    backend.local.faults.next({
      operation: "ListModels",
      error: { name: "ThrottlingException", message: "slow down" },
      times: 2,
    });
    const list = () => backend.sagemaker.send(new ListModelsCommand({}));
    await expect(list()).rejects.toMatchObject({ name: "ThrottlingException" });
    await expect(list()).rejects.toMatchObject({ name: "ThrottlingException" });
    expect((await list()).Models).toEqual([]);
  });
});
