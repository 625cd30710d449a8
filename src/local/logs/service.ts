import type { LocalService, LocalWorld } from "../contracts.js";
import type { FaultPlan } from "../faults.js";
import { ApiError } from "../wire/api-error.js";
import { jsonService } from "../wire/json-service.js";
import type { CallContext, Input, Operation, Output } from "../wire/operation.js";
import { filterPage } from "./filter-events.js";
import { compileFilterPattern } from "./filter-pattern.js";
import type { LogStore } from "./log-store.js";
import type { LogEvent, LogStream } from "./log-stream.js";
import { logPage } from "./paging.js";

/** CloudWatch Logs. */
export function logsService(world: LocalWorld, store: LogStore, faults: FaultPlan): LocalService {
  const operations = new Map<string, Operation>([
    ["DescribeLogGroups", (input, call) => describeGroups(world, store, input, call)],
    ["DescribeLogStreams", (input, call) => describeStreams(world, store, input, call)],
    ["GetLogEvents", (input) => getEvents(store, input)],
    ["FilterLogEvents", (input) => filterEvents(store, input)],
    ["CreateLogGroup", (input) => createGroup(world, store, input)],
    ["CreateLogStream", (input) => createStream(world, store, input)],
    ["PutLogEvents", (input) => putEvents(world, store, input)],
  ]);
  const api = { model: "logs", targetPrefix: "Logs_20140328", version: "1.1", operations } as const;
  return jsonService({ ...api, refusalType: "InvalidParameterException" }, faults);
}

function groupName(input: Input): string {
  const name = input["logGroupName"] ?? input["logGroupIdentifier"];
  if (typeof name !== "string") throw invalid("Either logGroupName or logGroupIdentifier is required.");
  const fromArn = /:log-group:([^:]+)/.exec(name);
  return fromArn?.[1] ?? name;
}

function knownGroup(store: LogStore, input: Input): LogStream[] {
  const streams = store.streams(groupName(input));
  if (streams === undefined) throw new ApiError("ResourceNotFoundException", "The specified log group does not exist.");
  return streams;
}

/** A page of a list whose token is a position; names come and go rarely enough here. */
function cut<Item>(
  items: readonly Item[],
  limit: number,
  token: unknown,
): { page: readonly Item[]; nextToken?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw invalid("The specified nextToken is invalid.");
  const more = start + limit < items.length;
  return { page: items.slice(start, start + limit), ...(more ? { nextToken: String(start + limit) } : {}) };
}

function groupArn(world: LocalWorld, region: string, group: string): string {
  return `arn:aws:logs:${region}:${world.account}:log-group:${group}`;
}

function describeGroups(world: LocalWorld, store: LogStore, input: Input, call: CallContext): Output {
  const prefix = textOf(input, "logGroupNamePrefix") ?? "";
  const names = store.groupNames().filter((name) => name.startsWith(prefix));
  const { page, nextToken } = cut(names, numberOf(input, "limit") ?? 50, input["nextToken"]);
  const logGroups = page.map((name) => ({
    logGroupName: name,
    creationTime: store.groupCreatedAt(name),
    metricFilterCount: 0,
    arn: `${groupArn(world, call.region, name)}:*`,
    storedBytes: 0,
  }));
  return { logGroups, nextToken };
}

function describeStreams(world: LocalWorld, store: LogStore, input: Input, call: CallContext): Output {
  const prefix = textOf(input, "logStreamNamePrefix");
  const byTime = input["orderBy"] === "LastEventTime";
  if (byTime && prefix !== undefined) throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
  const streams = knownGroup(store, input).filter((stream) => stream.name.startsWith(prefix ?? ""));
  if (byTime) streams.sort((a, b) => (a.span?.last ?? 0) - (b.span?.last ?? 0));
  if (input["descending"] === true) streams.reverse();
  const { page, nextToken } = cut(streams, numberOf(input, "limit") ?? 50, input["nextToken"]);
  const logStreams = page.map((stream) => ({
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: stream.span?.first,
    lastEventTimestamp: stream.span?.last,
    lastIngestionTime: stream.span?.ingestion,
    uploadSequenceToken: String(stream.end).padStart(56, "0"),
    arn: `${groupArn(world, call.region, stream.group)}:log-stream:${stream.name}`,
    storedBytes: 0,
  }));
  return { logStreams, nextToken };
}

/** Times asked for: the first inclusive, the last exclusive. */
function timesOf(input: Input): { readonly from: number; readonly to: number } {
  return { from: numberOf(input, "startTime") ?? -Infinity, to: numberOf(input, "endTime") ?? Infinity };
}

function getEvents(store: LogStore, input: Input): Output {
  const name = textOf(input, "logStreamName") ?? "";
  const stream = knownGroup(store, input).find((item) => item.name === name);
  if (stream === undefined) throw new ApiError("ResourceNotFoundException", "The specified log stream does not exist.");
  const { from, to } = timesOf(input);
  return {
    ...logPage(
      { begin: stream.begin, events: store.events(stream) },
      {
        limit: numberOf(input, "limit") ?? 10_000,
        fromHead: input["startFromHead"] === true,
        token: textOf(input, "nextToken"),
        wanted: ({ timestamp }) => timestamp >= from && timestamp < to,
      },
    ),
  };
}

function filterEvents(store: LogStore, input: Input): Output {
  const names = input["logStreamNames"] as readonly string[] | undefined;
  const prefix = textOf(input, "logStreamNamePrefix") ?? "";
  const streams = knownGroup(store, input).filter(
    (stream) => names?.includes(stream.name) ?? stream.name.startsWith(prefix),
  );
  const page = filterPage(store, streams, {
    ...timesOf(input),
    matches: compileFilterPattern(textOf(input, "filterPattern") ?? ""),
    limit: numberOf(input, "limit") ?? 10_000,
    token: textOf(input, "nextToken"),
  });
  return { ...page, searchedLogStreams: [] };
}

function createGroup(world: LocalWorld, store: LogStore, input: Input): Output {
  const name = groupName(input);
  if (store.hasGroup(name))
    throw new ApiError("ResourceAlreadyExistsException", "The specified log group already exists");
  store.createGroup(name, world.now());
  return {};
}

function createStream(world: LocalWorld, store: LogStore, input: Input): Output {
  const streams = knownGroup(store, input);
  const name = textOf(input, "logStreamName") ?? "";
  if (streams.some((stream) => stream.name === name)) {
    throw new ApiError("ResourceAlreadyExistsException", "The specified log stream already exists");
  }
  store.createStream(groupName(input), name, world.now());
  return {};
}

function putEvents(world: LocalWorld, store: LogStore, input: Input): Output {
  const name = textOf(input, "logStreamName") ?? "";
  if (!knownGroup(store, input).some((stream) => stream.name === name)) {
    throw new ApiError("ResourceNotFoundException", "The specified log stream does not exist.");
  }
  // The service model has checked the shape.
  const given = input["logEvents"] as readonly { readonly timestamp: number; readonly message: string }[];
  const events = given.map(({ timestamp, message }): LogEvent => ({ timestamp, message, ingestionTime: world.now() }));
  store.append(
    groupName(input),
    name,
    events.sort((a, b) => a.timestamp - b.timestamp),
  );
  return { nextSequenceToken: String(events.length).padStart(56, "0") };
}

function textOf(input: Input, member: string): string | undefined {
  const value = input[member];
  return typeof value === "string" ? value : undefined;
}

function numberOf(input: Input, member: string): number | undefined {
  const value = input[member];
  return typeof value === "number" ? value : undefined;
}

function invalid(message: string): ApiError {
  return new ApiError("InvalidParameterException", message);
}
