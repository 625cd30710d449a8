import type { GraphBuilder, Value } from "./graph.js";
import { slice } from "./sizes.js";

/**
 * Winograd's minimal filtering F(4, 3) with the points 0, ±1, ±2 and infinity: four outputs of a 3-tap filter for six
 * multiplications instead of twelve. See Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015).
 */
export const filtering = {
  /** Outputs of a tile along a side. */
  outputs: 4,
  /** Pixels of a tile along a side, and products. */
  points: 6,
  /** Products of pixels: `[points, points]`. */
  input: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  /** Products of taps: `[points, 3]`. */
  filter: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  /** Outputs of products: `[outputs, points]`. */
  output: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
} as const;

/** The matrices that take a side of a plane apart into tiles and put it together again. */
export interface SideTiles {
  /** Number of tiles along the side, an int64. */
  readonly count: Value;
  /** `[6 · tiles, side]`: pixels to products, product first, then tile. */
  readonly apart: Value;
  /** `[side, 6 · tiles]`: products to pixels. */
  readonly together: Value;
}

/**
 * Tiles of one side, for kernels of some dilation. A dilated kernel sees every `dilation`-th pixel only, so each remainder
 * has tiles of its own: tile t starts at pixel t + 3 · dilation · (t div dilation). What lies outside the plane is zero, as
 * no row of the matrix belongs to it.
 */
export function sideTiles(graph: GraphBuilder, size: Value, axis: 0 | 1, dilation: number): SideTiles {
  const name = `tiles:${axis === 0 ? "rows" : "columns"},${dilation}`;
  const { outputs, points } = filtering;
  const side = graph.node("Gather", [size, graph.integer(axis)], { axis: { int: 0 } }, `${name}:side`);
  const long = graph.integer(outputs * dilation);
  const raised = graph.node("Add", [side, graph.integer(outputs * dilation - 1)], {}, `${name}:raised`);
  const groups = graph.node("Div", [raised, long], {}, `${name}:groups`);
  const count = graph.node("Mul", [groups, graph.integer(dilation)], {}, `${name}:count`);
  const range = (until: Value, what: string): Value =>
    graph.node("Range", [graph.integer(0), until, graph.integer(1)], {}, `${name}:${what}`);
  const tiles = range(count, "numbers");
  const group = graph.node("Div", [tiles, graph.integer(dilation)], {}, `${name}:group`);
  const skipped = graph.node("Mul", [group, graph.integer((outputs - 1) * dilation)], {}, `${name}:skipped`);
  const starts = graph.node("Add", [tiles, skipped], {}, `${name}:starts`);
  const pixels = range(side, "pixels");
  // [offsets, tiles, side]: 1 where the pixel lies at that offset of the tile.
  const incidence = (offsets: readonly number[], what: string): Value => {
    const at = graph.node(
      "Add",
      [
        graph.node("Unsqueeze", [starts, graph.integers(1)], {}, `${name}:${what} starts`),
        graph.node("Reshape", [graph.integers(...offsets), graph.integers(-1, 1, 1)], {}, `${name}:${what} offsets`),
      ],
      {},
      `${name}:${what} at`,
    );
    const equal = graph.node("Equal", [at, pixels], {}, `${name}:${what} equal`);
    return graph.node("Cast", [equal], { to: { int: 1 } }, `${name}:${what} incidence`);
  };
  const mixed = (matrix: Value, ones: Value, rows: number, what: string): Value => {
    const flat = graph.node("Reshape", [ones, graph.integers(rows, -1)], {}, `${name}:${what} flat`);
    const product = graph.node("MatMul", [matrix, flat], {}, `${name}:${what} mixed`);
    const shape = graph.node(
      "Concat",
      [graph.integers(-1), slice(graph, size, 0, axis, axis + 1, `${name}:${what} side`)],
      { axis: { int: 0 } },
      `${name}:${what} shape`,
    );
    return graph.node("Reshape", [product, shape], {}, `${name}:${what}`);
  };
  const numbers = (from: number, length: number): number[] => Array.from({ length }, (_, at) => (from + at) * dilation);
  const { input, output } = filtering;
  const pixelsApart = incidence(numbers(-1, points), "in");
  const apart = mixed(graph.floats([points, points], ...input.flat()), pixelsApart, points, "apart");
  const byPoint = output[0].flatMap((_, point) => output.map((row) => row[point] ?? 0));
  const pixelsTogether = incidence(numbers(0, outputs), "out");
  const spread = mixed(graph.floats([points, outputs], ...byPoint), pixelsTogether, outputs, "spread");
  const together = graph.node("Transpose", [spread], { perm: { ints: [1, 0] } }, `${name}:together`);
  return { count, apart, together };
}
