import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { AwsContext } from "../../src/aws/context.js";
import { trainingLogReader } from "../../src/training/log-reader.js";
import type { LogReader } from "../../src/training/log-reader.js";
import { fakeLogs, servedLog } from "../support/fake-logs.js";
import type { WireAnswer, WireCall } from "../support/fake-sagemaker.js";
import { rejectionOf } from "../support/refusal-of.js";

function contextOf(answer: (call: WireCall) => WireAnswer): { context: AwsContext; calls: WireCall[] } {
  const { client, calls } = fakeLogs(answer);
  return { context: createAwsContext({ region: "us-east-1", pollInterval: 1, clients: { logs: client } }), calls };
}

async function texts(reader: LogReader): Promise<string[]> {
  const found: string[] = [];
  for await (const { line } of reader.read()) found.push(line);
  return found;
}

describe("trainingLogReader", () => {
  it("pages through the log, and each time gives only what is new", async () => {
    const lines = Array.from({ length: 8 }, (_, index) => `line ${index}`);
    const log = new Map<string, readonly string[]>([["turtles/algo-1-1", lines]]);
    const { context, calls } = contextOf(servedLog(log));
    const reader = trainingLogReader(context, "turtles");
    expect(await texts(reader)).toEqual(lines);
    expect(await texts(reader)).toEqual([]);
    log.set("turtles/algo-1-1", [...lines, "late\r\n"]);
    expect(await texts(reader)).toEqual(["late"]);
    expect(calls[0]?.input).toEqual({
      logGroupName: "/aws/sagemaker/TrainingJobs",
      logStreamNamePrefix: "turtles/",
      orderBy: "LogStreamName",
    });
    expect(calls[1]?.input).toEqual({
      logGroupName: "/aws/sagemaker/TrainingJobs",
      logStreamName: "turtles/algo-1-1",
      startFromHead: true,
    });
  });

  it("reads streams that come later, as after an interruption of a spot job, and no other job's", async () => {
    const log = new Map<string, readonly string[]>([["turtles-2/algo-1-1", ["other"]]]);
    const reader = trainingLogReader(contextOf(servedLog(log)).context, "turtles");
    expect(await texts(reader)).toEqual([]);
    log.set("turtles/algo-1-1", ["a"]);
    expect(await texts(reader)).toEqual(["a"]);
    log.set("turtles/algo-1-2", ["b"]);
    expect(await texts(reader)).toEqual(["b"]);
  });

  it("takes a missing group and a missing stream for an empty log", async () => {
    const missing = contextOf(() => ({ error: "ResourceNotFoundException", message: "The log group does not exist." }));
    expect(await texts(trainingLogReader(missing.context, "turtles"))).toEqual([]);
  });

  it("goes on over empty pages, and is not held by a server that always gives a new token", async () => {
    let page = 0;
    const { context, calls } = contextOf(({ operation }) => {
      if (operation === "DescribeLogStreams") return { body: { logStreams: [{ logStreamName: "turtles/algo-1-1" }] } };
      page++;
      const events = page === 2 ? [{ message: "behind an empty page", timestamp: 1 }] : [];
      return { body: { events, nextForwardToken: `f/${page}` } };
    });
    expect(await texts(trainingLogReader(context, "turtles"))).toEqual(["behind an empty page"]);
    expect(calls.length).toBeLessThan(8);
  });

  it("waits throttling out and reports what does not pass", async () => {
    let throttled = 0;
    const served = servedLog(new Map([["turtles/algo-1-1", ["a"]]]));
    const { context } = contextOf((call) =>
      throttled++ < 2 ? { error: "ThrottlingException", message: "Rate exceeded" } : served(call),
    );
    expect(await texts(trainingLogReader(context, "turtles"))).toEqual(["a"]);

    const denied = contextOf(() => ({ error: "AccessDeniedException", message: "not authorized" }));
    expect((await rejectionOf(texts(trainingLogReader(denied.context, "turtles")))).code).toBe("aws.access-denied");
  });
});
