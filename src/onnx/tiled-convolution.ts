import type { GraphBuilder, Value } from "./graph.js";
import { convolved as convolvedShape, type Kernel, type Layers } from "./layers.js";
import { planeSize } from "./sizes.js";
import { filtering, sideTiles, type SideTiles } from "./tiles.js";

/** Names of the two layers whose arrays a unit takes. */
export interface UnitNames {
  readonly conv: string;
  readonly norm: string;
}

interface PlaneTiles {
  readonly rows: SideTiles;
  readonly columns: SideTiles;
}

/**
 * 3×3 units by Winograd's minimal filtering: a quarter of the multiplications of a convolution, numbers the same up to
 * rounding.
 *
 * All steps are products of matrices, which every runtime is good at: the plane is multiplied with a matrix that takes its
 * rows apart into tiles and one for its columns, the 36 products of each tile are summed over the channels, and two more
 * matrices put the plane together. The weights are transformed inside the graph; runtimes do that once, when they load, and
 * then hold four times the weights of these layers in memory.
 */
export class TiledConvolution {
  readonly #layers: Layers;
  readonly #tiles = new Map<number, PlaneTiles>();

  constructor(layers: Layers) {
    this.#layers = layers;
  }

  /** Convolution without stride, batch normalization and ReLU. All inputs have planes of one size. */
  unit(input: Value, kernel: Kernel, names: UnitNames, dilation = 1): Value {
    return this.#layers.relu(this.normalized(input, kernel, names, dilation), names.norm);
  }

  /** The same without ReLU. */
  normalized(input: Value, kernel: Kernel, { conv, norm }: UnitNames, dilation = 1): Value {
    const { graph } = this.#layers;
    const last = graph.node("Transpose", [input], { perm: { ints: [0, 2, 3, 1] } }, `${conv}:channels last`);
    const convolved = this.#convolve(last, kernel, conv, norm, this.#planeTiles(input, dilation));
    const shifted = graph.node("Add", [convolved, this.#shift(norm)], {}, `${norm}:shifted`);
    const first = graph.node("Transpose", [shifted], { perm: { ints: [0, 3, 1, 2] } }, norm);
    return graph.declare(first, convolvedShape(input.shape, kernel.outputs, 1));
  }

  /** From `[n, rows, columns, inputs]` to the same of outputs, without what batch normalization adds. */
  #convolve(input: Value, kernel: Kernel, conv: string, norm: string, { rows, columns }: PlaneTiles): Value {
    const { graph } = this.#layers;
    const { points } = filtering;
    const { inputs, outputs } = kernel;
    const products = points * points;

    const lines = this.#reshaped(input, [0, 0, -1], `${conv}:lines`);
    const rowsApart = graph.node("MatMul", [rows.apart, lines], {}, `${conv}:rows apart`);
    const pixels = this.#reshaped(rowsApart, [0, 0, -1, inputs], `${conv}:pixels`);
    const apart = graph.node("MatMul", [columns.apart, pixels], {}, `${conv}:apart`);
    const tiles = this.#reshaped(apart, [0, points, rows.count, points, columns.count, inputs], `${conv}:tiles`);
    const turned = { perm: { ints: [0, 1, 3, 2, 4, 5] } };
    const byProduct = graph.node("Transpose", [tiles], turned, `${conv}:by product`);
    const factors = this.#reshaped(byProduct, [0, products, -1, inputs], `${conv}:factors`);

    const summed = graph.node("MatMul", [factors, this.#transformed(kernel, conv, norm)], {}, `${conv}:products`);

    const shape = [0, points, points, rows.count, columns.count, outputs];
    const byTile = graph.node("Transpose", [this.#reshaped(summed, shape, `${conv}:split`)], turned, `${conv}:by tile`);
    const high = graph.node("Mul", [rows.count, graph.integer(points)], {}, `${conv}:high`);
    const whole = this.#reshaped(byTile, [0, high, -1, outputs], `${conv}:whole`);
    const columnsTogether = graph.node("MatMul", [columns.together, whole], {}, `${conv}:columns together`);
    const joined = this.#reshaped(columnsTogether, [0, 0, -1], `${conv}:joined`);
    const together = graph.node("MatMul", [rows.together, joined], {}, `${conv}:rows together`);
    return this.#reshaped(together, [0, 0, -1, outputs], conv);
  }

  /** `[36, inputs, outputs]`: the kernel's products, times what batch normalization multiplies with. */
  #transformed(kernel: Kernel, conv: string, norm: string): Value {
    const { graph } = this.#layers;
    const { filter, points } = filtering;
    // Row (k, l) and column (i, j): filter[k][i] · filter[l][j].
    const taps = [0, 1, 2];
    const both = filter.flatMap((rowOf) =>
      filter.flatMap((columnOf) => taps.flatMap((i) => taps.map((j) => rowOf[i]! * columnOf[j]!))),
    );
    const products = points * points;
    // Scaled and turned while they are small: runtimes work all this out once, when they load.
    const column = graph.node(
      "Reshape",
      [this.#layers.normFactor(norm), graph.integers(-1, 1, 1, 1)],
      {},
      `${norm}:column`,
    );
    const scaled = graph.node("Mul", [kernel.value, column], {}, `${conv}:kernel scaled`);
    const turned = graph.node("Transpose", [scaled], { perm: { ints: [2, 3, 1, 0] } }, `${conv}:kernel turned`);
    const flat = graph.node("Reshape", [turned, graph.integers(9, -1)], {}, `${conv}:kernel flat`);
    const mixed = graph.node("MatMul", [graph.floats([products, 9], ...both), flat], {}, `${conv}:kernel products`);
    const shape = graph.integers(products, kernel.inputs, kernel.outputs);
    return graph.node("Reshape", [mixed, shape], {}, `${conv}:kernel`);
  }

  /** What batch normalization adds, `[channels]`. */
  #shift(norm: string): Value {
    const { graph, weights } = this.#layers;
    const mean = graph.node(
      "Mul",
      [weights.vector(graph, `${norm}.running_mean`), this.#layers.normFactor(norm)],
      {},
      `${norm}:mean scaled`,
    );
    return graph.node("Sub", [weights.vector(graph, `${norm}.beta`), mean], {}, `${norm}:shift`);
  }

  #planeTiles(input: Value, dilation: number): PlaneTiles {
    const { graph } = this.#layers;
    const known = this.#tiles.get(dilation);
    if (known !== undefined) return known;
    const size = planeSize(graph, input);
    const tiles = { rows: sideTiles(graph, size, 0, dilation), columns: sideTiles(graph, size, 1, dilation) };
    this.#tiles.set(dilation, tiles);
    return tiles;
  }

  /** Reshapes; 0 keeps a size, -1 is what is left over. */
  #reshaped(value: Value, shape: readonly (number | Value)[], name: string): Value {
    return reshaped(this.#layers.graph, value, shape, name);
  }
}

/** Reshaping to sizes of which some are int64 values of the graph. */
function reshaped(graph: GraphBuilder, value: Value, shape: readonly (number | Value)[], name: string): Value {
  if (shape.every((size) => typeof size === "number")) {
    return graph.node("Reshape", [value, graph.integers(...shape)], {}, name);
  }
  const parts = shape.map((size) =>
    typeof size === "number"
      ? graph.integers(size)
      : graph.node("Unsqueeze", [size, graph.integers(0)], {}, `${size.name}:vector`),
  );
  const sizes = graph.node("Concat", parts, { axis: { int: 0 } }, `${name}:shape`);
  return graph.node("Reshape", [value, sizes], {}, name);
}
