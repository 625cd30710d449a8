import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { jsonWire } from "./json-wire.js";
import type { WireAnswer, WireCall } from "./json-wire.js";

/** A real CloudWatch Logs client with its real serialiser over answers made here, and the list of calls it made. */
export function fakeLogs(answer: (call: WireCall) => WireAnswer): {
  readonly client: CloudWatchLogsClient;
  readonly calls: WireCall[];
} {
  const { config, calls } = jsonWire("Logs_20140328.", answer);
  return { client: new CloudWatchLogsClient(config), calls };
}

/** Streams of a log, served in pages as the service does: the same forward token again at the end. */
export function servedLog(
  streams: ReadonlyMap<string, readonly string[]>,
  pageSize = 3,
): (call: WireCall) => WireAnswer {
  return ({ operation, input }) => {
    if (operation === "DescribeLogStreams") {
      const names = [...streams.keys()].filter((name) => name.startsWith(String(input["logStreamNamePrefix"])));
      return { body: { logStreams: names.sort().map((logStreamName) => ({ logStreamName })) } };
    }
    const lines = streams.get(String(input["logStreamName"])) ?? [];
    const token = input["nextToken"];
    // Line n has the time 1000 + n.
    const start = Math.max(0, Number(input["startTime"] ?? 1000) - 1000);
    const from = typeof token === "string" ? Number(token.replace("f/", "")) : start;
    const to = Math.min(lines.length, from + pageSize);
    const events = lines.slice(from, to).map((message, index) => ({ message, timestamp: 1000 + from + index }));
    return { body: { events, nextForwardToken: `f/${to}`, nextBackwardToken: `b/${from}` } };
  };
}
