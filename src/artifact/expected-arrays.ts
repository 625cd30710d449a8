import type { ModelVariant, ParameterArray } from "./artifact.js";

/** An array that a network has, with the shape that its neighbours leave it; `undefined` where they are missing. */
export interface ExpectedArray {
  readonly name: string;
  readonly shape: readonly (number | undefined)[];
}

type Width = number | undefined;

/** Blocks of the four layers by backbone. */
const blocks = { "resnet-50": [3, 4, 6, 3], "resnet-101": [3, 4, 23, 3] } as const;

/** Channels of a picture. */
const pictureChannels = 3;

/**
 * The arrays of a network in the order in which the container writes them. Numbers of channels follow from the weights
 * themselves: each layer takes what the one before it puts out, so narrow networks are described by the same rules.
 *
 * Names and layers: GluonCV 0.3.0 to 0.10.0, `resnetv1b.py`, `fcn.py`, `pspnet.py`, `deeplabv3.py`.
 */
export function expectedArrays(
  variant: Pick<ModelVariant, "algorithm" | "backbone" | "classes" | "aux">,
  weights: ReadonlyMap<string, ParameterArray>,
): readonly ExpectedArray[] {
  const plan = new LayerPlan(weights);
  const stem = plan.conv("conv1.0", "conv1.1", pictureChannels, 3);
  const second = plan.conv("conv1.3", "conv1.4", stem, 3);
  let width = plan.conv("conv1.6", "bn1", second, 3);
  let third: Width;
  for (const [index, count] of blocks[variant.backbone].entries()) {
    for (let block = 0; block < count; block++)
      width = bottleneck(plan, `layer${index + 1}.${block}`, width, block === 0);
    if (index === 2) third = width;
  }
  const joined =
    variant.algorithm === "psp" ? pyramid(plan, width) : variant.algorithm === "deeplab" ? atrous(plan, width) : width;
  classifier(plan, "head", joined, variant.classes);
  if (variant.aux) classifier(plan, "auxlayer", third, variant.classes);
  return plan.arrays;
}

function bottleneck(plan: LayerPlan, name: string, input: Width, first: boolean): Width {
  const planes = plan.conv(`${name}.conv1`, `${name}.bn1`, input, 1);
  const middle = plan.conv(`${name}.conv2`, `${name}.bn2`, planes, 3);
  // The shortcut is added: both have the same width.
  const output = plan.conv(`${name}.conv3`, `${name}.bn3`, middle, 1, first ? undefined : input);
  if (first) plan.conv(`${name}.downsample.0`, `${name}.downsample.1`, input, 1, output);
  return output;
}

/** PSPNet: four pooled branches beside the feature map. */
function pyramid(plan: LayerPlan, input: Width): Width {
  const branches = [1, 2, 3, 4].map((k) => plan.conv(`head.psp.conv${k}.0`, `head.psp.conv${k}.1`, input, 1));
  return sum([input, ...branches]);
}

/** DeepLabV3: a 1x1, three dilated and a global branch, joined by a 1x1. "concurent" is how the name is spelt. */
function atrous(plan: LayerPlan, input: Width): Width {
  const branches = [0, 1, 2, 3].map((k) => {
    const name = `head.aspp.concurent.${k}`;
    return plan.conv(`${name}.0`, `${name}.1`, input, k === 0 ? 1 : 3);
  });
  const pooled = plan.conv("head.aspp.concurent.4.gap.1", "head.aspp.concurent.4.gap.2", input, 1);
  return plan.conv("head.aspp.project.0", "head.aspp.project.1", sum([...branches, pooled]), 1);
}

function classifier(plan: LayerPlan, name: string, input: Width, classes: number): void {
  const width = plan.conv(`${name}.block.0`, `${name}.block.1`, input, 3);
  plan.add(`${name}.block.4.weight`, [classes, width, 1, 1]);
  plan.add(`${name}.block.4.bias`, [classes]);
}

function sum(widths: readonly Width[]): Width {
  return widths.reduce((total, width) => (total === undefined || width === undefined ? undefined : total + width), 0);
}

/** Collects arrays, reading widths off the weights. */
class LayerPlan {
  readonly arrays: ExpectedArray[] = [];

  constructor(private readonly weights: ReadonlyMap<string, ParameterArray>) {}

  add(name: string, shape: readonly Width[]): void {
    this.arrays.push({ name, shape });
  }

  /** A convolution without bias and the batch normalisation behind it; returns its width. */
  conv(name: string, norm: string, input: Width, kernel: number, given?: Width): Width {
    const width = given ?? this.widthOf(name, norm);
    this.add(`${name}.weight`, [width, input, kernel, kernel]);
    for (const leaf of ["gamma", "beta", "running_mean", "running_var"]) this.add(`${norm}.${leaf}`, [width]);
    return width;
  }

  private widthOf(name: string, norm: string): Width {
    const weight = this.weights.get(`${name}.weight`);
    return weight?.shape.length === 4 ? weight.shape[0] : this.weights.get(`${norm}.gamma`)?.shape[0];
  }
}
