import type { NetworkParts } from "./network.js";
import type { Normalisation } from "./sample-pool.js";

/** The same network for raw features: W(x - m)/s + b = (W/s)x + (b - Wm/s). */
export function foldNormalisation({ shape, weights }: NetworkParts, { mean, spread }: Normalisation): NetworkParts {
  const folded = Float64Array.from(weights);
  const biases = shape.hidden * shape.inputs;
  for (let unit = 0; unit < shape.hidden; unit++) {
    let shift = 0;
    for (let input = 0; input < shape.inputs; input++) {
      const at = unit * shape.inputs + input;
      folded[at] = weights[at]! / spread[input]!;
      shift += folded[at] * mean[input]!;
    }
    folded[biases + unit] = weights[biases + unit]! - shift;
  }
  return { shape, weights: folded };
}
