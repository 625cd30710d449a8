import type { AwsContext } from "../aws/context.js";
import { retryTransient } from "../aws/retry.js";
import { send } from "../aws/send.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";

/** One line of a container's log. */
export interface LogLine {
  readonly line: string;
  /** When the container printed it. */
  readonly timestamp: Date;
  /** The stream it lies in, `<job>/algo-<host>-<time>`. */
  readonly stream: string;
}

/** How far a stream was read: it outlives the service's own tokens, which expire after a day. */
export interface LogPosition {
  /** Time of the last line, milliseconds since 1970. */
  readonly at: number;
  /** Lines of exactly that time that were read. */
  readonly count: number;
}

/** How to read on. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether to read until nothing more comes; default `true`. Otherwise one page of each stream, and more only while
   * there is a backlog: what is left comes with the next reading.
   */
  readonly toEnd?: boolean;
  /** Whether to look for new streams; default `true`. Without, only as long as none is known. */
  readonly lookForStreams?: boolean;
}

/** Reads a growing log: each call goes on where the last one ended. */
export interface LogReader {
  /** Lines that are new since the last call. A log that does not exist yet has none. Throws `aws.*`. */
  read(options?: ReadOptions): AsyncGenerator<LogLine, void, void>;
}

/** A page of this many lines is part of a backlog. */
const backlog = 1000;

const group = "/aws/sagemaker/TrainingJobs";

// A page may be empty before the end; the end shows in a token that stays the same. Servers that always give a new one
// must not hold us for ever.
const emptyPagesToEnd = 3;

/**
 * Reads the log of a training job. Makes no call before the first `read`.
 *
 * @param from - Where to go on, by stream; default: from the beginning.
 */
export function trainingLogReader(
  context: AwsContext,
  jobName: string,
  from: ReadonlyMap<string, LogPosition> = new Map(),
): LogReader {
  const tokens = new Map<string, string>();
  const toSkip = new Map([...from].map(([stream, { count }]) => [stream, count]));
  let streams: readonly string[] = [...from.keys()];

  async function* read(options: ReadOptions = {}): AsyncGenerator<LogLine, void, void> {
    const { signal, toEnd = true, lookForStreams = true } = options;
    if (lookForStreams || streams.length === 0) streams = await streamNames(signal);
    // A host that was given another instance writes to a new stream; the old one may still get late lines.
    const current = toEnd || lookForStreams ? streams : newestOfEachHost(streams);
    for (const stream of current) yield* readStream(stream, toEnd, signal);
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

  async function* readStream(
    stream: string,
    toEnd: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LogLine, void, void> {
    const client = await context.clients.logs();
    const { GetLogEventsCommand } = await import("@aws-sdk/client-cloudwatch-logs");
    const start = from.get(stream);
    for (let empty = 0; empty < emptyPagesToEnd;) {
      const token = tokens.get(stream);
      const command = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: true,
        ...(start === undefined ? {} : { startTime: start.at }),
        ...(token === undefined ? {} : { nextToken: token }),
      });
      const page = await undefinedIfAbsent(
        retried(() => send("GetLogEvents", (options) => client.send(command, options), signal), signal),
      );
      const events = page?.events ?? [];
      // Before the lines are handed out: whoever stops in the middle must not see them again.
      if (page?.nextForwardToken !== undefined) tokens.set(stream, page.nextForwardToken);
      for (const { message, timestamp = 0 } of events) {
        const skip = toSkip.get(stream) ?? 0;
        if (skip > 0 && timestamp === start?.at) {
          toSkip.set(stream, skip - 1);
          continue;
        }
        yield { line: (message ?? "").replace(/[\r\n]+$/, ""), timestamp: new Date(timestamp), stream };
      }
      if (page?.nextForwardToken === undefined || page.nextForwardToken === token) return;
      if (!toEnd && events.length < backlog) return;
      empty = events.length === 0 ? empty + 1 : 0;
    }
  }

  function newestOfEachHost(names: readonly string[]): readonly string[] {
    // Sorted by name, so that the later time comes last.
    return [...new Map([...names].sort().map((name) => [name.replace(/-\d+$/, ""), name])).values()];
  }

  function retried<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    const delay = Math.min(1000, context.pollInterval);
    return retryTransient(work, { delay, ...(signal === undefined ? {} : { signal }) });
  }

  return { read };
}
