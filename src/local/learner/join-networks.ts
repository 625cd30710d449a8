import { weightCount } from "./network.js";
import type { NetworkParts } from "./network.js";

/**
 * Joins networks of the same shape into one that answers with the mean of their outputs (before the softmax): their
 * hidden units side by side, their output rows divided by their number.
 */
export function joinNetworks(networks: readonly NetworkParts[]): NetworkParts {
  const [first] = networks;
  if (first === undefined) return { shape: { inputs: 0, hidden: 0, outputs: 0 }, weights: new Float64Array(0) };
  const { inputs, hidden, outputs } = first.shape;
  const shape = { inputs, hidden: hidden * networks.length, outputs };
  const weights = new Float64Array(weightCount(shape));
  const biases = shape.hidden * inputs;
  const rows = biases + shape.hidden;
  const last = rows + outputs * shape.hidden;
  for (const [number, { weights: own }] of networks.entries()) {
    const ownRows = hidden * (inputs + 1);
    weights.set(own.subarray(0, hidden * inputs), number * hidden * inputs);
    weights.set(own.subarray(hidden * inputs, ownRows), biases + number * hidden);
    for (let output = 0; output < outputs; output++) {
      for (let unit = 0; unit < hidden; unit++) {
        const to = rows + output * shape.hidden + number * hidden + unit;
        weights[to] = own[ownRows + output * hidden + unit]! / networks.length;
      }
      weights[last + output] = weights[last + output]! + own[ownRows + outputs * hidden + output]! / networks.length;
    }
  }
  return { shape, weights };
}
