import { GraphBuilder } from "../../src/onnx/graph.js";
import type { ElementType, Value } from "../../src/onnx/graph.js";
import { modelMessage } from "../../src/onnx/messages.js";
import { onnxModel } from "../../src/onnx/onnx-model.js";

/** What a {@link brightnessModel} is like. */
export interface BrightnessOptions {
  readonly outputs?: readonly ("mask" | "probabilities")[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly maskType?: Extract<ElementType, "uint8" | "int32">;
}

/**
 * A model whose answer is known beforehand: red, green and blue of a pixel are the scores of classes 0, 1 and 2.
 *
 * `mask` is the channel that is brightest (the first of equals), `probabilities` the softmax of the bytes.
 */
export function brightnessModel(options: BrightnessOptions = {}): Uint8Array {
  const { outputs = ["mask"], metadata = { num_classes: "3" }, input = "image", maskType = "uint8" } = options;
  const graph = new GraphBuilder();
  const image = graph.input({ name: input, type: "uint8", shape: ["n", "height", "width", 3] });
  const float = graph.node("Cast", [image], { to: { int: 1 } }, "float");
  const planes = graph.node("Transpose", [float], { perm: { ints: [0, 3, 1, 2] } }, "planes");
  for (const output of outputs) {
    if (output === "mask") {
      const best = graph.node("ArgMax", [planes], { axis: { int: 1 }, keepdims: { int: 0 } }, "best");
      const mask: Value = graph.node("Cast", [best], { to: { int: maskType === "uint8" ? 2 : 6 } }, "narrow");
      graph.output(mask, { name: "mask", type: maskType, shape: ["n", "height", "width"] });
    } else {
      const share = graph.node("Softmax", [planes], { axis: { int: 1 } }, "share");
      graph.output(share, { name: "probabilities", type: "float32", shape: ["n", 3, "height", "width"] });
    }
  }
  const message = modelMessage({
    graph: graph.build("brightness"),
    producer: "test",
    description: "the brightest channel",
    metadata,
  });
  const variant = { algorithm: "fcn", backbone: "resnet-50", classes: 3, aux: false, type: "float32" } as const;
  return onnxModel(message, { variant, metadata, notes: [] }).toBytes();
}
