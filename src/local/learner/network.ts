import { exp } from "./arithmetic.js";
import type { Random } from "../../core/random.js";

/** Sizes of a network with one hidden layer. */
export interface NetworkShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly outputs: number;
}

/** Number of weights: a row of inputs and a bias for each hidden unit, a row of hidden units and a bias for each output. */
export function weightCount({ inputs, hidden, outputs }: NetworkShape): number {
  return hidden * (inputs + 1) + outputs * (hidden + 1);
}

/** Random weights that keep the spread of the signals (He initialisation, uniform). */
export function initialWeights(shape: NetworkShape, random: Random): Float64Array {
  const weights = new Float64Array(weightCount(shape));
  const first = shape.hidden * shape.inputs;
  fill(weights.subarray(0, first), Math.sqrt(6 / shape.inputs), random);
  const second = first + shape.hidden;
  fill(weights.subarray(second, second + shape.outputs * shape.hidden), Math.sqrt(3 / shape.hidden), random);
  return weights;
}

function fill(weights: Float64Array, bound: number, random: Random): void {
  for (let at = 0; at < weights.length; at++) weights[at] = (2 * random() - 1) * bound;
}

/** A network as data. */
export interface NetworkParts {
  readonly shape: NetworkShape;
  /** Hidden rows, hidden biases, output rows, output biases. */
  readonly weights: Float64Array;
}

/** One hidden layer of rectified linear units, softmax over the classes. */
export class Network {
  readonly #first: number;
  readonly #second: number;
  readonly #last: number;
  readonly #activations: Float64Array;
  readonly #errors: Float64Array;

  constructor(
    readonly shape: NetworkShape,
    /** As in {@link NetworkParts}. */
    readonly weights: Float64Array,
  ) {
    this.#first = shape.hidden * shape.inputs;
    this.#second = this.#first + shape.hidden;
    this.#last = this.#second + shape.outputs * shape.hidden;
    this.#activations = new Float64Array(shape.hidden);
    this.#errors = new Float64Array(shape.hidden);
  }

  /** Class probabilities of one sample, written at `to`. */
  forward(samples: Float32Array, at: number, out: Float64Array, to: number): void {
    const { inputs, hidden, outputs } = this.shape;
    const weights = this.weights;
    const active = this.#activations;
    let unit = 0;
    for (; unit + 4 <= hidden; unit += 4) {
      // Four units at a time: the processor adds them side by side.
      let a = unit * inputs;
      let b = a + inputs;
      let c = b + inputs;
      let d = c + inputs;
      let sumA = weights[this.#first + unit]!;
      let sumB = weights[this.#first + unit + 1]!;
      let sumC = weights[this.#first + unit + 2]!;
      let sumD = weights[this.#first + unit + 3]!;
      for (let input = 0; input < inputs; input++) {
        const value = samples[at + input]!;
        sumA += value * weights[a++]!;
        sumB += value * weights[b++]!;
        sumC += value * weights[c++]!;
        sumD += value * weights[d++]!;
      }
      active[unit] = sumA > 0 ? sumA : 0;
      active[unit + 1] = sumB > 0 ? sumB : 0;
      active[unit + 2] = sumC > 0 ? sumC : 0;
      active[unit + 3] = sumD > 0 ? sumD : 0;
    }
    for (; unit < hidden; unit++) {
      let sum = weights[this.#first + unit]!;
      for (let input = 0; input < inputs; input++) sum += samples[at + input]! * weights[unit * inputs + input]!;
      active[unit] = sum > 0 ? sum : 0;
    }
    let largest = -Infinity;
    for (let output = 0; output < outputs; output++) {
      let sum = weights[this.#last + output]!;
      let weight = this.#second + output * hidden;
      for (let index = 0; index < hidden; index++) sum += active[index]! * weights[weight++]!;
      out[to + output] = sum;
      if (sum > largest) largest = sum;
    }
    let total = 0;
    for (let output = 0; output < outputs; output++) {
      const share = exp(out[to + output]! - largest);
      out[to + output] = share;
      total += share;
    }
    for (let output = 0; output < outputs; output++) out[to + output] = out[to + output]! / total;
  }

  /**
   * Adds the gradient of the cross entropy of the sample last given to {@link forward}, times `factor`.
   * `probabilities` are what `forward` wrote; they are used up.
   */
  backward(
    samples: Float32Array,
    at: number,
    probabilities: Float64Array,
    label: number,
    factor: number,
    gradient: Float64Array,
  ): void {
    const { inputs, hidden, outputs } = this.shape;
    const weights = this.weights;
    const active = this.#activations;
    const errors = this.#errors.fill(0);
    probabilities[label] = probabilities[label]! - 1;
    for (let output = 0; output < outputs; output++) {
      const error = probabilities[output]! * factor;
      gradient[this.#last + output] = gradient[this.#last + output]! + error;
      let weight = this.#second + output * hidden;
      for (let unit = 0; unit < hidden; unit++, weight++) {
        gradient[weight] = gradient[weight]! + error * active[unit]!;
        errors[unit] = errors[unit]! + error * weights[weight]!;
      }
    }
    for (let unit = 0; unit < hidden; unit++) {
      if (active[unit] === 0) continue;
      const error = errors[unit]!;
      gradient[this.#first + unit] = gradient[this.#first + unit]! + error;
      let weight = unit * inputs;
      for (let input = 0; input < inputs; input++, weight++) {
        gradient[weight] = gradient[weight]! + error * samples[at + input]!;
      }
    }
  }
}
