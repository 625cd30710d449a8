import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CborTime, decodeCbor, encodeCbor } from "../../../src/local/cloudwatch/cbor.js";
import { MetricStore } from "../../../src/local/cloudwatch/metric-store.js";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import { freshFolder } from "../../support/local-s3.js";

let backend: TestBackend;
const Dimensions = [{ Name: "Job", Value: "7" }];
const minute = Date.UTC(2026, 0, 2, 3, 4);

beforeAll(async () => {
  backend = await startTestBackend();
  await backend.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "test",
      MetricData: [1, 2, 3, 4].map((Value, n) => ({
        MetricName: "loss",
        Dimensions,
        Value,
        Timestamp: new Date(minute + n * 20_000),
      })),
    }),
  );
});
afterAll(() => backend.end());

const range = { StartTime: new Date(minute), EndTime: new Date(minute + 600_000) };
const query = (Id: string, Stat: string) => ({
  Id,
  MetricStat: { Metric: { Namespace: "test", MetricName: "loss", Dimensions }, Period: 60, Stat },
});
const authorization =
  "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=00";

describe("CloudWatch", () => {
  it("gives statistics of whole periods, newest first", async () => {
    const { MetricDataResults } = await backend.cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [query("a", "Average"), query("n", "SampleCount"), query("p", "p50")],
        ...range,
      }),
    );
    // Three values fall into the first minute, one into the second.
    expect(MetricDataResults!.map((result) => result.Values)).toEqual([
      [4, 2],
      [1, 3],
      [4, 2],
    ]);
    expect(MetricDataResults![0]!.Timestamps).toEqual([new Date(minute + 60_000), new Date(minute)]);
  });

  it("knows datapoints, metrics and empty series", async () => {
    const { Datapoints } = await backend.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "test",
        MetricName: "loss",
        Dimensions,
        Period: 60,
        Statistics: ["Maximum", "Sum"],
        ...range,
      }),
    );
    expect(Datapoints).toMatchObject([
      { Maximum: 3, Sum: 6 },
      { Maximum: 4, Sum: 4 },
    ]);
    const { Metrics } = await backend.cloudwatch.send(
      new ListMetricsCommand({ Namespace: "test", Dimensions: [{ Name: "Job" }] }),
    );
    expect(Metrics).toEqual([{ Namespace: "test", MetricName: "loss", Dimensions }]);
    const none = {
      ...query("x", "Sum"),
      MetricStat: { ...query("x", "Sum").MetricStat, Metric: { Namespace: "none", MetricName: "none" } },
    };
    const empty = await backend.cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries: [none], ...range }));
    expect(empty.MetricDataResults?.[0]?.Values).toEqual([]);
  });

  it("refuses a range that ends before it begins", async () => {
    const wrong = { StartTime: range.EndTime, EndTime: range.StartTime };
    await expect(
      backend.cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries: [query("a", "Sum")], ...wrong })),
    ).rejects.toMatchObject({
      message: "The parameter StartTime must be less than the parameter EndTime.",
    });
  });

  it("answers the Query form in XML", async () => {
    const form = new URLSearchParams({
      Action: "GetMetricStatistics",
      Version: "2010-08-01",
      Namespace: "test",
      MetricName: "loss",
      "Dimensions.member.1.Name": "Job",
      "Dimensions.member.1.Value": "7",
      Period: "60",
      "Statistics.member.1": "Sum",
      StartTime: range.StartTime.toISOString(),
      EndTime: range.EndTime.toISOString(),
    });
    const answer = await fetch(backend.local.url, { method: "POST", headers: { authorization }, body: form });
    expect(await answer.text()).toContain(
      "<member><Timestamp>2026-01-02T03:04:00.000Z</Timestamp><Sum>6</Sum><Unit>None</Unit></member>",
    );
  });

  it("answers CBOR in CBOR", async () => {
    const answer = await fetch(
      `${backend.local.url}/service/GraniteServiceVersion20100801/operation/GetMetricStatistics`,
      {
        method: "POST",
        headers: { authorization, "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
        body: encodeCbor({
          Namespace: "test",
          MetricName: "loss",
          Dimensions,
          Period: 60,
          Statistics: ["Sum"],
          StartTime: new CborTime(minute / 1000),
          EndTime: new CborTime(minute / 1000 + 600),
        }),
      },
    );
    expect(answer.headers.get("smithy-protocol")).toBe("rpc-v2-cbor");
    const output = decodeCbor(new Uint8Array(await answer.arrayBuffer()));
    expect(output).toMatchObject({ Datapoints: [{ Timestamp: new CborTime(minute / 1000), Sum: 6 }, { Sum: 4 }] });
  });
});

describe("requests made to harm", () => {
  const put = (MetricData: unknown) =>
    fetch(backend.local.url, {
      method: "POST",
      headers: { authorization, "x-amz-target": "GraniteServiceVersion20100801.PutMetricData" },
      body: JSON.stringify({ Namespace: "harm", MetricData }),
    });

  it.each([
    [[null]],
    [[{ MetricName: 5, Value: 1 }]],
    [[{ MetricName: "a", Values: 3 }]],
    [[{ MetricName: "a", Value: "1" }]],
    [[{ MetricName: "a", Value: 1, Timestamp: "now" }]],
    [[{ MetricName: "a", Value: 1, Dimensions: "x" }]],
    [[{ MetricName: "a", Value: 1, Dimensions: [{ Value: "x" }] }]],
    [[{ MetricName: "a", Values: Array.from({ length: 151 }, () => 1) }]],
    [Array.from({ length: 1001 }, () => ({ MetricName: "a", Value: 1 }))],
    [Array.from({ length: 700 }, () => ({ MetricName: "a", Values: [1], Counts: [1e9] }))],
    [{}],
  ])("refuses data like %.60j and keeps nothing of it", async (data) => {
    const answer = await put(data);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("InvalidParameterValue")]);
    const { Metrics } = await backend.cloudwatch.send(new ListMetricsCommand({ Namespace: "harm" }));
    expect(Metrics).toEqual([]);
  });

  it.each([
    ["text that is no UTF-8", Uint8Array.of(0xa1, 0x61, 0xff, 0x01)],
    ["a large byte string", Buffer.concat([Uint8Array.of(0x5a, 0, 0x3d, 9, 0), new Uint8Array(4_000_000)])],
  ])("refuses a CBOR body with %s at once", async (_, body) => {
    const began = performance.now();
    const answer = await fetch(`${backend.local.url}/service/GraniteServiceVersion20100801/operation/ListMetrics`, {
      method: "POST",
      headers: { authorization, "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body,
    });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("SerializationException")]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it("takes no GET for a change: a page could send one with a made-up signature", async () => {
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const query = new URLSearchParams({
      Action: "PutMetricData",
      Namespace: "harm",
      "MetricData.member.1.MetricName": "a",
      "MetricData.member.1.Value": "1",
      "X-Amz-Signature": "0",
      "X-Amz-Credential": "a/20260101/us-east-1/monitoring/aws4_request",
      "X-Amz-Date": date,
      "X-Amz-Expires": "60",
    });
    expect((await fetch(`${backend.local.url}/?${query.toString()}`)).status).toBe(400);
    const { Metrics } = await backend.cloudwatch.send(new ListMetricsCommand({ Namespace: "harm" }));
    expect(Metrics).toEqual([]);
  });
});

describe("the file of all values", () => {
  const id = { namespace: "n", name: "m", dimensions: { Job: "7" } };

  it("keeps what counts over a restart, without growing for ever", async () => {
    const directory = await freshFolder();
    const store = new MetricStore(directory);
    const points = Array.from({ length: 10_000 }, (_, at) => ({ ...id, at, value: at }));
    for (let i = 0; i < 15; i++) store.put(points);
    store.put([{ ...id, name: "other", at: 1, value: 1 }]);
    const lines = (await readFile(join(directory, "metrics", "metrics.jsonl"), "utf8")).split("\n").length - 1;
    expect(lines).toBeLessThan(125_000);
    const again = new MetricStore(directory);
    expect(again.points(id)).toEqual(store.points(id));
    expect(again.points(id).length).toBeGreaterThan(80_000);
    again.forget("n", { Job: "7" });
    expect(new MetricStore(directory).metrics()).toEqual([]);
    await rm(directory, { recursive: true });
  });

  it("leaves out half a line that a kill left", async () => {
    const directory = await freshFolder();
    new MetricStore(directory).put([{ ...id, at: 1, value: 1 }]);
    await appendFile(join(directory, "metrics", "metrics.jsonl"), '{"namespace":"n","na');
    new MetricStore(directory).put([{ ...id, at: 2, value: 2 }]);
    expect(new MetricStore(directory).points(id).map(({ value }) => value)).toEqual([1, 2]);
    await rm(directory, { recursive: true });
  });
});

describe("CBOR", () => {
  // Encodings: RFC 8949, appendix A.
  it.each([
    ["1903e8", 1000],
    ["3903e7", -1000],
    ["fb3ff199999999999a", 1.1],
    ["fa47c35000", 100000],
    ["83010203", [1, 2, 3]],
    ["9f0102ff", [1, 2]],
    ["bf616101ff", { a: 1 }],
    ["a16161f5", { a: true }],
    ["7f657374726561646d696e67ff", "streaming"],
  ])("reads %s", (hex, value) => {
    expect(decodeCbor(Buffer.from(hex, "hex"))).toEqual(value);
  });

  it.each(["", "9b7fffffffffffffff", "5affffffff00", "81".repeat(200), "a1", "0102", "bf01ff"])("refuses %s", (hex) => {
    expect(() => decodeCbor(Buffer.from(hex, "hex"))).toThrow(/not valid CBOR/);
  });
});
