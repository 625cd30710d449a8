import type { ModelArtifact, ParameterArray } from "../artifact/artifact.js";
import { elementCount, float32Values } from "../artifact/array-values.js";
import { SegmentationError } from "../core/errors.js";
import type { WorkOptions } from "../core/progress.js";
import { bytesOf, type Chunk } from "./wire.js";
import { joined, writeChunks } from "./write-chunks.js";

/** Weights in the safetensors format, not yet written. */
export interface SafetensorsFile {
  /** Size of the file in bytes. */
  readonly byteLength: number;
  /** The bytes of the file, piece by piece. */
  chunks(): Iterable<Uint8Array>;
  /** The whole file in memory. */
  toBytes(): Uint8Array<ArrayBuffer>;
  /** Writes the file; it appears under its name only when it is complete. */
  write(path: string, options?: WorkOptions): Promise<void>;
}

/**
 * The weights of a model as a safetensors file, which PyTorch users read with `safetensors.torch.load_file`.
 *
 * Names are PyTorch's: `gamma` becomes `weight`, `beta` becomes `bias`, running statistics keep theirs; so the arrays are
 * a state dict of the same layers. Half precision stays half precision. The auxiliary head is included where the model has one.
 *
 * @throws `input.invalid` for arrays of a type that such a network never has.
 */
export function toSafetensors(artifact: ModelArtifact): SafetensorsFile {
  const arrays = [...artifact.weights.values()];
  const entries: [string, unknown][] = [
    [
      "__metadata__",
      {
        format: "pt",
        algorithm: artifact.variant.algorithm,
        backbone: artifact.variant.backbone,
        source_sha256: artifact.sha256,
      },
    ],
  ];
  let at = 0;
  const pieces: Chunk[] = [];
  for (const array of arrays) {
    const [type, data] = stored(array);
    entries.push([
      torchName(array.name),
      { dtype: type, shape: array.shape, data_offsets: [at, at + data.byteLength] },
    ]);
    pieces.push(data);
    at += data.byteLength;
  }
  const header = headerOf(Object.fromEntries(entries));
  const byteLength = header.length + at;
  const all = [header, ...pieces];
  const chunks = function* (): Generator<Uint8Array, void> {
    for (const piece of all) yield bytesOf(piece);
  };
  return {
    byteLength,
    chunks,
    toBytes: () => joined(chunks(), byteLength),
    write: (path, options) => writeChunks(path, all, byteLength, options),
  };
}

/** `layer1.0.bn1.gamma` is `layer1.0.bn1.weight` in PyTorch. */
export function torchName(name: string): string {
  return name.replace(/\.gamma$/, ".weight").replace(/\.beta$/, ".bias");
}

/** Length of the header as a 64-bit number, then JSON, padded with spaces so that the data starts at a multiple of 8. */
function headerOf(entries: object): Uint8Array {
  const text = JSON.stringify(entries);
  const bytes = new TextEncoder().encode(text);
  const padded = Math.ceil(bytes.length / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(bytes, 8);
  return header;
}

const typeNames: Readonly<Partial<Record<ParameterArray["type"], string>>> = {
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
};

function stored(array: ParameterArray): readonly [string, Chunk] {
  const type = typeNames[array.type];
  if (type !== undefined) return [type, array.bytes];
  if (array.type === "float64") {
    const make = (): Uint8Array => new Uint8Array(float32Values(array).buffer);
    return ["F32", { byteLength: 4 * elementCount(array), make }];
  }
  throw new SegmentationError(
    "input.invalid",
    `The array ${array.name} holds ${array.type}, no floating point numbers.`,
    {
      parameter: "artifact",
      value: array.type,
      expected: "weights of floating point numbers",
    },
  );
}
