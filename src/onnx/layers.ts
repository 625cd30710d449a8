import type { GraphBuilder, Shape, Value } from "./graph.js";
import type { StoredWeights } from "./stored-weights.js";

/** How a convolution walks over its input. Its padding is always the dilation for 3×3 and none for 1×1. */
export interface Stride {
  readonly stride?: number;
  readonly dilation?: number;
}

/** Rows and columns of zeros on either side. */
export type Pads = readonly [number, number];

/** How a convolution with a given kernel walks. */
export interface Walk extends Stride {
  readonly pads: Pads;
  readonly bias?: Value;
}

/** Weights of a convolution, `[outputs, inputs, rows, columns]`. */
export interface Kernel {
  readonly value: Value;
  readonly outputs: number;
  readonly inputs: number;
  readonly rows: number;
  readonly columns: number;
}

/** What Gluon's BatchNorm adds to the variance in every version; the bare operator's own default would be 1e-3. */
const varianceFloor = 1e-5;

/** Shape after a convolution that keeps the plane or halves it; a halved size gets a name of its own. */
export function convolved(shape: Shape | undefined, channels: number, stride: number): Shape | undefined {
  if (shape === undefined) return undefined;
  const [batch = "n", , ...plane] = shape;
  const halved = (size: number | string): string => {
    const [, side = String(size), divisor = "1"] = /^(.*)_(\d+)$/.exec(String(size)) ?? [];
    return `${side}_${Number(divisor) * 2}`;
  };
  return [batch, channels, ...plane.map((size) => (stride === 1 ? size : halved(size)))];
}

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
    const kernel = this.kernel(`${name}.weight`);
    const pads: Pads = [Math.floor(kernel.rows / 2) * dilation, Math.floor(kernel.columns / 2) * dilation];
    const bias = `${name}.bias`;
    return this.convolve(input, kernel, name, {
      stride,
      dilation,
      pads,
      ...(this.weights.has(bias) ? { bias: this.weights.vector(this.graph, bias) } : {}),
    });
  }

  /** The weight of a convolution with its sizes. */
  kernel(name: string): Kernel {
    const [outputs, inputs, rows, columns] = this.weights.kernel(name);
    return { value: this.weights.weight(this.graph, name), outputs, inputs, rows, columns };
  }

  /** A convolution with any kernel, also one that the graph works out from the weights. */
  convolve(input: Value, kernel: Kernel, name: string, walk: Walk): Value {
    const { stride = 1, dilation = 1, pads, bias } = walk;
    const output = this.graph.node(
      "Conv",
      bias === undefined ? [input, kernel.value] : [input, kernel.value, bias],
      {
        kernel_shape: { ints: [kernel.rows, kernel.columns] },
        strides: { ints: [stride, stride] },
        dilations: { ints: [kernel.rows === 1 ? 1 : dilation, kernel.columns === 1 ? 1 : dilation] },
        pads: { ints: [...pads, ...pads] },
      },
      name,
    );
    return this.graph.declare(output, convolved(input.shape, kernel.outputs, stride));
  }

  /** What a batch normalization multiplies with, `[channels]`: constant, so runtimes work it out when they load. */
  normFactor(name: string): Value {
    const { graph } = this;
    const raised = graph.node(
      "Add",
      [this.weights.vector(graph, `${name}.running_var`), graph.floats([], varianceFloor)],
      {},
      `${name}:raised`,
    );
    const deviation = graph.node("Sqrt", [raised], {}, `${name}:deviation`);
    return graph.node("Div", [this.weights.vector(graph, `${name}.gamma`), deviation], {}, `${name}:factor`);
  }

  batchNorm(input: Value, name: string): Value {
    this.#beforeNorm?.(input, name);
    const arrays = ["gamma", "beta", "running_mean", "running_var"].map((leaf) =>
      this.weights.vector(this.graph, `${name}.${leaf}`),
    );
    const output = this.graph.node(
      "BatchNormalization",
      [input, ...arrays],
      { epsilon: { float: varianceFloor } },
      name,
    );
    return this.graph.declare(output, input.shape);
  }

  relu(input: Value, name: string): Value {
    return this.graph.declare(this.graph.node("Relu", [input], {}, `${name}:relu`), input.shape);
  }

  /** Convolution, batch normalization and ReLU, the unit that everything is built of. */
  unit(input: Value, conv: string, norm: string, stride: Stride = {}): Value {
    return this.relu(this.batchNorm(this.conv(input, conv, stride), norm), norm);
  }
}
