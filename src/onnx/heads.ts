import { adaptivePool } from "./adaptive-pool.js";
import type { Value } from "./graph.js";
import type { Layers } from "./layers.js";
import { aspp, globalBranch, localBranches } from "./deeplab-branches.js";
import { plane, planeSize, resize } from "./sizes.js";

/** 3×3 unit and classifier, with which every head ends: logits at an eighth of the picture. */
function classifier(layers: Layers, features: Value): Value {
  return layers.conv(layers.unit(features, "head.block.0", "head.block.1"), "head.block.4");
}

/** The head of FCN. */
export function fcnHead(layers: Layers, features: Value): Value {
  return classifier(layers, features);
}

/** The head of PSPNet: means over a pyramid of windows beside the features. */
export function pspHead(layers: Layers, features: Value, bins: readonly number[]): Value {
  const size = planeSize(layers.graph, features);
  const pooled = bins.map((count, index) => {
    const name = `head.psp.conv${index + 1}`;
    if (count === 1) {
      const mean = layers.graph.node("GlobalAveragePool", [features], {}, `${name}:pool`);
      return plane(layers.graph, layers.unit(mean, `${name}.0`, `${name}.1`), size, `${name}:plane`);
    }
    const means = adaptivePool(layers.graph, features, size, count, `${name}:pool`);
    return resize(layers.graph, layers.unit(means, `${name}.0`, `${name}.1`), size, `${name}:resized`);
  });
  const joined = layers.graph.node("Concat", [features, ...pooled], { axis: { int: 1 } }, "head.psp");
  return classifier(layers, joined);
}

/** The head of DeepLabV3: a 1×1 branch, three dilated ones and the mean of the whole plane, joined by a projection. */
export function deeplabHead(layers: Layers, features: Value): Value {
  const size = planeSize(layers.graph, features);
  const global = plane(layers.graph, globalBranch(layers, features), size, `${aspp}.4:plane`);
  const branches = [...localBranches(layers, features), global];
  const joined = layers.graph.node("Concat", branches, { axis: { int: 1 } }, "head.aspp");
  return classifier(layers, layers.unit(joined, "head.aspp.project.0", "head.aspp.project.1"));
}
