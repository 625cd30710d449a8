import { windowMeans } from "./adaptive-pool.js";
import type { GraphBuilder, Value } from "./graph.js";
import type { Kernel, Layers } from "./layers.js";
import type { TiledConvolution } from "./tiled-convolution.js";
import { end, planeSize, slice } from "./sizes.js";

/**
 * The head of PSPNet up to its classifier, with its widest convolution taken apart.
 *
 * Half of that convolution's channels are pyramid levels of at most 6×6 pixels, blown up to the feature map. Resizing and
 * convolving are linear, so those channels are convolved while they are small: each of the nine taps gives a map of the
 * level's size, and resizing matrices, moved by the tap, spread their sum over the feature map. The numbers are the same
 * up to rounding, for half the multiplications.
 */
export function splitPspFeatures(
  layers: Layers,
  tiled: TiledConvolution,
  features: Value,
  bins: readonly number[],
): Value {
  const { graph } = layers;
  const size = planeSize(graph, features);
  const wide = "head.block.0.weight";
  const [outputs, , rowCount, columnCount] = layers.weights.kernel(wide);
  const channels = layers.weights.kernel("head.psp.conv1.0.weight")[1];
  const names = { conv: "head.block.0", norm: "head.block.1" };
  const value = layers.weights.part(graph, wide, 0, channels, "plain");
  const kernel = { value, outputs, inputs: channels, rows: rowCount, columns: columnCount };
  const direct = tiled.normalized(features, kernel, names);
  const factor = graph.node(
    "Reshape",
    [layers.normFactor("head.block.1"), graph.integers(-1, 1, 1)],
    {},
    "head.block.1:factor column",
  );

  let from = channels;
  const spread = pooled(graph, features, size, bins).map((means, index) => {
    const name = `head.psp.conv${index + 1}`;
    const level = layers.unit(means, `${name}.0`, `${name}.1`);
    const width = layers.weights.kernel(`${name}.0.weight`)[0];
    const byTap = layers.weights.part(graph, wide, from, width, "by tap");
    from += width;
    const planes = taps(layers, level, byTap, { outputs, inputs: width, bins: bins[index]! }, name);
    return graph.node("Mul", [planes, factor], {}, `${name}:scaled`);
  });
  const columns = bins.map((count) => spreading(graph, size, 1, count));
  const across = spread.map((tap, index) =>
    graph.node("MatMul", [tap, columns[index]!], {}, `head.psp.conv${index + 1}:across`),
  );
  const stacked = graph.node("Concat", across, { axis: { int: 2 } }, "head.psp:stacked");
  const rows = graph.node(
    "Concat",
    bins.map((count) => spreading(graph, size, 0, count)),
    { axis: { int: 0 } },
    "head.psp:rows",
  );
  const turned = graph.node("Transpose", [rows], { perm: { ints: [1, 0] } }, "head.psp:rows turned");
  const levels = graph.node("MatMul", [turned, stacked], {}, "head.psp:levels");
  const sum = graph.node("Add", [direct, levels], {}, "head.psp:sum");
  return layers.relu(sum, "head.block.1");
}

/** The means of all pyramid levels; rows of the plane are summed up once for all of them. */
function pooled(graph: GraphBuilder, features: Value, size: Value, bins: readonly number[]): readonly Value[] {
  const columns = graph.node(
    "Concat",
    bins.map((count, index) => windowMeans(graph, size, 1, count, `head.psp.conv${index + 1}:columns`)),
    { axis: { int: 0 } },
    "head.psp:columns",
  );
  const turned = graph.node("Transpose", [columns], { perm: { ints: [1, 0] } }, "head.psp:columns turned");
  const across = graph.node("MatMul", [features, turned], {}, "head.psp:across");
  let from = 0;
  return bins.map((count, index) => {
    const name = `head.psp.conv${index + 1}`;
    const own = slice(graph, across, 3, from, from + count, `${name}:own`);
    from += count;
    return graph.node("MatMul", [windowMeans(graph, size, 0, count, `${name}:rows`), own], {}, `${name}:pool`);
  });
}

interface Level {
  readonly outputs: number;
  readonly inputs: number;
  readonly bins: number;
}

/** What each tap of a 3×3 kernel makes of a level: `[n, outputs, 3 · bins, 3 · bins]`, tap first, then pixel. */
function taps(layers: Layers, level: Value, kernel: Value, { outputs, inputs, bins }: Level, name: string): Value {
  const { graph } = layers;
  const single: Kernel = { value: kernel, outputs: 9 * outputs, inputs, rows: 1, columns: 1 };
  const made = layers.convolve(level, single, `${name}:by tap`, { pads: [0, 0] });
  const apart = graph.node("Reshape", [made, graph.integers(-1, outputs, 3, 3, bins, bins)], {}, `${name}:taps apart`);
  const paired = graph.node("Transpose", [apart], { perm: { ints: [0, 1, 2, 4, 3, 5] } }, `${name}:taps paired`);
  return graph.node("Reshape", [paired, graph.integers(-1, outputs, 3 * bins, 3 * bins)], {}, `${name}:plane`);
}

/**
 * How much of each pixel of a level, per tap, reaches each pixel along a side: `[3 · bins, side]`.
 *
 * A tap moves the resized level by one pixel; what moves in from outside is zero.
 */
function spreading(graph: GraphBuilder, size: Value, axis: 0 | 1, bins: number): Value {
  const name = `spread:${axis === 0 ? "rows" : "columns"},${bins}`;
  const identity = Array.from({ length: bins * bins }, (_, at) => (Math.floor(at / bins) === at % bins ? 1 : 0));
  const levels = graph.floats([1, 1, bins, bins], ...identity);
  const side = slice(graph, size, 0, axis, axis + 1, `${name}:side`);
  const sizes = graph.node("Concat", [graph.integers(1, 1, bins), side], { axis: { int: 0 } }, `${name}:sizes`);
  const resized = graph.node(
    "Resize",
    [levels, undefined, undefined, sizes],
    { mode: { text: "linear" }, coordinate_transformation_mode: { text: "align_corners" } },
    `${name}:resized`,
  );
  const matrix = graph.node("Squeeze", [resized, graph.integers(0, 1)], {}, `${name}:matrix`);
  const padded = graph.node("Pad", [matrix, graph.integers(0, 1, 0, 1)], {}, `${name}:padded`);
  const moved = [
    slice(graph, padded, 1, 0, -2, `${name}:before`),
    slice(graph, padded, 1, 1, -1, `${name}:here`),
    slice(graph, padded, 1, 2, end, `${name}:after`),
  ];
  return graph.node("Concat", moved, { axis: { int: 0 } }, name);
}
