import type { GraphBuilder, Value } from "./graph.js";

/** Mean and deviation of red, green and blue (0 to 1) that the networks were trained with. */
const means = [0.485, 0.456, 0.406];
const deviations = [0.229, 0.224, 0.225];

/**
 * From uint8 RGB, [n, height, width, 3], to what the network takes.
 *
 * This cannot be folded into the first convolution: the zeros of its padding lie around the normalized picture.
 */
export function normalized(graph: GraphBuilder, picture: Value): Value {
  const numbers = graph.node("Cast", [picture], { to: { int: 1 } }, "picture:numbers");
  const planes = graph.node("Transpose", [numbers], { perm: { ints: [0, 3, 1, 2] } }, "picture:planes");
  const parts = graph.node("Div", [planes, graph.floats([], 255)], {}, "picture:parts");
  const centred = graph.node("Sub", [parts, graph.floats([1, 3, 1, 1], ...means)], {}, "picture:centred");
  const ready = graph.node("Div", [centred, graph.floats([1, 3, 1, 1], ...deviations)], {}, "picture:normalized");
  return graph.declare(ready, ["n", 3, "height", "width"]);
}
