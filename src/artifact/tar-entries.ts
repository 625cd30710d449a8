import { paddedSize, parseTarHeader, tarBlock } from "../codec/tar/tar-header.js";
import { SegmentationError } from "../core/errors.js";
import type { ChunkReader } from "./chunk-reader.js";
import type { ArtifactLimits } from "./limits.js";

/** A plain file of an archive, while the archive is read. */
export interface TarEntry {
  /** Without leading `./`; only ever compared, never used as a path. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Where its contents start, in bytes from the start of the archive. */
  readonly offset: number;
  /**
   * Reads the contents, into `memory` where that is large enough and not far too large. Only before the next entry is
   * asked for, and once.
   */
  read(memory?: Uint8Array): Promise<Uint8Array>;
}

/** An entry that is not a plain file, or one with a name that leads elsewhere. */
export interface IgnoredEntry {
  readonly name: string;
  /** Why it is passed over, in words. */
  readonly reason: string;
}

/** Bytes of a long name or of the settings of a POSIX extension header. */
const mostExtensionBytes = 64 * 1024;

const ignored: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  S: "a file with holes",
};

/**
 * Reads the plain files of a tar archive one after the other: old format, POSIX (ustar, pax), GNU.
 *
 * Links, devices and names that lead out of the archive (absolute, `..`) are told of and passed over: nothing is followed
 * or written.
 *
 * @throws `artifact.damaged`, `artifact.limit`.
 */
export async function* tarEntries(
  reader: ChunkReader,
  limits: ArtifactLimits,
  onIgnored: (entry: IgnoredEntry) => void,
): AsyncGenerator<TarEntry, void, undefined> {
  const extension: Extension = {};
  let count = 0;
  for (;;) {
    const at = reader.offset;
    const block = await reader.take(tarBlock);
    // The end without its two blocks of zeros is left to GNU tar's judgement: it only warns.
    if (block.length === 0 && count > 0) return;
    if (block.length < tarBlock) throw damaged("a tar header of 512 bytes", at, `${block.length} bytes`);
    const header = parseTarHeader(block);
    if (header.kind === "end") {
      if (count === 0) throw damaged("a tar archive with at least one file", at, "its end");
      return;
    }
    if (header.kind === "damaged") throw damaged(header.expected, at, "another one");
    count += 1;
    checkLimit("entries", count, limits, at);
    if (isExtension(header.type)) {
      await readExtension(reader, header, extension);
      continue;
    }
    const size = extension.size ?? header.size;
    const name = plainName(extension.name ?? header.name);
    delete extension.name;
    delete extension.size;
    checkLimit("unpackedBytes", reader.offset + paddedSize(size), limits, at);
    const end = reader.offset + paddedSize(size);
    const reason = reasonToIgnore(name, header.type);
    if (reason !== undefined) onIgnored({ name, reason });
    else if (header.type !== "5" && !name.endsWith("/")) {
      yield { name, size, offset: reader.offset, read: (memory) => readContents(reader, name, size, limits, memory) };
    }
    const rest = end - reader.offset;
    // The padding of the last file may be missing.
    if ((await reader.skip(rest)) < rest && reader.offset < end - paddedSize(size) + size) {
      throw damaged(`the ${size} bytes of ${JSON.stringify(name)}`, reader.offset, "the end", name);
    }
  }
}

async function readContents(
  reader: ChunkReader,
  name: string,
  size: number,
  limits: ArtifactLimits,
  memory?: Uint8Array,
): Promise<Uint8Array> {
  checkLimit("weightsBytes", size, limits, reader.offset, name);
  const { offset } = reader;
  // Before memory is set aside: so much cannot come.
  if (offset + size > reader.most)
    throw damaged(`the ${size} bytes of ${JSON.stringify(name)}`, offset, "too few", name);
  const fits = memory !== undefined && memory.length >= size && memory.length <= 2 * size;
  const contents = fits ? memory.subarray(0, size) : new Uint8Array(size);
  const filled = await reader.fill(contents);
  if (filled === size) return contents;
  throw damaged(`the ${size} bytes of ${JSON.stringify(name)}`, reader.offset, `the end after ${filled}`, name);
}

/** What the extension headers before an entry say of it. */
interface Extension {
  name?: string;
  size?: number;
}

function isExtension(type: string): boolean {
  return type === "x" || type === "g" || type === "L" || type === "K";
}

async function readExtension(
  reader: ChunkReader,
  header: { readonly size: number; readonly type: string },
  extension: Extension,
): Promise<void> {
  const at = reader.offset;
  if (header.size > mostExtensionBytes) {
    throw damaged(`a long name or settings of at most ${mostExtensionBytes} bytes`, at, `${header.size} bytes`);
  }
  const contents = await reader.take(header.size);
  await reader.skip(paddedSize(header.size) - header.size);
  if (contents.length < header.size) throw damaged(`${header.size} bytes of an extension header`, at, "the end");
  if (header.type === "L") extension.name = new TextDecoder().decode(contents).replace(/\0[\s\S]*$/, "");
  // Settings for all files ("g") name no single one, and targets of links ("K") do not matter.
  if (header.type !== "x") return;
  for (const [key, value] of settingsOf(contents, at)) {
    if (key === "path") extension.name = value;
    if (key === "size") {
      if (!/^\d{1,15}$/.test(value)) throw damaged("a size in digits", at, JSON.stringify(value.slice(0, 40)));
      extension.size = Number(value);
    }
  }
}

/** Lines `LENGTH KEY=VALUE`, the length that of the whole line (POSIX.1-2017, pax, "Extended Header"). */
function* settingsOf(contents: Uint8Array, offset: number): Generator<readonly [key: string, value: string]> {
  for (let at = 0; at < contents.length;) {
    const digits = /^(\d{1,6}) /.exec(new TextDecoder("latin1").decode(contents.subarray(at, at + 8)));
    const length = Number(digits?.[1] ?? 0);
    if (
      digits === null ||
      length <= digits[0].length ||
      at + length > contents.length ||
      contents[at + length - 1] !== 0x0a
    ) {
      throw damaged("lines of an extension header", offset + at, "something else");
    }
    const line = new TextDecoder().decode(contents.subarray(at + digits[0].length, at + length - 1));
    const equals = line.indexOf("=");
    yield [line.slice(0, Math.max(0, equals)), line.slice(equals + 1)];
    at += length;
  }
}

function plainName(name: string): string {
  return name.replace(/^(?:\.\/+)+/, "");
}

function reasonToIgnore(name: string, type: string): string | undefined {
  const reason = ignored[type];
  if (reason !== undefined) return reason;
  if (/^[/\\]|^[A-Za-z]:/.test(name)) return "an absolute path";
  return name.split(/[/\\]/).includes("..") ? "a path that leads out of the archive" : undefined;
}

function checkLimit(
  what: keyof ArtifactLimits,
  actual: number,
  limits: ArtifactLimits,
  offset: number,
  file?: string,
): void {
  const limit = limits[what];
  if (actual <= limit) return;
  const message = `The archive asks for ${actual} at byte ${offset}; the limit ${what} is ${limit}.`;
  const details = { what, limit, actual, offset, ...(file === undefined ? {} : { file }) };
  throw new SegmentationError("artifact.limit", message, details);
}

function damaged(
  expected: string,
  offset: number,
  found: string,
  file?: string,
): SegmentationError<"artifact.damaged"> {
  return new SegmentationError(
    "artifact.damaged",
    `The archive is damaged at byte ${offset}: found ${found}, expected ${expected}.`,
    { offset, expected, ...(file === undefined ? {} : { file }) },
  );
}
