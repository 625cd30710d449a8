import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { WireAnswer, WireCall } from "./fake-sagemaker.js";

/** A real CloudWatch Logs client with its real serialiser over answers made here, and the list of calls it made. */
export function fakeLogs(answer: (call: WireCall) => WireAnswer): {
  readonly client: CloudWatchLogsClient;
  readonly calls: WireCall[];
} {
  const calls: WireCall[] = [];
  const client = new CloudWatchLogsClient({
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      handle(request: { headers: Record<string, string>; body?: Uint8Array | string }) {
        const { body = "{}" } = request;
        const call: WireCall = {
          operation: (request.headers["x-amz-target"] ?? "").replace("Logs_20140328.", ""),
          input: JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body)) as Record<
            string,
            unknown
          >,
        };
        calls.push(call);
        const given = answer(call);
        const failed = "error" in given;
        const answered = failed ? { __type: given.error, message: given.message } : given.body;
        const response = {
          statusCode: failed ? (given.status ?? 400) : 200,
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: new TextEncoder().encode(JSON.stringify(answered)),
        };
        return Promise.resolve({ response });
      },
    },
  });
  return { client, calls };
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
    const from = typeof token === "string" ? Number(token.replace("f/", "")) : 0;
    const to = Math.min(lines.length, from + pageSize);
    const events = lines.slice(from, to).map((message, index) => ({ message, timestamp: 1000 + from + index }));
    return { body: { events, nextForwardToken: `f/${to}`, nextBackwardToken: `b/${from}` } };
  };
}
