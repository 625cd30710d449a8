import { ApiError } from "../wire/api-error.js";
import type { LogStore } from "./log-store.js";
import type { LogEvent, LogStream } from "./log-stream.js";
import { bytesOf, pageBytes } from "./paging.js";

/** What FilterLogEvents looks for. */
export interface EventSearch {
  /** Times, the first inclusive, the last exclusive. */
  readonly from: number;
  readonly to: number;
  readonly matches: (message: string) => boolean;
  readonly limit: number;
  readonly token: string | undefined;
}

/** Where an event stands in its group. */
type Place = readonly [time: number, stream: string, number: number];

interface Found {
  readonly place: Place;
  readonly event: LogEvent;
}

/** An event as FilterLogEvents answers it. */
export interface FilteredEvent extends LogEvent {
  readonly logStreamName: string;
  readonly eventId: string;
}

/**
 * A page of the events of some streams, in order of time. Keeps no more than two pages in memory, however many there are.
 * The token names the last event of the page before, so that events that come or go shift nothing.
 */
export function filterPage(
  store: LogStore,
  streams: readonly LogStream[],
  search: EventSearch,
): { readonly events: readonly FilteredEvent[]; readonly nextToken: string | undefined } {
  const after = search.token === undefined ? undefined : readToken(search.token);
  let found: Found[] = [];
  for (const stream of streams) {
    const { first, last } = stream.span ?? { first: Infinity, last: -Infinity };
    if (last < search.from || first >= search.to) continue;
    found = [...found, ...matchesOf(store, stream, search, after, found[search.limit]?.place)]
      .sort((a, b) => compare(a.place, b.place))
      .slice(0, search.limit + 1); // one more tells that there is a next page
  }
  const page = found.slice(0, pageLength(found, search.limit));
  const [token] = page.slice(-1).map(({ place }) => writeToken(place));
  return {
    events: page.map(({ place: [time, logStreamName, number], event }) => ({
      logStreamName,
      ...event,
      eventId: `${String(time).padStart(20, "0")}${String(number).padStart(36, "0")}`,
    })),
    nextToken: page.length < found.length ? token : undefined,
  };
}

/** The first matches of a stream behind one place and before another. */
function matchesOf(
  store: LogStore,
  stream: LogStream,
  { from, to, matches, limit }: EventSearch,
  after: Place | undefined,
  before: Place | undefined,
): Found[] {
  const found: Found[] = [];
  for (const [index, event] of store.events(stream).entries()) {
    if (event.timestamp >= to || found.length > limit) break;
    if (event.timestamp < from || !matches(event.message)) continue;
    const place: Place = [event.timestamp, stream.name, stream.begin + index];
    if (after !== undefined && compare(place, after) <= 0) continue;
    if (before !== undefined && compare(place, before) >= 0) break;
    found.push({ place, event });
  }
  return found;
}

function pageLength(found: readonly Found[], limit: number): number {
  let bytes = 0;
  const tooMuch = found.findIndex(({ event }, index) => {
    bytes += bytesOf(event);
    return index > 0 && bytes > pageBytes;
  });
  return tooMuch < 0 ? limit : Math.min(limit, tooMuch);
}

function compare(a: Place, b: Place): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1;
  return a[2] - b[2];
}

function writeToken(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readToken(token: string): Place {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    if (Array.isArray(value) && value.length === 3) {
      const [time, stream, number] = value as unknown[];
      if (typeof time === "number" && typeof stream === "string" && typeof number === "number") {
        return [time, stream, number];
      }
    }
  } catch {
    // told below
  }
  throw new ApiError("InvalidParameterException", "The specified nextToken is invalid.");
}
