import { globalBranch, localBranches } from "./deeplab-branches.js";
import { projectionWithGlobal } from "./deeplab-projection.js";
import type { Value } from "./graph.js";
import type { Layers } from "./layers.js";
import { splitPspFeatures } from "./psp-split.js";
import type { TiledConvolution } from "./tiled-convolution.js";

/** The head of FCN with a tiled convolution. */
export function fastFcnHead(layers: Layers, tiled: TiledConvolution, features: Value): Value {
  return classifier(layers, tiled, features);
}

/** The head of PSPNet, its pyramid convolved while it is small. */
export function fastPspHead(layers: Layers, tiled: TiledConvolution, features: Value, bins: readonly number[]): Value {
  return layers.conv(splitPspFeatures(layers, tiled, features, bins), "head.block.4");
}

/** The head of DeepLabV3, its global branch added as a constant. */
export function fastDeeplabHead(layers: Layers, tiled: TiledConvolution, features: Value): Value {
  const branches = localBranches(layers, features);
  const joined = layers.graph.node("Concat", branches, { axis: { int: 1 } }, "head.aspp");
  return classifier(layers, tiled, projectionWithGlobal(layers, joined, globalBranch(layers, features)));
}

function classifier(layers: Layers, tiled: TiledConvolution, features: Value): Value {
  const names = { conv: "head.block.0", norm: "head.block.1" };
  const unit = tiled.unit(features, layers.kernel("head.block.0.weight"), names);
  return layers.conv(unit, "head.block.4");
}
