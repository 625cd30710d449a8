import type { ModelVariant, ParameterArray } from "./artifact.js";

/** Which network weights belong to, or why they belong to none of the algorithm's. */
export type VariantFinding =
  | { readonly variant: ModelVariant; readonly warnings: readonly string[] }
  | { readonly variant: undefined; readonly found: string; readonly expected: string };

type Weights = ReadonlyMap<string, ParameterArray>;

const structuralNames = "names such as layer1.0.conv1.weight, as Gluon's save_parameters writes them";
const algorithmNets = "an FCN, PSPNet or DeepLabV3 on ResNet-50 or ResNet-101, as the built-in algorithm trains them";

/** Blocks of the third layer by backbone (GluonCV `resnetv1b.py`). */
const depths: ReadonlyMap<number, ModelVariant["backbone"]> = new Map([
  [6, "resnet-50"],
  [23, "resnet-101"],
]);

/** Tells the network from the names and shapes of its weights; nothing else is asked. */
export function detectVariant(weights: Weights): VariantFinding {
  const foreign = foreignNames(weights) ?? foreignBackbone(weights);
  if (foreign !== undefined) return { variant: undefined, ...foreign };
  const blocks = blockCount(weights, "layer3");
  const backbone = depths.get(blocks);
  if (backbone === undefined) {
    const known = blocks === 36 ? "ResNet-152, " : "";
    return { variant: undefined, found: `${known}a backbone with ${blocks} blocks in layer3`, expected: algorithmNets };
  }
  const classes = weights.get("head.block.4.bias")?.shape[0] ?? weights.get("head.block.4.weight")?.shape[0];
  if (classes === undefined || classes < 1 || classes > 256) {
    const found = classes === undefined ? "no classifier (head.block.4)" : `a classifier of ${classes} classes`;
    return { variant: undefined, found, expected: `${algorithmNets}, with 2 to 254 classes` };
  }
  const names = [...weights.keys()];
  const half = [...weights.values()].some(({ type, shape }) => type === "float16" && shape.length === 4);
  return {
    variant: {
      algorithm: weights.has("head.psp.conv1.0.weight")
        ? "psp"
        : weights.has("head.aspp.project.0.weight")
          ? "deeplab"
          : "fcn",
      backbone,
      classes,
      aux: names.some((name) => name.startsWith("auxlayer.")),
      type: half ? "float16" : "float32",
    },
    warnings:
      classes < 2 || classes > 254 ? [`the algorithm trains 2 to 254 classes, these weights have ${classes}`] : [],
  };
}

/** Files of other programs, or of this one with names of another style. */
function foreignNames(weights: Weights): Foreign | undefined {
  const names = [...weights.keys()];
  if (names.length === 0) return { found: "no arrays at all", expected: algorithmNets };
  const exported = names.find((name) => /^(?:arg|aux):/.test(name));
  if (exported !== undefined) {
    // The head is not told apart here: names of built-in object detection look the same.
    const found = `names such as ${JSON.stringify(exported)}, as HybridBlock.export and symbolic models have them`;
    return { found, expected: structuralNames };
  }
  if (!names.some((name) => name.includes("."))) {
    const found = `names such as ${JSON.stringify(names[0])}, as collect_params().save writes them`;
    return { found, expected: structuralNames };
  }
  return undefined;
}

/** Other backbones of GluonCV, by what tells them apart. */
function foreignBackbone(weights: Weights): Foreign | undefined {
  const expected = `${algorithmNets} (the backbone that GluonCV calls v1s)`;
  const found = (text: string): Foreign => ({ found: text, expected });
  if (weights.has("conv1.weight")) return found("a ResNet with a single first convolution (v1b of GluonCV)");
  const names = [...weights.keys()];
  if (names.some((name) => name.endsWith("downsample.1.weight"))) {
    return found("a ResNet that averages before its shortcuts (v1d or v1e of GluonCV)");
  }
  if (!weights.has("conv1.0.weight") || blockCount(weights, "layer1") === 0) return found("no ResNet with a deep stem");
  if (!names.some((name) => /^layer\d\.\d+\.conv3\.weight$/.test(name)))
    return found("a ResNet of basic blocks (18 or 34)");
  const stem = weights.get("conv1.0.weight")?.shape[0];
  const planes = weights.get("layer1.0.conv1.weight")?.shape[0];
  if (stem !== undefined && planes !== undefined && stem * 2 === planes) {
    return found("a ResNet with a stem of half the width (v1c of GluonCV)");
  }
  return names.some((name) => name.startsWith("head."))
    ? undefined
    : found("a backbone without head, a classifier of images");
}

interface Foreign {
  readonly found: string;
  readonly expected: string;
}

/** Number of blocks of a layer: one more than the highest index. */
function blockCount(weights: Weights, layer: string): number {
  let count = 0;
  for (const name of weights.keys()) {
    const [first, index = ""] = name.split(".", 2);
    if (first === layer && /^\d{1,4}$/.test(index)) count = Math.max(count, Number(index) + 1);
  }
  return count;
}
