import { aspp } from "./deeplab-branches.js";
import type { Value } from "./graph.js";
import type { Layers } from "./layers.js";
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
