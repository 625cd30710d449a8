import { ApiError } from "../wire/api-error.js";

/** A window on the events of a stream and the tokens to go on from it. */
export interface LogPage<Event> {
  readonly events: readonly Event[];
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

/** Events of a stream with their numbers: the first has `begin`, the next one more. */
export interface NumberedEvents<Event> {
  readonly begin: number;
  readonly events: readonly Event[];
}

/** Most bytes of one page, as the service counts them. */
export const pageBytes = 1024 * 1024;
/** What the service counts for each event beside its text. */
const overhead = 26;

/** An event's size as the service counts it. */
export function bytesOf(event: { readonly message: string }): number {
  return Buffer.byteLength(event.message) + overhead;
}

/**
 * Cuts a page of at most `limit` events and 1 MB out of a stream, as GetLogEvents does.
 *
 * A token is `f/` or `b/` and the number of the event it points to, which does not change when old events go. At the end
 * the same forward token comes back: that is how clients know that they are through.
 */
export function logPage<Event extends { readonly message: string }>(
  { begin, events }: NumberedEvents<Event>,
  options: {
    readonly limit: number;
    readonly fromHead: boolean;
    readonly token?: string | undefined;
    readonly wanted?: (event: Event) => boolean;
  },
): LogPage<Event> {
  const { from, forward } = start(begin, events.length, options);
  const page: Event[] = [];
  let first = from;
  let end = from;
  for (let bytes = 0; page.length < options.limit;) {
    const next = forward ? events[end] : events[first - 1];
    if (next === undefined) break;
    if (options.wanted?.(next) !== false) {
      bytes += bytesOf(next);
      if (bytes > pageBytes && page.length > 0) break;
      page.push(next);
    }
    if (forward) end++;
    else first--;
  }
  if (!forward) page.reverse();
  return {
    events: page,
    nextForwardToken: token("f", begin + end),
    nextBackwardToken: token("b", begin + first),
  };
}

function start(
  begin: number,
  count: number,
  options: { readonly fromHead: boolean; readonly token?: string | undefined },
): { readonly from: number; readonly forward: boolean } {
  if (options.token === undefined) return { from: options.fromHead ? 0 : count, forward: options.fromHead };
  const match = /^([fb])\/(\d{56})$/.exec(options.token);
  if (match === null) throw new ApiError("InvalidParameterException", "The specified nextToken is invalid.");
  return { from: Math.max(0, Math.min(Number(match[2]) - begin, count)), forward: match[1] === "f" };
}

/** 56 digits, as the service's tokens have. */
function token(direction: "f" | "b", position: number): string {
  return `${direction}/${String(position).padStart(56, "0")}`;
}
