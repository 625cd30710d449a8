import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

const logGroupName = "/test/group";
const logStreamName = "job/algo-1-1";
let backend: TestBackend;

beforeAll(async () => {
  backend = await startTestBackend();
  await backend.logs.send(new CreateLogGroupCommand({ logGroupName }));
  await backend.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = Array.from({ length: 20 }, (_, n) => ({
    timestamp: 1_000 + Math.floor(n / 4),
    message: `line ${n}`,
  }));
  await backend.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
});
afterAll(() => backend.end());

const get = (more: object = {}) => backend.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, ...more }));
const numbers = (events: readonly { readonly message?: string | undefined }[] | undefined) =>
  events?.map((event) => Number(event.message?.slice(5)));

describe("GetLogEvents", () => {
  it("goes forward page by page until the same token comes back", async () => {
    const seen: number[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const page = await get({ startFromHead: true, limit: 6, nextToken });
      seen.push(...numbers(page.events)!);
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it("gives the newest without startFromHead, and goes back from there", async () => {
    const tail = await get({ limit: 3 });
    expect(numbers(tail.events)).toEqual([17, 18, 19]);
    expect(numbers((await get({ limit: 3, nextToken: tail.nextBackwardToken })).events)).toEqual([14, 15, 16]);
  });

  it("takes a start (inclusive) and an end (exclusive)", async () => {
    expect(numbers((await get({ startTime: 1_001, endTime: 1_002, startFromHead: true })).events)).toEqual([
      4, 5, 6, 7,
    ]);
  });

  it("survives a restart", async () => {
    const again = await backend.restart();
    backend = again;
    expect((await get()).events).toHaveLength(20);
    const { logGroups } = await backend.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/test" }));
    expect(logGroups?.map((group) => group.logGroupName)).toEqual([logGroupName]);
  });
});

describe("the other operations", () => {
  it("filter by terms, quoted terms and exclusions", async () => {
    const filter = async (filterPattern: string) =>
      numbers((await backend.logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))).events);
    expect(await filter('"line 7"')).toEqual([7]);
    expect(await filter("line -1")).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await filter("?4 ?5")).toEqual([4, 5, 14, 15]);
  });

  it("list streams by prefix", async () => {
    const list = (more: object) => backend.logs.send(new DescribeLogStreamsCommand({ logGroupName, ...more }));
    expect((await list({ logStreamNamePrefix: "job/" })).logStreams?.[0]).toMatchObject({
      logStreamName,
      firstEventTimestamp: 1_000,
      lastEventTimestamp: 1_004,
    });
    expect((await list({ logStreamNamePrefix: "other" })).logStreams).toEqual([]);
    await expect(list({ logStreamNamePrefix: "job", orderBy: "LastEventTime" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it("know what is not there", async () => {
    await expect(get({ logGroupName: "/none" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(get({ logStreamName: "none" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(get({ nextToken: "f/1" })).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

it("keeps a group without streams, and when it was made", async () => {
  await backend.logs.send(new CreateLogGroupCommand({ logGroupName: "/empty" }));
  const look = async () => {
    const { logGroups } = await backend.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/empty" }));
    return logGroups;
  };
  const before = await look();
  expect(before).toHaveLength(1);
  backend = await backend.restart();
  expect(await look()).toEqual(before);
});

// Type and wording: public reports, e.g. issue 223 of fluent-plugin-cloudwatch-logs and issue 55 of winston-cloudwatch.
it.each([
  [new DescribeLogGroupsCommand({ limit: 0 }), "Value '0' at 'limit'", "greater than or equal to 1"],
  [new DescribeLogGroupsCommand({ limit: 51 }), "Value '51' at 'limit'", "less than or equal to 50"],
  [new DescribeLogStreamsCommand({ logGroupName, limit: 0 }), "Value '0' at 'limit'", "greater than or equal to 1"],
  [new GetLogEventsCommand({ logGroupName, logStreamName, limit: 10_001 }), "Value '10001' at 'limit'", "10000"],
  [new FilterLogEventsCommand({ logGroupName, limit: 0 }), "Value '0' at 'limit'", "greater than or equal to 1"],
  [new CreateLogGroupCommand({ logGroupName: "a b" }), "Value 'a b' at 'logGroupName'", "regular expression pattern"],
  [
    new CreateLogStreamCommand({ logGroupName, logStreamName: "a:b" }),
    "Value 'a:b' at 'logStreamName'",
    "regular expression pattern: [^:*]*",
  ],
  [new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [] }), "Value '[]' at 'logEvents'", "length"],
])("refuses what breaks a limit, as the service words it (%#)", async (command, value, constraint) => {
  const error: unknown = await backend.logs.send(command as GetLogEventsCommand).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: "InvalidParameterException",
    message: expect.stringMatching(/^1 validation error detected: Value /) as string,
  });
  expect((error as Error).message).toContain(`${value} failed to satisfy constraint: `);
  expect((error as Error).message).toContain(constraint);
});
