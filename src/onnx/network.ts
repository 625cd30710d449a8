import type { ModelArtifact, ModelVariant } from "../artifact/artifact.js";
import { backbone } from "./backbone.js";
import { GraphBuilder, type Graph, type Value } from "./graph.js";
import { fastDeeplabHead, fastFcnHead, fastPspHead } from "./fast-heads.js";
import { deeplabHead, fcnHead, pspHead } from "./heads.js";
import { Layers } from "./layers.js";
import { normalized } from "./picture.js";
import { resize } from "./sizes.js";
import { TiledConvolution } from "./tiled-convolution.js";
import { StoredWeights, type Precision } from "./stored-weights.js";

/**
 * How a network is drawn. `plain` has one node a layer, as the framework had it. `fast` computes the same numbers, up to
 * rounding, with less work.
 */
export type GraphForm = "fast" | "plain";

/** What a graph can answer. */
export type OnnxOutput = "mask" | "probabilities" | "logits";

/** What a graph is built for. */
export interface NetworkOptions {
  readonly outputs: readonly OnnxOutput[];
  readonly form: GraphForm;
  readonly bins: readonly number[];
  readonly precision: Precision;
  /** Adds, per batch normalization, the mean and variance of what reaches it, `[channels]` each. */
  readonly batchNormStatistics: boolean;
}

/** The whole graph of a model: picture in, mask (or more) out, any size, any number of pictures at once. */
export function network(artifact: ModelArtifact, options: NetworkOptions): Graph {
  const { algorithm, backbone: depth, classes } = artifact.variant;
  const graph = new GraphBuilder();
  const statistics: { name: string; mean: Value; variance: Value; channels: number }[] = [];
  const weights = new StoredWeights(artifact, options.precision);
  const layers = new Layers(graph, weights, (input, name) => {
    if (!options.batchNormStatistics) return;
    const channels = weights.array(`${name}.gamma`).shape[0] ?? 0;
    statistics.push({ name, channels, ...meanAndVariance(graph, input, name) });
  });
  const picture = graph.input({ name: "image", type: "uint8", shape: ["n", "height", "width", 3] });
  const shape = graph.node("Shape", [picture], {}, "image:shape");
  const size = graph.node("Slice", [shape, graph.integers(1), graph.integers(3)], {}, "image:size");
  const input = normalized(graph, picture);
  const coarse =
    options.form === "fast"
      ? fastNetwork(layers, input, artifact.variant, options.bins)
      : plainNetwork(layers, input, artifact.variant, options.bins);
  addOutputs(graph, resize(graph, coarse, size, "fine"), options.outputs, classes);
  for (const { name, channels, mean, variance } of statistics) {
    graph.output(mean, { name: `${name}.observed_mean`, type: "float32", shape: [channels] });
    graph.output(variance, { name: `${name}.observed_var`, type: "float32", shape: [channels] });
  }
  return graph.build(`${algorithm}-${depth}`);
}

type Variant = Pick<ModelVariant, "algorithm" | "backbone">;

/** Logits at an eighth of the picture. */
function plainNetwork(layers: Layers, input: Value, variant: Variant, bins: readonly number[]): Value {
  const features = backbone(layers, input, variant.backbone);
  if (variant.algorithm === "fcn") return fcnHead(layers, features);
  return variant.algorithm === "psp" ? pspHead(layers, features, bins) : deeplabHead(layers, features);
}

function fastNetwork(layers: Layers, input: Value, variant: Variant, bins: readonly number[]): Value {
  const tiled = new TiledConvolution(layers);
  const features = backbone(layers, input, variant.backbone, tiled);
  if (variant.algorithm === "fcn") return fastFcnHead(layers, tiled, features);
  return variant.algorithm === "psp"
    ? fastPspHead(layers, tiled, features, bins)
    : fastDeeplabHead(layers, tiled, features);
}

function addOutputs(graph: GraphBuilder, logits: Value, outputs: readonly OnnxOutput[], classes: number): void {
  for (const output of new Set(outputs)) {
    if (output === "mask") {
      const best = graph.node("ArgMax", [logits], { axis: { int: 1 }, keepdims: { int: 0 } }, "best");
      const mask = graph.node("Cast", [best], { to: { int: 2 } }, "best:byte");
      graph.output(mask, { name: "mask", type: "uint8", shape: ["n", "height", "width"] });
    } else {
      const value = output === "logits" ? logits : graph.node("Softmax", [logits], { axis: { int: 1 } }, "softmax");
      graph.output(value, { name: output, type: "float32", shape: ["n", classes, "height", "width"] });
    }
  }
}

function meanAndVariance(graph: GraphBuilder, input: Value, name: string): { mean: Value; variance: Value } {
  const axes = { axes: { ints: [0, 2, 3] } };
  const wide = graph.node("ReduceMean", [input], axes, `${name}:observed mean`);
  const away = graph.node("Sub", [input, wide], {}, `${name}:away`);
  const squares = graph.node("Mul", [away, away], {}, `${name}:squares`);
  const flat = { axes: { ints: [0, 2, 3] }, keepdims: { int: 0 } };
  return {
    mean: graph.node("ReduceMean", [input], flat, `${name}:mean`),
    variance: graph.node("ReduceMean", [squares], flat, `${name}:variance`),
  };
}
