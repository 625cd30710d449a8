import { promisify } from "node:util";
import { gunzip as gunzipCallback, gzipSync } from "node:zlib";

import { writeTar } from "../../codec/tar/write-tar.js";
import { ContainerError, ForeignArtifact } from "../contracts.js";
import { readTar } from "./tar.js";
import { decodeWeights, encodeWeights } from "./weights-file.js";
import type { TrainedNetwork } from "./weights-file.js";

const gunzip = promisify(gunzipCallback);

/** Packed and unpacked size that an artifact of this learner never reaches. */
const maxBytes = 64 * 1024 * 1024;

/** What a training job leaves behind. */
export interface TrainingResult {
  readonly configuration: Readonly<Record<string, string>>;
  /** Weights of the last epoch. */
  readonly last: TrainedNetwork;
  /** Weights of the epoch with the best validation mIOU; these are served. */
  readonly best: TrainedNetwork;
}

/** Packs `model.tar.gz` with the three files of the real algorithm; same content, same bytes. */
export function packArtifact({ configuration, last, best }: TrainingResult): Uint8Array {
  const tar = writeTar([
    { name: "hyperparams.json", data: new TextEncoder().encode(JSON.stringify(configuration)) },
    { name: "model_algo-1", data: encodeWeights(last) },
    { name: "model_best.params", data: encodeWeights(best) },
  ]);
  // Stored, not compressed: compressed bytes differ between builds of zlib, and weights hardly shrink.
  const packed = gzipSync(tar, { level: 0 });
  // The header's operating system (RFC 1952, 2.3): 255 is "unknown".
  packed[9] = 255;
  return new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
}

/** Unpacks the weights that are served. Rejects with a `ClientError` for what {@link packArtifact} did not write. */
export async function unpackArtifact(artifact: Uint8Array): Promise<TrainedNetwork> {
  return (await openArtifact(artifact)).network;
}

/** The weights that are served, and the settings that they were made with. Rejects as {@link unpackArtifact}. */
export async function openArtifact(
  artifact: Uint8Array,
): Promise<{ readonly network: TrainedNetwork; readonly configuration: Readonly<Record<string, string>> }> {
  const files = readTar(await unpack(artifact));
  const weights = files.get("model_best.params") ?? files.get("model_algo-1");
  if (weights === undefined) {
    throw new ContainerError("ClientError", "model.tar.gz holds neither model_best.params nor model_algo-1");
  }
  return { network: decodeWeights(weights), configuration: readConfiguration(files.get("hyperparams.json")) };
}

function readConfiguration(file: Uint8Array | undefined): Readonly<Record<string, string>> {
  if (file === undefined) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(file));
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, String(item)]));
  } catch {
    // An artifact with damaged settings can still be served.
    return {};
  }
}

async function unpack(artifact: Uint8Array): Promise<Uint8Array> {
  if (artifact.length > maxBytes) throw tooLarge();
  try {
    return await gunzip(artifact, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new ContainerError("ClientError", "model.tar.gz cannot be read: it is no whole gzip file");
  }
}

function tooLarge(): ContainerError {
  return new ForeignArtifact(`model.tar.gz is larger than the embedded learner's own (limit ${maxBytes} bytes)`);
}
