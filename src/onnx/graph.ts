import type { Chunk } from "./wire.js";

/** Element types of ONNX tensors that these graphs use, with their number in `TensorProto.DataType`. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof elementTypes;

/** An attribute of a node, by its ONNX type. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] };

/** Sizes of a value, outermost first; a text stands for a size that is known only at run time. */
export type Shape = readonly (number | string)[];

/** What flows between nodes: known by its name, and made by one node, initializer or input only. */
export interface Value {
  readonly name: string;
  /** Its sizes, where they were declared. Equal texts mean equal sizes. */
  readonly shape?: Shape;
}

export interface GraphNode {
  readonly operator: string;
  readonly name: string;
  /** Names of the inputs; empty where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Initializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: Chunk;
}

/** A graph input or output, or an inner value whose shape is declared. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: Shape;
}

export interface Graph {
  readonly name: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly declared: readonly Port[];
}

/** Collects the nodes of a graph in the order in which they run. */
export class GraphBuilder {
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #declared: Port[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #names = new Set<string>();

  input(port: Port): Value {
    this.#inputs.push(port);
    return { name: this.#unused(port.name), shape: port.shape };
  }

  /**
   * Declares the shape of a float32 value. Runtimes infer most shapes themselves, but not that two sizes which are known
   * at run time only are equal; told so, they add the inputs of a residual sum inside the convolution before it.
   */
  declare(value: Value, shape: Shape | undefined): Value {
    if (shape === undefined) return value;
    this.#declared.push({ name: value.name, type: "float32", shape });
    return { name: value.name, shape };
  }

  /** Adds a node with one output, which bears the node's name. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name: string = operator,
  ): Value {
    const given = this.#unused(name);
    this.#nodes.push({
      operator,
      name: given,
      inputs: inputs.map((input) => input?.name ?? ""),
      outputs: [given],
      attributes,
    });
    return { name: given };
  }

  /** Adds a constant tensor; `data` holds its elements little-endian, last dimension fastest. */
  initializer(name: string, type: ElementType, shape: readonly number[], data: Chunk): Value {
    const given = this.#unused(name);
    this.#initializers.set(given, { name: given, type, shape, data });
    return { name: given };
  }

  /** A vector of int64: one initializer per content. */
  integers(...values: number[]): Value {
    return this.#shared(`int64:${values.join(",")}`, "int64", [values.length], () =>
      BigInt64Array.from(values, (value) => BigInt(value)),
    );
  }

  /** A column of int64, `[length, 1]`. */
  column(...values: number[]): Value {
    return this.#shared(`int64 column:${values.join(",")}`, "int64", [values.length, 1], () =>
      BigInt64Array.from(values, (value) => BigInt(value)),
    );
  }

  /** One int64 without dimensions. */
  integer(value: number): Value {
    return this.#shared(`int64 scalar:${value}`, "int64", [], () => BigInt64Array.of(BigInt(value)));
  }

  /** A float32 tensor of few elements: one initializer per content. */
  floats(shape: readonly number[], ...values: number[]): Value {
    return this.#shared(`float32[${shape.join(",")}]:${values.join(",")}`, "float32", shape, () =>
      Float32Array.from(values),
    );
  }

  /** A float64 tensor: one initializer per content while there are few elements. */
  doubles(shape: readonly number[], values: ArrayLike<number>): Value {
    const data = Float64Array.from(values);
    const make = (): Float64Array => data;
    if (data.length <= 16) return this.#shared(`float64[${shape.join(",")}]:${data.join(",")}`, "float64", shape, make);
    return this.initializer("matrix", "float64", shape, new Uint8Array(data.buffer));
  }

  /** Makes a value an output under the port's name. */
  output(value: Value, port: Port): void {
    this.#nodes.push({
      operator: "Identity",
      name: `output:${port.name}`,
      inputs: [value.name],
      outputs: [this.#unused(port.name)],
      attributes: {},
    });
    this.#outputs.push(port);
  }

  build(name: string): Graph {
    return {
      name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      declared: this.#declared,
    };
  }

  #shared(
    name: string,
    type: ElementType,
    shape: readonly number[],
    make: () => BigInt64Array | Float32Array | Float64Array,
  ): Value {
    if (this.#initializers.has(name)) return { name };
    const { buffer, byteOffset, byteLength } = make();
    return this.initializer(name, type, shape, new Uint8Array(buffer, byteOffset, byteLength));
  }

  #unused(name: string): string {
    let free = name;
    for (let count = 2; this.#names.has(free); count++) free = `${name}#${count}`;
    this.#names.add(free);
    return free;
  }
}
