import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One line of a log; times in milliseconds since 1970. */
export interface LogEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

/** One stream with its events in order of time. */
export interface LogStream {
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
  readonly events: readonly LogEvent[];
}

interface OpenStream extends LogStream {
  readonly file: string;
  events: LogEvent[];
}

/** The log groups and streams of the backend: one file per stream, first line its name, then one line per event. */
export class LogStore {
  private readonly groups = new Map<string, Map<string, OpenStream>>();
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = join(directory, "logs");
    mkdirSync(this.directory, { recursive: true });
    for (const entry of readdirSync(this.directory).sort()) {
      if (entry.endsWith(".jsonl")) this.open(join(this.directory, entry));
    }
  }

  groupNames(): readonly string[] {
    return [...this.groups.keys()].sort();
  }

  hasGroup(group: string): boolean {
    return this.groups.has(group);
  }

  createGroup(group: string): void {
    if (!this.groups.has(group)) this.groups.set(group, new Map());
  }

  /** Streams in order of their names; `undefined` for an unknown group. */
  streams(group: string): readonly LogStream[] | undefined {
    const streams = this.groups.get(group);
    return streams && [...streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  stream(group: string, name: string): LogStream | undefined {
    return this.groups.get(group)?.get(name);
  }

  createStream(group: string, name: string, createdAt: number): void {
    this.createGroup(group);
    if (this.groups.get(group)?.has(name) === true) return;
    const file = join(
      this.directory,
      `${createHash("sha256").update(`${group}\n${name}`).digest("hex").slice(0, 40)}.jsonl`,
    );
    this.add({ group, name, createdAt, file, events: [] });
    writeFileSync(file, `${JSON.stringify({ group, stream: name, createdAt })}\n`);
  }

  /** Adds events to a stream, which is made when it is not there. Later times never stand before earlier ones. */
  append(group: string, name: string, events: readonly LogEvent[]): void {
    this.createStream(group, name, events[0]?.ingestionTime ?? 0);
    const stream = this.groups.get(group)?.get(name);
    if (stream === undefined || events.length === 0) return;
    const sorted = events.every(
      (event, index) => event.timestamp >= (events[index - 1] ?? stream.events.at(-1) ?? event).timestamp,
    );
    stream.events.push(...events);
    if (!sorted) stream.events.sort((a, b) => a.timestamp - b.timestamp);
    appendFileSync(stream.file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  }

  deleteStreams(group: string, prefix: string): void {
    for (const stream of this.groups.get(group)?.values() ?? []) {
      if (!stream.name.startsWith(prefix)) continue;
      this.groups.get(group)?.delete(stream.name);
      rmSync(stream.file, { force: true });
    }
  }

  private add(stream: OpenStream): void {
    this.createGroup(stream.group);
    this.groups.get(stream.group)?.set(stream.name, stream);
  }

  /** A kill may leave half a line at the end: it is dropped. */
  private open(file: string): void {
    const text = readFileSync(file, "utf8");
    const [head, ...lines] = text.split("\n");
    const header = parseLine(head) as { group: string; stream: string; createdAt: number } | undefined;
    if (header === undefined) return;
    const events = lines.map((line) => parseLine(line) as LogEvent | undefined).filter((event) => event !== undefined);
    events.sort((a, b) => a.timestamp - b.timestamp);
    if (!text.endsWith("\n")) appendFileSync(file, "\n");
    this.add({ group: header.group, name: header.stream, createdAt: header.createdAt, file, events });
  }
}

function parseLine(line: string | undefined): unknown {
  try {
    return line === undefined || line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
