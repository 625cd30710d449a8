import type { AwsContext } from "../aws/context.js";
import { retryTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";

/** One line of a container's log. */
export interface LogLine {
  readonly line: string;
  /** When the container printed it. */
  readonly timestamp: Date;
}

/** Reads a growing log: each call goes on where the last one ended. */
export interface LogReader {
  /** Lines that are new since the last call. A log that does not exist yet has none. Throws `aws.*`. */
  read(signal?: AbortSignal): AsyncGenerator<LogLine, void, void>;
}

const group = "/aws/sagemaker/TrainingJobs";

// A page may be empty before the end; the end shows in a token that stays the same. Servers that always give a new one
// must not hold us for ever.
const emptyPagesToEnd = 3;

/** Reads the log of a training job from its beginning. Makes no call before the first `read`. */
export function trainingLogReader(context: AwsContext, jobName: string): LogReader {
  const tokens = new Map<string, string>();

  async function* read(signal?: AbortSignal): AsyncGenerator<LogLine, void, void> {
    for (const stream of await streamNames(signal)) yield* readStream(stream, signal);
  }

  /**
   * Streams `<job>/algo-1-<time>`: a new one after each interruption of a spot job. Before the first job of an account
   * there is no log group, and before the container's first word no stream.
   */
  async function streamNames(signal: AbortSignal | undefined): Promise<string[]> {
    const client = await context.clients.logs();
    const { DescribeLogStreamsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const command = new DescribeLogStreamsCommand({
        logGroupName: group,
        // The slash keeps out jobs whose names merely begin with this one's.
        logStreamNamePrefix: `${jobName}/`,
        orderBy: "LogStreamName",
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      const page = await undefinedIfAbsent(
        retried(() => send("DescribeLogStreams", (options) => client.send(command, options), signal), signal),
      );
      for (const { logStreamName } of page?.logStreams ?? []) {
        if (logStreamName !== undefined) names.push(logStreamName);
      }
      nextToken = page?.nextToken;
    } while (nextToken !== undefined && names.length < 1000);
    return names;
  }

  async function* readStream(stream: string, signal: AbortSignal | undefined): AsyncGenerator<LogLine, void, void> {
    const client = await context.clients.logs();
    const { GetLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
    for (let empty = 0; empty < emptyPagesToEnd;) {
      const token = tokens.get(stream);
      const command = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: true,
        ...(token === undefined ? {} : { nextToken: token }),
      });
      const page = await undefinedIfAbsent(
        retried(() => send("GetLogEvents", (options) => client.send(command, options), signal), signal),
      );
      const events = page?.events ?? [];
      // Before the lines are handed out: whoever stops in the middle must not see them again.
      if (page?.nextForwardToken !== undefined) tokens.set(stream, page.nextForwardToken);
      for (const { message, timestamp } of events) {
        yield { line: (message ?? "").replace(/[\r\n]+$/, ""), timestamp: new Date(timestamp ?? 0) };
      }
      if (page?.nextForwardToken === undefined || page.nextForwardToken === token) return;
      empty = events.length === 0 ? empty + 1 : 0;
    }
  }

  function retried<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const delay = Math.min(1000, context.pollInterval);
    return retryTransient(work, { delay, ...(signal === undefined ? {} : { signal }) });
  }

  return { read };
}
