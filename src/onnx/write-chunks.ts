import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { progressReporter, type WorkOptions } from "../core/progress.js";
import { bytesOf, type Chunk } from "./wire.js";

/** Chunks as one array. */
export function joined(chunks: Iterable<Uint8Array>, byteLength: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(byteLength);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Writes a file of pieces beside its place and renames it. */
export async function writeChunks(
  path: string,
  pieces: readonly Chunk[],
  byteLength: number,
  options: WorkOptions = {},
): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  const draft = `${target}.${randomUUID()}.tmp`;
  const reporter = progressReporter(options.progress, "write", "bytes");
  const counted = function* (): Generator<Uint8Array, void> {
    let written = 0;
    for (const piece of pieces) {
      yield bytesOf(piece);
      written += piece.byteLength;
      reporter.report(written, byteLength);
    }
  };
  try {
    const file = createWriteStream(draft, { flags: "wx" });
    await pipeline(Readable.from(counted(), { objectMode: false }), file, signal === undefined ? {} : { signal });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    signal?.throwIfAborted();
    throw error;
  } finally {
    reporter.end();
  }
}
