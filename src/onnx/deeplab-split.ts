import { aspp } from "./deeplab-branches.js";
import type { Value } from "./graph.js";
import type { Kernel, Layers } from "./layers.js";
import { end, plane, planeSize, slice } from "./sizes.js";

/**
 * The projection of all branches, the global one left out of the join: it is the same everywhere, so what the projection
 * makes of it is computed once and added.
 */
export function projectionWithGlobal(layers: Layers, joined: Value, global: Value): Value {
  const { graph } = layers;
  const [project, norm] = ["head.aspp.project.0", "head.aspp.project.1"];
  const whole = layers.kernel(`${project}.weight`);
  const inputs = whole.inputs - layers.weights.kernel(`${aspp}.4.gap.1.weight`)[0];
  const local = { ...whole, inputs, value: slice(graph, whole.value, 1, 0, inputs, `${project}.weight:local`) };
  const rest = slice(graph, whole.value, 1, inputs, end, `${project}.weight:global`);
  const factor = graph.node("Reshape", [layers.normFactor(norm), graph.integers(-1, 1, 1, 1)], {}, `${norm}:column`);
  const scaled = graph.node("Mul", [rest, factor], {}, `${project}.weight:global scaled`);
  const constant = layers.convolve(
    global,
    { ...whole, inputs: whole.inputs - inputs, value: scaled },
    `${project}:global`,
    {
      pads: [0, 0],
    },
  );
  const varying = layers.batchNorm(layers.convolve(joined, local, project, { pads: [0, 0] }), norm);
  // Spread out first: OpenCV adds values of one shape only to what a convolution gives.
  const spread = plane(graph, constant, planeSize(graph, joined), `${project}:plane`);
  return layers.relu(graph.node("Add", [varying, spread], {}, `${project}:sum`), norm);
}

/**
 * A unit with a 3×3 kernel of large dilation, one column of taps at a time, each over those pixels only that it reaches.
 *
 * The outer taps of these kernels lie outside the feature map for most pixels. Runtimes skip rows of taps that lie
 * outside, but walk pixel by pixel where columns do.
 */
export function cutUnit(layers: Layers, features: Value, name: string, rate: number): Value {
  const { graph } = layers;
  const kernel = layers.kernel(`${name}.0.weight`);
  const width = slice(graph, planeSize(graph, features), 0, 1, 2, `${name}:width`);
  const distance = graph.integers(rate);
  const least = graph.integers(1);
  // How many columns have a neighbour at this distance. Where none has, one is computed and cut away again.
  const reach = graph.node(
    "Max",
    [graph.node("Sub", [width, distance], {}, `${name}:inner`), least],
    {},
    `${name}:reach`,
  );
  const column = (from: number): Kernel => ({
    ...kernel,
    columns: 1,
    value: slice(graph, kernel.value, 3, from, from + 1, `${name}.0.weight:${from}`),
  });
  const walk = { dilation: rate, pads: [rate, 0] } as const;
  const middle = layers.convolve(features, column(1), `${name}.0`, walk);

  const firstColumns = graph.node(
    "Slice",
    [features, graph.integers(0), reach, graph.integers(3)],
    {},
    `${name}:first`,
  );
  const fromLeft = layers.convolve(firstColumns, column(0), `${name}.0:left`, walk);
  const leftPads = graph.integers(0, 0, 0, rate, 0, 0, 0, 0);
  const movedRight = graph.node("Pad", [fromLeft, leftPads], {}, `${name}:moved right`);
  const left = graph.node("Slice", [movedRight, graph.integers(0), width, graph.integers(3)], {}, `${name}:left`);

  const start = graph.node("Sub", [width, reach], {}, `${name}:start`);
  const lastColumns = graph.node(
    "Slice",
    [features, start, graph.integers(end), graph.integers(3)],
    {},
    `${name}:last`,
  );
  const fromRight = layers.convolve(lastColumns, column(2), `${name}.0:right`, walk);
  const rightPads = graph.integers(0, 0, 0, 0, 0, 0, 0, rate);
  const movedLeft = graph.node("Pad", [fromRight, rightPads], {}, `${name}:moved left`);
  const from = graph.node(
    "Sub",
    [graph.node("Add", [reach, distance], {}, `${name}:padded`), width],
    {},
    `${name}:from`,
  );
  const right = graph.node("Slice", [movedLeft, from, graph.integers(end), graph.integers(3)], {}, `${name}:right`);

  const outer = graph.node("Add", [left, right], {}, `${name}:outer`);
  const sum = graph.node("Add", [middle, outer], {}, `${name}:sum`);
  return layers.relu(layers.batchNorm(graph.declare(sum, middle.shape), `${name}.1`), `${name}.1`);
}
