import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filterPage } from "../../../src/local/logs/filter-events.js";
import { LogStore } from "../../../src/local/logs/log-store.js";
import { keptBytes, keptEvents } from "../../../src/local/logs/log-stream.js";
import { logPage } from "../../../src/local/logs/paging.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "semseg-logs-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const event = (timestamp: number, message = `line ${timestamp}`) => ({ timestamp, ingestionTime: 7, message });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => event(from + n));
const kept = (store: LogStore, name = "s") => store.events(store.stream("g", name)!);

describe("a stream that grows without end", () => {
  it("keeps its newest events, in memory and on disk", () => {
    const store = new LogStore(directory);
    for (let n = 0; n < 30_000; n += 1_000) store.append("g", "s", range(n, n + 1_000));
    const { length } = kept(store);
    expect(length).toBeGreaterThanOrEqual(keptEvents);
    expect(length).toBeLessThanOrEqual(keptEvents * 1.25);
    expect(kept(store).at(-1)).toEqual(event(29_999));
    expect(kept(store)[0]).toEqual(event(30_000 - length));
    const [file = ""] = readdirSync(join(directory, "logs")).filter((name) => name.length > 40);
    expect(readFileSync(join(directory, "logs", file), "utf8").split("\n")).toHaveLength(length + 2);
    expect(kept(new LogStore(directory))).toEqual(kept(store));
  });

  it("keeps no more than its bytes of long lines", () => {
    const store = new LogStore(directory);
    for (let n = 0; n < 24; n++) store.append("g", "s", [event(n, String(n).padEnd(1024 * 1024, "."))]);
    const bytes = kept(store).reduce((sum, { message }) => sum + message.length, 0);
    expect(bytes).toBeGreaterThan(keptBytes / 2);
    expect(bytes).toBeLessThanOrEqual(keptBytes * 1.25);
    expect(kept(store).at(-1)?.timestamp).toBe(23);
    expect(statSync(join(directory, "logs", readdirSync(join(directory, "logs"))[0]!)).size).toBeLessThan(
      keptBytes * 1.5,
    );
  });

  it("goes on from a token when the events before it went", () => {
    const store = new LogStore(directory);
    const page = (token?: string) => {
      const stream = store.stream("g", "s")!;
      return logPage({ begin: stream.begin, events: store.events(stream) }, { limit: 10_000, fromHead: true, token });
    };
    const seen: number[] = [];
    let token: string | undefined;
    for (let n = 0; n < 30_000; n += 1_000) {
      store.append("g", "s", range(n, n + 1_000));
      const { events, nextForwardToken } = page(token);
      seen.push(...events.map(({ timestamp }) => timestamp));
      token = nextForwardToken;
    }
    expect(seen).toEqual(Array.from({ length: 30_000 }, (_, n) => n));
    store.append("g", "s", range(30_000, 30_002));
    expect(page(token).events).toEqual(range(30_000, 30_002));
  });
});

it("reads again what left the memory, also lines that came out of order", () => {
  const store = new LogStore(directory);
  for (let n = 0; n < 40; n++) store.append("g", `s${n}`, [event(5), event(3)]);
  for (let n = 0; n < 40; n++) kept(store, `s${n}`);
  store.append("g", "s0", [event(4)]);
  expect(kept(store, "s0")).toEqual([event(3), event(4), event(5)]);
  store.append("g", "s0", [event(1)]);
  expect(kept(store, "s0")).toEqual([event(1), event(3), event(4), event(5)]);
});

describe("a search through many streams", () => {
  const search = (store: LogStore, more: object = {}) =>
    filterPage(store, store.streams("g")!, {
      from: -Infinity,
      to: Infinity,
      matches: () => true,
      limit: 7,
      token: undefined,
      ...more,
    });

  it("goes through all events in order of time, page by page", () => {
    const store = new LogStore(directory);
    for (let n = 0; n < 20; n++) store.append("g", `s${n % 3}`, [event(Math.floor(n / 2), `${n}`)]);
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const page = search(store, { token });
      seen.push(...page.events.map(({ timestamp, logStreamName }) => `${timestamp} ${logStreamName}`));
      token = page.nextToken;
    } while (token !== undefined);
    const expected = Array.from({ length: 20 }, (_, n) => `${Math.floor(n / 2)} s${n % 3}`);
    expect(seen).toEqual(expected.sort((a, b) => parseInt(a) - parseInt(b) || (a < b ? -1 : 1)));
  });

  it("ends a page at 1 MB", () => {
    const store = new LogStore(directory);
    for (let n = 0; n < 5; n++) store.append("g", "s", [event(n, "x".repeat(400_000))]);
    const page = search(store);
    expect(page.events).toHaveLength(2);
    expect(search(store, { token: page.nextToken }).events.map(({ timestamp }) => timestamp)).toEqual([2, 3]);
  });

  it("takes no foreign token", () => {
    const store = new LogStore(directory);
    store.createStream("g", "s", 0);
    expect(() => search(store, { token: "1" })).toThrow("The specified nextToken is invalid.");
  });
});
