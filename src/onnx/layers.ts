import type { GraphBuilder, Value } from "./graph.js";
import type { StoredWeights } from "./stored-weights.js";

/** How a convolution walks over its input. Its padding is always the dilation for 3×3 and none for 1×1. */
export interface Stride {
  readonly stride?: number;
  readonly dilation?: number;
}

/** What Gluon's BatchNorm adds to the variance in every version; the bare operator's own default would be 1e-3. */
const varianceFloor = 1e-5;

/** The layers that the networks are made of, each named as its arrays are. */
export class Layers {
  readonly graph: GraphBuilder;
  readonly weights: StoredWeights;
  /** Called with the input of each batch normalization, for audits. */
  readonly #beforeNorm: ((input: Value, name: string) => void) | undefined;

  constructor(graph: GraphBuilder, weights: StoredWeights, beforeNorm?: (input: Value, name: string) => void) {
    this.graph = graph;
    this.weights = weights;
    this.#beforeNorm = beforeNorm;
  }

  /** A convolution; with a bias where the weights have one (the classifiers only). */
  conv(input: Value, name: string, { stride = 1, dilation = 1 }: Stride = {}): Value {
    const [, , rows, columns] = this.weights.kernel(`${name}.weight`);
    const [high, wide] = [Math.floor(rows / 2) * dilation, Math.floor(columns / 2) * dilation];
    const inputs = [input, this.weights.weight(this.graph, `${name}.weight`)];
    if (this.weights.has(`${name}.bias`)) inputs.push(this.weights.vector(this.graph, `${name}.bias`));
    return this.graph.node(
      "Conv",
      inputs,
      {
        kernel_shape: { ints: [rows, columns] },
        strides: { ints: [stride, stride] },
        dilations: { ints: [dilation, dilation] },
        pads: { ints: [high, wide, high, wide] },
      },
      name,
    );
  }

  batchNorm(input: Value, name: string): Value {
    this.#beforeNorm?.(input, name);
    const arrays = ["gamma", "beta", "running_mean", "running_var"].map((leaf) =>
      this.weights.vector(this.graph, `${name}.${leaf}`),
    );
    return this.graph.node("BatchNormalization", [input, ...arrays], { epsilon: { float: varianceFloor } }, name);
  }

  relu(input: Value, name: string): Value {
    return this.graph.node("Relu", [input], {}, `${name}:relu`);
  }

  /** Convolution, batch normalization and ReLU, the unit that everything is built of. */
  unit(input: Value, conv: string, norm: string, stride: Stride = {}): Value {
    return this.relu(this.batchNorm(this.conv(input, conv, stride), norm), norm);
  }
}
