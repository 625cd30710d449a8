import type { EmbeddedWeights } from "../../artifact/embedded-weights.js";
import { GraphBuilder } from "../graph.js";
import type { Graph } from "../graph.js";
import { classify } from "./classifier.js";
import { features } from "./features.js";
import { Formula } from "./formula.js";
import { enlarge, smooth } from "./full-size.js";
import { pictureSize, workingPicture } from "./working-picture.js";

/** What the graph of an embedded model can answer. */
export type EmbeddedOutput = "mask" | "probabilities";

/**
 * The embedded backend's model as a graph: picture in, mask (or probabilities) out, any size.
 *
 * Every step is taken as the backend takes it, with the same precision in between, so that masks are the same.
 */
export function embeddedGraph(model: EmbeddedWeights, outputs: readonly EmbeddedOutput[]): Graph {
  const graph = new GraphBuilder();
  const f = new Formula(graph);
  const image = graph.input({ name: "image", type: "uint8", shape: ["n", "height", "width", 3] });
  const size = pictureSize(f, image);
  const picture = workingPicture(f, image, size, model.longSide);
  const small = smooth(f, classify(f, features(f, picture), model), picture);
  const probabilities = enlarge(f, small, picture, size, model.outputs);
  for (const output of new Set(outputs)) {
    if (output === "probabilities") {
      const shape = ["n", model.outputs, "height", "width"];
      graph.output(probabilities, { name: output, type: "float32", shape });
    } else {
      const best = graph.node("ArgMax", [probabilities], { axis: { int: 1 }, keepdims: { int: 0 } }, "best");
      const mask = graph.node("Cast", [best], { to: { int: 2 } }, "best:byte");
      graph.output(mask, { name: output, type: "uint8", shape: ["n", "height", "width"] });
    }
  }
  return graph.build("embedded");
}
