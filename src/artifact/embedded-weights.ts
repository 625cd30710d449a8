import { SegmentationError } from "../core/errors.js";

/**
 * The small network that the embedded backend of this package trains in place of the algorithm's: one hidden layer over
 * numbers that describe a pixel.
 */
export interface EmbeddedWeights {
  /** Numbers that describe a pixel. */
  readonly inputs: number;
  /** Hidden units. */
  readonly hidden: number;
  /** Classes. */
  readonly outputs: number;
  /** Longer side at which pictures are looked at, in pixels. */
  readonly longSide: number;
  /** Hidden rows, hidden biases, output rows, output biases. */
  readonly weights: Float32Array;
}

/** Tells that a file is the embedded backend's and no MXNet file; the digit is the version of the features. */
const magic = "semseg embedded learner 1\n";
const fields = 4;

/** Numbers that describe a pixel in this version. */
export const embeddedInputs = 56;

/** Number of weights: a row of inputs and a bias for each hidden unit, a row of hidden units and a bias for each output. */
export function embeddedWeightCount({
  inputs,
  hidden,
  outputs,
}: Omit<EmbeddedWeights, "longSide" | "weights">): number {
  return hidden * (inputs + 1) + outputs * (hidden + 1);
}

/** Whether a weights file is one of the embedded backend. */
export function looksEmbedded(file: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(file.subarray(0, magic.length)) === magic;
}

/** Writes magic, four numbers (uint32: inputs, hidden units, classes, longer side) and the weights (float32), little-endian. */
export function encodeEmbeddedWeights(
  network: Omit<EmbeddedWeights, "weights"> & { readonly weights: Iterable<number> },
) {
  const values = Float32Array.from(network.weights);
  const file = new Uint8Array(magic.length + 4 * (fields + values.length));
  file.set(new TextEncoder().encode(magic));
  const view = new DataView(file.buffer, magic.length);
  for (const [index, value] of [network.inputs, network.hidden, network.outputs, network.longSide].entries()) {
    view.setUint32(4 * index, value, true);
  }
  for (const [at, value] of values.entries()) view.setFloat32(4 * (fields + at), value, true);
  return file;
}

/** Reads what {@link encodeEmbeddedWeights} wrote. Throws `artifact.damaged` for anything else. */
export function decodeEmbeddedWeights(file: Uint8Array, name: string): EmbeddedWeights {
  if (!looksEmbedded(file)) throw damaged(name, 0, "the magic line");
  const view = new DataView(file.buffer, file.byteOffset + magic.length, file.byteLength - magic.length);
  if (view.byteLength < 4 * fields) throw damaged(name, file.byteLength, "four numbers");
  const number = (index: number): number => view.getUint32(4 * index, true);
  const shape = { inputs: number(0), hidden: number(1), outputs: number(2), longSide: number(3) };
  const { inputs, hidden, outputs, longSide } = shape;
  const sane = inputs === embeddedInputs && hidden >= 1 && hidden <= 4096 && outputs >= 2 && outputs <= 254;
  if (!sane || longSide < 1 || longSide > 4096) throw damaged(name, magic.length, "sizes within their ranges");
  const count = embeddedWeightCount(shape);
  if (view.byteLength !== 4 * (fields + count)) throw damaged(name, file.byteLength, `${count} weights`);
  const weights = Float32Array.from({ length: count }, (_, at) => view.getFloat32(4 * (fields + at), true));
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong >= 0) throw damaged(name, magic.length + 4 * (fields + wrong), "a finite weight");
  return { ...shape, weights };
}

function damaged(file: string, offset: number, expected: string): SegmentationError<"artifact.damaged"> {
  return new SegmentationError(
    "artifact.damaged",
    `The embedded backend's weights ${file} are damaged at byte ${offset}: expected ${expected}.`,
    { offset, expected, file },
  );
}
