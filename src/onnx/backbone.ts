import type { ModelVariant } from "../artifact/artifact.js";
import type { Value } from "./graph.js";
import type { TiledConvolution } from "./tiled-convolution.js";
import { convolved, type Layers, type Stride } from "./layers.js";

/** Number of blocks in each of the four stages. */
const blocks = { "resnet-50": [3, 4, 6, 3], "resnet-101": [3, 4, 23, 3] } as const;

/**
 * How the stages walk: the last two do not halve the picture but spread their kernels, so that features stay at an
 * eighth. The first block of such a stage still has the dilation of the stage before it. Their 3×3 kernels are wide enough
 * to gain from tiles.
 */
const stages = [
  { stride: 1, first: 1, others: 1, kernels: "plain" },
  { stride: 2, first: 1, others: 1, kernels: "plain" },
  { stride: 1, first: 1, others: 2, kernels: "tiled" },
  { stride: 1, first: 2, others: 4, kernels: "tiled" },
] as const;

/**
 * ResNet "v1s", dilated: a stem of three 3×3 convolutions, then bottleneck blocks. Gives features at an eighth.
 *
 * @param tiled - Computes the 3×3 kernels of the last two stages; without it they are convolutions.
 */
export function backbone(
  layers: Layers,
  picture: Value,
  depth: ModelVariant["backbone"],
  tiled?: TiledConvolution,
): Value {
  let features = layers.unit(picture, "conv1.0", "conv1.1", { stride: 2 });
  features = layers.unit(features, "conv1.3", "conv1.4");
  features = layers.unit(features, "conv1.6", "bn1");
  const halved = convolved(features.shape, layers.weights.kernel("conv1.6.weight")[0], 2);
  const pooled = layers.graph.node(
    "MaxPool",
    [features],
    { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } },
    "maxpool",
  );
  features = layers.graph.declare(pooled, halved);
  for (const [number, { stride, first, others, kernels }] of stages.entries()) {
    for (let block = 0; block < blocks[depth][number]!; block++) {
      const walk = block === 0 ? { stride, dilation: first } : { dilation: others };
      const own = kernels === "tiled" ? tiled : undefined;
      features = bottleneck(layers, features, `layer${number + 1}.${block}`, walk, own);
    }
  }
  return features;
}

/** 1×1, 3×3 (which has the stride), 1×1, plus the input, or its projection where the weights have one. */
function bottleneck(layers: Layers, input: Value, name: string, walk: Stride, tiled?: TiledConvolution): Value {
  let inner = layers.unit(input, `${name}.conv1`, `${name}.bn1`);
  inner =
    tiled === undefined
      ? layers.unit(inner, `${name}.conv2`, `${name}.bn2`, walk)
      : tiled.unit(
          inner,
          layers.kernel(`${name}.conv2.weight`),
          { conv: `${name}.conv2`, norm: `${name}.bn2` },
          walk.dilation,
        );
  inner = layers.batchNorm(layers.conv(inner, `${name}.conv3`), `${name}.bn3`);
  const projected = layers.weights.has(`${name}.downsample.0.weight`);
  const shortcut = projected
    ? layers.batchNorm(
        layers.conv(input, `${name}.downsample.0`, walk.stride === undefined ? {} : { stride: walk.stride }),
        `${name}.downsample.1`,
      )
    : input;
  const sum = layers.graph.declare(layers.graph.node("Add", [inner, shortcut], {}, `${name}:sum`), inner.shape);
  return layers.relu(sum, name);
}
