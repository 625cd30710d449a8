import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { ModelVariant } from "../artifact/artifact.js";
import type { WorkOptions } from "../core/progress.js";
import { progressReporter } from "../core/progress.js";
import { bytesOf, type Chunk, type MessageWriter } from "./wire.js";

/** A model in ONNX form, not yet written: its weights are views of the artifact, so it needs hardly any memory. */
export interface OnnxModel {
  /** Size of the file in bytes. */
  readonly byteLength: number;
  /** Which network it is. */
  readonly variant: ModelVariant;
  /** What stands in the file's `metadata_props`: `algorithm`, `backbone`, `classes`, `bins`, `source_sha256` and others. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Things to know about this conversion, e.g. which pyramid a PSP model was given. */
  readonly notes: readonly string[];
  /** The bytes of the file, piece by piece; weights that are stored in another form are converted when their turn comes. */
  chunks(): Iterable<Uint8Array>;
  /** The whole file in memory. */
  toBytes(): Uint8Array<ArrayBuffer>;
  /** The file as a stream, e.g. for an upload. */
  toStream(): Readable;
  /**
   * Writes the file; it appears under its name only when it is complete. Missing folders are made.
   *
   * @throws Node's own error where the path cannot be written; on abort the signal's reason. Nothing is left behind then.
   */
  write(path: string, options?: WorkOptions): Promise<void>;
}

/** A finished message as a model. */
export function onnxModel(message: MessageWriter, about: Pick<OnnxModel, "variant" | "metadata" | "notes">): OnnxModel {
  const { byteLength, chunks: pieces } = message;
  const chunks = function* (): Generator<Uint8Array, void> {
    for (const piece of pieces) yield bytesOf(piece);
  };
  return {
    ...about,
    byteLength,
    chunks,
    toBytes: () => joined(chunks(), byteLength),
    toStream: () => Readable.from(chunks(), { objectMode: false }),
    write: (path, options) => writeChunks(path, pieces, byteLength, options),
  };
}

function joined(chunks: Iterable<Uint8Array>, byteLength: number): Uint8Array<ArrayBuffer> {
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
