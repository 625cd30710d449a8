import { ContainerError } from "../contracts.js";
import { featureCount } from "./features.js";
import { weightCount } from "./network.js";
import type { NetworkParts } from "./network.js";

/** A network with what it needs to look at a picture. It takes raw features: the normalisation is folded in. */
export interface TrainedNetwork extends NetworkParts {
  /** Longer side at which pictures are looked at, in pixels. */
  readonly longSide: number;
}

/** Tells that the file is the embedded learner's and no MXNet file; the digit is the version of the features. */
const magic = "semseg embedded learner 1\n";
const fields = 4;

/** Writes magic, four numbers (uint32: inputs, hidden units, classes, longer side) and the weights (float32), little-endian. */
export function encodeWeights({ shape, longSide, weights }: TrainedNetwork): Uint8Array {
  const file = new Uint8Array(magic.length + 4 * (fields + weights.length));
  file.set(new TextEncoder().encode(magic));
  const view = new DataView(file.buffer, magic.length);
  for (const [index, value] of [shape.inputs, shape.hidden, shape.outputs, longSide].entries()) {
    view.setUint32(4 * index, value, true);
  }
  for (let at = 0; at < weights.length; at++) view.setFloat32(4 * (fields + at), weights[at]!, true);
  return file;
}

/** Reads what {@link encodeWeights} wrote; throws a `ClientError` for anything else. */
export function decodeWeights(file: Uint8Array): TrainedNetwork {
  const start = new TextDecoder("latin1").decode(file.subarray(0, magic.length));
  if (start !== magic) throw new ContainerError("ClientError", refusal(file));
  const view = new DataView(file.buffer, file.byteOffset + magic.length, file.byteLength - magic.length);
  if (view.byteLength < 4 * fields) throw damaged();
  const [inputs, hidden, outputs, longSide] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const shape = { inputs, hidden, outputs };
  const sane =
    inputs === featureCount && hidden >= 1 && hidden <= 4096 && outputs >= 2 && outputs <= 254 && longSide >= 1;
  if (!sane || longSide > 4096 || view.byteLength !== 4 * (fields + weightCount(shape))) throw damaged();
  const weights = new Float64Array(weightCount(shape));
  for (let at = 0; at < weights.length; at++) weights[at] = view.getFloat32(4 * (fields + at), true);
  if (!weights.every(Number.isFinite)) throw damaged();
  return { shape, longSide, weights };
}

function refusal(file: Uint8Array): string {
  // Lists of MXNet arrays begin with 0x112 as a 64-bit number.
  const isMxnet =
    file.length >= 8 && file[0] === 0x12 && file[1] === 0x01 && file.subarray(2, 8).every((byte) => byte === 0);
  return isMxnet
    ? "The weights are MXNet arrays, as the real algorithm writes them. The embedded backend serves only models that it trained itself"
    : "The weights are not those of the embedded learner";
}

function damaged(): ContainerError {
  return new ContainerError("ClientError", "The embedded learner's weights are damaged");
}
