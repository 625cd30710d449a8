import { elementCount, float32Values } from "../artifact/array-values.js";
import type { ModelArtifact, ParameterArray } from "../artifact/artifact.js";
import type { ArrayProblem } from "../core/error-details.js";
import { SegmentationError } from "../core/errors.js";
import { toHalf } from "./float16.js";
import type { GraphBuilder, Value } from "./graph.js";
import type { Chunk } from "./wire.js";

/** In which form the weights of convolutions lie in the file; all arithmetic is float32 in each of them. */
export type Precision = "float32" | "float16";

/** The arrays of a model as initializers, in the form in which they are to be stored. */
export class StoredWeights {
  readonly #artifact: ModelArtifact;
  readonly #precision: Precision;
  /** What is in the graph already, by name: several layers may ask for one array. */
  readonly #stored = new Map<string, Value>();

  constructor(artifact: ModelArtifact, precision: Precision) {
    this.#artifact = artifact;
    this.#precision = precision;
  }

  has(name: string): boolean {
    return this.#artifact.weights.has(name);
  }

  array(name: string): ParameterArray {
    const array = this.#artifact.weights.get(name);
    if (array === undefined)
      throw this.#unfit({ kind: "missing", array: name, message: "The network needs this array." });
    return array;
  }

  /** Sizes of a convolution's weight: outputs, inputs, rows, columns. */
  kernel(name: string): readonly [number, number, number, number] {
    const [outputs, inputs, rows, columns, ...more] = this.array(name).shape;
    if (
      outputs === undefined ||
      inputs === undefined ||
      rows === undefined ||
      columns === undefined ||
      more.length > 0
    ) {
      const message = "A convolution has 4 dimensions: outputs, inputs, rows, columns.";
      throw this.#unfit({ kind: "shape", array: name, message });
    }
    return [outputs, inputs, rows, columns];
  }

  /** An array as it is, in float32: biases and batch normalization, which stay exact in every form. */
  vector(graph: GraphBuilder, name: string): Value {
    return this.#once(name, (array) => graph.initializer(name, "float32", array.shape, float32Bytes(array)));
  }

  /** The weight of a convolution. */
  weight(graph: GraphBuilder, name: string): Value {
    return this.#once(name, (array) => {
      if (this.#precision !== "float16") return graph.initializer(name, "float32", array.shape, float32Bytes(array));
      return array.type === "float16"
        ? widened(graph, name, array.shape, array.bytes)
        : narrowed(graph, name, array.shape, () => float32Values(array));
    });
  }

  /**
   * Some input channels of a 3×3 weight, stored apart: as they are, or with the taps among the outputs, as a 1×1 weight
   * `[9 · outputs, count, 1, 1]`.
   */
  part(graph: GraphBuilder, name: string, from: number, count: number, order: "plain" | "by tap"): Value {
    const [outputs, inputs, rows, columns] = this.kernel(name);
    const taps = rows * columns;
    const shape = order === "plain" ? [outputs, count, rows, columns] : [outputs * taps, count, 1, 1];
    const values = (): Float32Array =>
      partOf(float32Values(this.array(name)), { outputs, inputs, taps, from, count, order });
    const own = `${name}:${from}`;
    if (this.#precision === "float16") return narrowed(graph, own, shape, values);
    const data = { byteLength: 4 * outputs * count * taps, make: () => asBytes(values()) };
    return graph.initializer(own, "float32", shape, data);
  }

  #once(name: string, store: (array: ParameterArray) => Value): Value {
    const stored = this.#stored.get(name) ?? store(this.array(name));
    this.#stored.set(name, stored);
    return stored;
  }

  #unfit(problem: ArrayProblem): SegmentationError {
    return new SegmentationError("artifact.network", `${problem.array}: ${problem.message}`, {
      file: this.#artifact.weightsFile,
      problems: [problem],
      total: 1,
    });
  }
}

function float32Bytes(array: ParameterArray): Chunk {
  if (array.type === "float32") return array.bytes;
  return { byteLength: 4 * elementCount(array), make: () => asBytes(float32Values(array)) };
}

/** Numbers that are stored in half precision. */
function narrowed(graph: GraphBuilder, name: string, shape: readonly number[], values: () => Float32Array): Value {
  const byteLength = 2 * shape.reduce((product, size) => product * size, 1);
  return widened(graph, name, shape, { byteLength, make: () => asBytes(Uint16Array.from(values(), toHalf)) });
}

/** Half precision in the file, widened where it is used: runtimes do that once, when they load. */
function widened(graph: GraphBuilder, name: string, shape: readonly number[], data: Chunk): Value {
  const stored = graph.initializer(name, "float16", shape, data);
  return graph.node("Cast", [stored], { to: { int: 1 } }, `${name}:widened`);
}

interface Part {
  readonly outputs: number;
  readonly inputs: number;
  readonly taps: number;
  readonly from: number;
  readonly count: number;
  readonly order: "plain" | "by tap";
}

function partOf(values: Float32Array, { outputs, inputs, taps, from, count, order }: Part): Float32Array {
  const part = new Float32Array(outputs * count * taps);
  for (let output = 0, to = 0; output < outputs; output++) {
    const start = (output * inputs + from) * taps;
    if (order === "plain") {
      part.set(values.subarray(start, start + count * taps), output * count * taps);
      continue;
    }
    for (let tap = 0; tap < taps; tap++) {
      for (let input = 0; input < count; input++) part[to++] = values[start + input * taps + tap]!;
    }
  }
  return part;
}

function asBytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
