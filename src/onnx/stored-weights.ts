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
      if (this.#precision === "float16") return halves(graph, array);
      return graph.initializer(name, "float32", array.shape, float32Bytes(array));
    });
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

/** Half precision in the file, widened where it is used: runtimes do that once, when they load. */
function halves(graph: GraphBuilder, array: ParameterArray): Value {
  const data: Chunk =
    array.type === "float16"
      ? array.bytes
      : {
          byteLength: 2 * elementCount(array),
          make: () => asBytes(Uint16Array.from(float32Values(array), toHalf)),
        };
  const stored = graph.initializer(array.name, "float16", array.shape, data);
  return graph.node("Cast", [stored], { to: { int: 1 } }, `${array.name}:widened`);
}

function asBytes(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
