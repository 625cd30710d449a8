import { decodeEmbeddedWeights, encodeEmbeddedWeights, looksEmbedded } from "../../artifact/embedded-weights.js";
import type { EmbeddedWeights } from "../../artifact/embedded-weights.js";
import { ContainerError, ForeignArtifact } from "../contracts.js";
import type { NetworkParts } from "./network.js";

/** A network with what it needs to look at a picture. It takes raw features: the normalisation is folded in. */
export interface TrainedNetwork extends NetworkParts {
  /** Longer side at which pictures are looked at, in pixels. */
  readonly longSide: number;
}

/** Writes a network as the artifact holds it. */
export function encodeWeights({ shape, longSide, weights }: TrainedNetwork): Uint8Array {
  return encodeEmbeddedWeights({ ...shape, longSide, weights });
}

/** Reads what {@link encodeWeights} wrote; throws a `ClientError` for anything else. */
export function decodeWeights(file: Uint8Array): TrainedNetwork {
  if (!looksEmbedded(file)) throw refusal(file);
  const { inputs, hidden, outputs, longSide, weights } = decoded(file);
  return { shape: { inputs, hidden, outputs }, longSide, weights: Float64Array.from(weights) };
}

function decoded(file: Uint8Array): EmbeddedWeights {
  try {
    return decodeEmbeddedWeights(file, "model_best.params");
  } catch {
    throw new ContainerError("ClientError", "The embedded learner's weights are damaged");
  }
}

function refusal(file: Uint8Array): ContainerError {
  // Lists of MXNet arrays begin with 0x112 as a 64-bit number.
  const isMxnet =
    file.length >= 8 && file[0] === 0x12 && file[1] === 0x01 && file.subarray(2, 8).every((byte) => byte === 0);
  if (!isMxnet) return new ContainerError("ClientError", "The weights are not those of the embedded learner");
  return new ForeignArtifact("The weights are MXNet arrays, as the real algorithm writes them");
}
