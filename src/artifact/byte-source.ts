import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { abortable } from "../core/abortable.js";
import { SegmentationError } from "../core/errors.js";
import { progressReporter } from "../core/progress.js";
import { baseName } from "../core/s3-uri.js";
import type { ArtifactOptions, ArtifactSource } from "./artifact.js";

/** An artifact as bytes that come one after the other. */
export interface ByteSource {
  /** Name of the file, `undefined` for bytes and streams. */
  readonly name: string | undefined;
  /** Size in bytes, `undefined` for streams. */
  readonly size: number | undefined;
  /** All bytes, where they are in memory already. */
  readonly whole?: Uint8Array;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What is read or handed on at a time, in bytes. */
const chunkBytes = 1024 * 1024;

/**
 * Opens what the caller gave.
 *
 * @throws `artifact.source` when it cannot be read, `aws.*`, the signal's reason.
 */
export async function openSource(source: ArtifactSource, options: ArtifactOptions): Promise<ByteSource> {
  options.signal?.throwIfAborted();
  const opened = await open(source, options);
  return { ...opened, chunks: observed(opened, options) };
}

async function open(source: ArtifactSource, options: ArtifactOptions): Promise<ByteSource> {
  if (source instanceof Uint8Array) {
    return { name: undefined, size: source.length, whole: source, chunks: slices(source) };
  }
  if (typeof source === "string" && source.startsWith("s3://")) return openObject(source, options);
  if (source instanceof URL && source.protocol !== "file:") {
    throw unreadable(source.href, "a file: address, a path, an s3:// address as text, bytes or a stream");
  }
  if (typeof source === "string" || source instanceof URL) {
    return openFile(typeof source === "string" ? source : fileURLToPath(source));
  }
  if (typeof source === "object" && Symbol.asyncIterator in source) {
    return { name: undefined, size: undefined, chunks: source };
  }
  throw unreadable(typeof source, "a path, an s3:// address, a Uint8Array or a stream of them");
}

async function openFile(file: string): Promise<ByteSource> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, "a file that can be read", cause);
  });
  if (!found.isFile()) throw unreadable(file, "a file, e.g. model.tar.gz");
  return { name: path.basename(file), size: found.size, chunks: fileChunks(file) };
}

async function* fileChunks(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = createReadStream(file, { highWaterMark: chunkBytes });
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (cause) {
    throw unreadable(file, "a file that can be read", cause);
  } finally {
    stream.destroy();
  }
}

async function openObject(uri: string, { store, signal }: ArtifactOptions): Promise<ByteSource> {
  if (store === undefined) throw unreadable(uri, "the option `store` with an address in S3");
  const reading = signal === undefined ? {} : { signal };
  const found = await store.head(uri, reading);
  if (found === undefined) throw unreadable(uri, "an object that exists");
  return { name: baseName(uri), size: found.size, chunks: store.stream(uri, reading) };
}

async function* observed(
  { chunks, size }: ByteSource,
  { signal, progress }: ArtifactOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reporter = progressReporter(progress, "read model", "bytes");
  let done = 0;
  try {
    for await (const chunk of abortable(chunks, signal)) {
      if (!(chunk instanceof Uint8Array)) throw unreadable("a stream", "a stream of Uint8Array");
      done += chunk.length;
      reporter.report(done, size);
      yield chunk;
    }
  } finally {
    reporter.end();
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- bytes at hand, in the form of a stream
async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

function unreadable(source: string, expected: string, cause?: unknown): SegmentationError<"artifact.source"> {
  const why = cause instanceof Error ? ` (${cause.message})` : "";
  return new SegmentationError(
    "artifact.source",
    `The model ${source} cannot be read${why}: expected ${expected}.`,
    { source, expected },
    cause === undefined ? {} : { cause },
  );
}
