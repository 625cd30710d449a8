import type { EmbeddedWeights } from "../../artifact/embedded-weights.js";
import type { Value } from "../graph.js";
import type { Formula } from "./formula.js";

/** The network: features `[n, inputs, height, width]` to class probabilities `[n, classes, height, width]`, single precision. */
export function classify(f: Formula, features: Value, { inputs, hidden, outputs, weights }: EmbeddedWeights): Value {
  const second = hidden * inputs + hidden;
  const rows = {
    first: turned(weights.subarray(0, hidden * inputs), hidden, inputs),
    firstBias: weights.subarray(hidden * inputs, second),
    second: turned(weights.subarray(second, second + outputs * hidden), outputs, hidden),
    secondBias: weights.subarray(second + outputs * hidden),
  };
  const pixels = f.node("Transpose", [features], { perm: { ints: [0, 2, 3, 1] } });
  const layer = (input: Value, matrix: readonly number[], bias: Float32Array, rowsIn: number): Value => {
    const columns = bias.length;
    const product = f.matMul(input, f.graph.doubles([rowsIn, columns], matrix));
    return f.add(product, f.graph.doubles([columns], bias));
  };
  const active = f.max(layer(pixels, rows.first, rows.firstBias, inputs), 0);
  const scores = layer(active, rows.second, rows.secondBias, hidden);
  const highest = f.node("ReduceMax", [scores], { axes: { ints: [3] } });
  const shares = exponential(f, f.sub(scores, highest));
  const total = f.node("ReduceSum", [shares, f.graph.integers(3)]);
  const probabilities = f.toSingle(f.div(shares, total));
  return f.node("Transpose", [probabilities], { perm: { ints: [0, 3, 1, 2] } });
}

/** Rows of weights as the columns of a matrix. */
function turned(weights: Float32Array, rows: number, columns: number): readonly number[] {
  return Array.from({ length: weights.length }, (_, at) => weights[(at % rows) * columns + Math.floor(at / rows)]!);
}

/**
 * e to a power that is not above 0, step by step as the embedded backend has it: it computes the same on every machine,
 * with an error of 1e-9, and the graph must repeat that error.
 */
function exponential(f: Formula, x: Value): Value {
  const bounded = f.max(x, -700);
  const power = f.round(f.mul(bounded, Math.LOG2E));
  const rest = f.sub(bounded, f.mul(power, Math.LN2));
  let sum = f.add(f.mul(rest, 0), 1);
  for (let term = 9; term >= 1; term--) sum = f.add(f.mul(f.div(rest, term), sum), 1);
  const value = f.mul(sum, f.node("Pow", [f.number(2), power]));
  return f.where(f.less(x, f.number(-700)), f.mul(value, 0), value);
}
