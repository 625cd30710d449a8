import type { ParameterArray } from "../artifact/artifact.js";
import { float32Values } from "../artifact/array-values.js";
import type { StatisticsAnswer } from "./messages.js";

/** What Gluon adds to every variance. */
const varianceFloor = 1e-5;

/** How what reaches a batch normalization differs from what it remembers of training. */
export interface LayerAudit {
  /** Name of the batch normalization, e.g. `conv1.1`. */
  readonly name: string;
  /** Number of channels. */
  readonly channels: number;
  /** Mean over the channels of |observed mean - remembered mean| / remembered standard deviation. */
  readonly meanShift: number;
  /** Mean over the channels of ln(observed variance / remembered variance): 0 is the same, negative is less. */
  readonly logVarianceRatio: number;
}

interface Sums {
  /** Sums over the pictures: means, squares of means, variances. */
  readonly mean: Float64Array;
  readonly square: Float64Array;
  readonly variance: Float64Array;
}

/** Means and variances over several pictures, each of the same weight. */
export class ObservedStatistics {
  readonly #layers = new Map<string, Sums>();
  #pictures = 0;

  add(layers: StatisticsAnswer["layers"]): void {
    this.#pictures++;
    for (const [name, { mean, variance }] of layers) {
      let sums = this.#layers.get(name);
      if (sums === undefined) {
        const zeros = (): Float64Array => new Float64Array(mean.length);
        sums = { mean: zeros(), square: zeros(), variance: zeros() };
        this.#layers.set(name, sums);
      }
      for (let channel = 0; channel < mean.length; channel++) {
        sums.mean[channel]! += mean[channel]!;
        sums.square[channel]! += mean[channel]! ** 2;
        sums.variance[channel]! += variance[channel]!;
      }
    }
  }

  /** Beside what the weights remember, in the order of the network. */
  compare(weights: ReadonlyMap<string, ParameterArray>): readonly LayerAudit[] {
    return Array.from(this.#layers, ([name, sums]) => {
      const means = float32Values(weights.get(`${name}.running_mean`)!);
      const variances = float32Values(weights.get(`${name}.running_var`)!);
      let shift = 0;
      let ratio = 0;
      for (let channel = 0; channel < means.length; channel++) {
        const mean = sums.mean[channel]! / this.#pictures;
        // The variance within the pictures, and that between them.
        const between = Math.max(0, sums.square[channel]! / this.#pictures - mean ** 2);
        const observed = sums.variance[channel]! / this.#pictures + between + varianceFloor;
        const remembered = variances[channel]! + varianceFloor;
        shift += Math.abs(mean - means[channel]!) / Math.sqrt(remembered);
        ratio += Math.log(observed / remembered);
      }
      const channels = means.length;
      return { name, channels, meanShift: shift / channels, logVarianceRatio: ratio / channels };
    });
  }
}
