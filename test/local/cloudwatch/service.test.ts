import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CborTime, decodeCbor, encodeCbor } from "../../../src/local/cloudwatch/cbor.js";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

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
