import { ApiError } from "../wire/api-error.js";

/** A window on the events of a stream and the tokens to go on from it. */
export interface LogPage<Event> {
  readonly events: readonly Event[];
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

const pageBytes = 1024 * 1024;
/** What the service counts for each event beside its text. */
const overhead = 26;

/**
 * Cuts a page of at most `limit` events and 1 MB out of a stream, as GetLogEvents does.
 *
 * A token is `f/` or `b/` and the position it points to. At the end the same forward token comes back: that is how
 * clients know that they are through.
 */
export function logPage<Event extends { readonly message: string }>(
  events: readonly Event[],
  options: { readonly limit: number; readonly fromHead: boolean; readonly token?: string | undefined },
): LogPage<Event> {
  const { from, forward } = begin(events.length, options);
  let start = from;
  let end = from;
  let bytes = 0;
  while (end - start < options.limit) {
    const next = forward ? events[end] : events[start - 1];
    if (next === undefined) break;
    bytes += Buffer.byteLength(next.message) + overhead;
    if (bytes > pageBytes && end > start) break;
    if (forward) end++;
    else start--;
  }
  return { events: events.slice(start, end), nextForwardToken: token("f", end), nextBackwardToken: token("b", start) };
}

function begin(
  count: number,
  options: { readonly fromHead: boolean; readonly token?: string | undefined },
): { readonly from: number; readonly forward: boolean } {
  if (options.token === undefined) return { from: options.fromHead ? 0 : count, forward: options.fromHead };
  const match = /^([fb])\/(\d{56})$/.exec(options.token);
  if (match === null) throw new ApiError("InvalidParameterException", "The specified nextToken is invalid.");
  return { from: Math.min(Number(match[2]), count), forward: match[1] === "f" };
}

/** 56 digits, as the service's tokens have. */
function token(direction: "f" | "b", position: number): string {
  return `${direction}/${String(position).padStart(56, "0")}`;
}
