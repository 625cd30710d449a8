import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LogStream } from "./log-stream.js";
import type { LogEvent } from "./log-stream.js";

/** So many streams may have their events in memory at once: those that were read last. */
const mostLoaded = 16;

/** The log groups and streams of the backend: one file per stream. */
export class LogStore {
  private readonly groups = new Map<string, Map<string, LogStream>>();
  private readonly loaded = new Set<LogStream>();
  private readonly directory: string;

  /** @throws `local.state` when a file is damaged. */
  constructor(directory: string) {
    this.directory = join(directory, "logs");
    mkdirSync(this.directory, { recursive: true });
    for (const entry of readdirSync(this.directory).sort()) {
      if (!entry.endsWith(".jsonl")) continue;
      const stream = LogStream.open(join(this.directory, entry));
      stream?.release();
      if (stream !== undefined) this.add(stream);
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
  streams(group: string): LogStream[] | undefined {
    const streams = this.groups.get(group);
    return streams && [...streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  stream(group: string, name: string): LogStream | undefined {
    return this.groups.get(group)?.get(name);
  }

  /** The events that a stream keeps, in order of time. */
  events(stream: LogStream): readonly LogEvent[] {
    this.loaded.delete(stream);
    this.loaded.add(stream);
    for (const oldest of this.loaded) {
      if (this.loaded.size <= mostLoaded) break;
      this.loaded.delete(oldest);
      oldest.release();
    }
    return stream.events();
  }

  createStream(group: string, name: string, createdAt: number): LogStream {
    const known = this.stream(group, name);
    if (known !== undefined) return known;
    const id = createHash("sha256").update(`${group}\n${name}`).digest("hex").slice(0, 40);
    const stream = LogStream.create(join(this.directory, `${id}.jsonl`), { group, stream: name, createdAt });
    this.add(stream);
    return stream;
  }

  /** Adds events to a stream, which is made when it is not there. */
  append(group: string, name: string, events: readonly LogEvent[]): void {
    const stream = this.createStream(group, name, events[0]?.ingestionTime ?? 0);
    stream.append(events);
    if (!this.loaded.has(stream)) stream.release();
  }

  deleteStreams(group: string, prefix: string): void {
    for (const stream of this.groups.get(group)?.values() ?? []) {
      if (!stream.name.startsWith(prefix)) continue;
      this.groups.get(group)?.delete(stream.name);
      this.loaded.delete(stream);
      stream.remove();
    }
  }

  private add(stream: LogStream): void {
    this.createGroup(stream.group);
    this.groups.get(stream.group)?.set(stream.name, stream);
  }
}
