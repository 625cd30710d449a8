import { rmSync } from "node:fs";
import { Journal } from "../store/journal.js";
import { bytesOf } from "./paging.js";

/** One line of a log; times in milliseconds since 1970. */
export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** First line of a stream's file. */
interface StreamHead {
  readonly group: string;
  readonly stream: string;
  readonly createdAt: number;
  /** How many events went because they were too many. */
  readonly dropped?: number;
}

/** A stream keeps its newest events up to these limits; older ones go, from disk as well. */
export const keptEvents = 10_000;
export const keptBytes = 8 * 1024 * 1024;
/** So far above the limits may a stream grow before its file is written anew. */
const slack = 1.25;

/**
 * One stream: a file whose first line names it, then one line for each event. Of the events only number and times are
 * always in memory.
 */
export class LogStream {
  private loaded: LogEvent[] | undefined;
  private count = 0;
  private bytes = 0;
  private times = { first: Infinity, last: -Infinity, ingestion: -Infinity };

  private constructor(
    private readonly path: string,
    private readonly journal: Journal<StreamHead | LogEvent>,
    private head: StreamHead,
  ) {}

  static create(path: string, head: StreamHead): LogStream {
    const journal = Journal.open<StreamHead | LogEvent>(path, () => undefined);
    if (journal.size === 0) journal.append([head]);
    return new LogStream(path, journal, head);
  }

  /**
   * Opens a stream's file; `undefined` when a kill left it without its first line.
   *
   * @throws `local.state` when it is damaged.
   */
  static open(path: string): LogStream | undefined {
    let head: StreamHead | undefined;
    const tally = new Tally();
    const journal = Journal.open<StreamHead | LogEvent>(path, (line) => {
      if ("stream" in line) head ??= line;
      else tally.add(line);
    });
    if (head === undefined) return undefined;
    const stream = new LogStream(path, journal, head);
    stream.take(tally);
    stream.trim();
    return stream;
  }

  get group(): string {
    return this.head.group;
  }

  get name(): string {
    return this.head.stream;
  }

  get createdAt(): number {
    return this.head.createdAt;
  }

  /** Number of the oldest event that is kept; numbers go on when events go. */
  get begin(): number {
    return this.head.dropped ?? 0;
  }

  /** Number that the next event gets. */
  get end(): number {
    return this.begin + this.count;
  }

  /** Times of the oldest and newest event and of the last that came in; `undefined` for an empty stream. */
  get span(): { readonly first: number; readonly last: number; readonly ingestion: number } | undefined {
    return this.count === 0 ? undefined : this.times;
  }

  /** All kept events in order of time, read from the file unless they are in memory. */
  events(): readonly LogEvent[] {
    return (this.loaded ??= this.read());
  }

  /** Frees the memory of {@link events}. */
  release(): void {
    this.loaded = undefined;
  }

  /** Adds events. Later times never stand before earlier ones. */
  append(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    this.journal.append(events);
    const before = this.times.last;
    const tally = new Tally(this.count, this.bytes, this.times);
    for (const event of events) tally.add(event);
    this.take(tally);
    if (this.loaded !== undefined) {
      for (const event of events) this.loaded.push(event);
      const inOrder = events.every(({ timestamp }, index) => timestamp >= (events[index - 1]?.timestamp ?? before));
      if (!inOrder) this.loaded.sort(byTime);
    }
    this.trim();
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  private read(): LogEvent[] {
    const events: LogEvent[] = [];
    this.journal.read((line) => {
      if (!("stream" in line)) events.push(line);
    });
    return events.sort(byTime);
  }

  private take(tally: Tally): void {
    ({ count: this.count, bytes: this.bytes, times: this.times } = tally);
  }

  /** Lets the oldest events go when there are too many. */
  private trim(): void {
    if (this.count <= keptEvents * slack && this.bytes <= keptBytes * slack) return;
    const all = this.events();
    const tally = new Tally();
    let from = all.length;
    for (let event = all[from - 1]; event !== undefined; event = all[from - 1]) {
      if (tally.count >= keptEvents || tally.bytes + bytesOf(event) > keptBytes) break;
      tally.add(event);
      from--;
    }
    const kept = all.slice(from);
    const head = { ...this.head, dropped: this.begin + from };
    try {
      this.journal.rewrite([head, ...kept]);
    } catch {
      return; // no room on the disk, say: the long file is as right as the short one
    }
    this.head = head;
    this.loaded = kept;
    this.take(tally);
  }
}

/** What a stream knows of its events without having them. */
class Tally {
  constructor(
    public count = 0,
    public bytes = 0,
    public times = { first: Infinity, last: -Infinity, ingestion: -Infinity },
  ) {}

  add(event: LogEvent): void {
    this.count++;
    this.bytes += bytesOf(event);
    this.times = {
      first: Math.min(this.times.first, event.timestamp),
      last: Math.max(this.times.last, event.timestamp),
      ingestion: Math.max(this.times.ingestion, event.ingestionTime),
    };
  }
}

function byTime(a: LogEvent, b: LogEvent): number {
  return a.timestamp - b.timestamp;
}
