import { Readable } from "node:stream";

import type { ModelVariant } from "../artifact/artifact.js";
import type { WorkOptions } from "../core/progress.js";
import { bytesOf, type MessageWriter } from "./wire.js";
import { joined, writeChunks } from "./write-chunks.js";

/** A model in ONNX form, not yet written: its weights are views of the artifact, so it needs hardly any memory. */
export interface OnnxModel {
  /** Size of the file in bytes. */
  readonly byteLength: number;
  /** Which network it is; `undefined` for a model of the embedded backend, which is none of the algorithm's. */
  readonly variant: ModelVariant | undefined;
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
