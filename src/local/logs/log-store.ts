import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Journal } from "../store/journal.js";
import { LogStream } from "./log-stream.js";
import type { LogEvent } from "./log-stream.js";

/** So many streams may have their events in memory at once: those that were read last. */
const mostLoaded = 16;

/** A line of the file that names the groups. */
interface Group {
  readonly group: string;
  readonly createdAt: number;
}

interface OpenGroup extends Group {
  readonly streams: Map<string, LogStream>;
}

const groupsFile = "groups.jsonl";

/** The log groups and streams of the backend: one file that names the groups, and one per stream. */
export class LogStore {
  private readonly groups = new Map<string, OpenGroup>();
  private readonly journal: Journal<Group>;
  private readonly loaded = new Set<LogStream>();
  private readonly directory: string;

  /** @throws `local.state` when a file is damaged. */
  constructor(directory: string) {
    this.directory = join(directory, "logs");
    mkdirSync(this.directory, { recursive: true });
    this.journal = Journal.open<Group>(join(this.directory, groupsFile), (line) => {
      this.groups.set(line.group, { ...line, streams: new Map() });
    });
    for (const entry of readdirSync(this.directory).sort()) {
      if (!entry.endsWith(".jsonl") || entry === groupsFile) continue;
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

  createGroup(group: string, createdAt: number): void {
    if (this.groups.has(group)) return;
    this.journal.append([{ group, createdAt }]);
    this.groups.set(group, { group, createdAt, streams: new Map() });
  }

  groupCreatedAt(group: string): number | undefined {
    return this.groups.get(group)?.createdAt;
  }

  /** Streams in order of their names; `undefined` for an unknown group. */
  streams(group: string): LogStream[] | undefined {
    const streams = this.groups.get(group)?.streams;
    return streams && [...streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  stream(group: string, name: string): LogStream | undefined {
    return this.groups.get(group)?.streams.get(name);
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
    const streams = this.groups.get(group)?.streams ?? new Map<string, LogStream>();
    for (const stream of streams.values()) {
      if (!stream.name.startsWith(prefix)) continue;
      streams.delete(stream.name);
      this.loaded.delete(stream);
      stream.remove();
    }
  }

  private add(stream: LogStream): void {
    this.createGroup(stream.group, stream.createdAt);
    this.groups.get(stream.group)?.streams.set(stream.name, stream);
  }
}
