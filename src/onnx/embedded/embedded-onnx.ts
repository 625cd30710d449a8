import type { EmbeddedModel } from "../../artifact/open-model.js";
import { SegmentationError } from "../../core/errors.js";
import { modelMessage } from "../messages.js";
import { onnxModel } from "../onnx-model.js";
import type { OnnxModel } from "../onnx-model.js";
import { embeddedGraph } from "./embedded-graph.js";
import type { EmbeddedOutput } from "./embedded-graph.js";

/** Options of a conversion that matter here. */
export interface EmbeddedOptions {
  readonly outputs?: readonly string[];
  readonly classes?: readonly string[];
  readonly precision?: string;
}

/** Makes an ONNX model of one that the embedded backend trained. Throws `input.invalid` for options that it has not. */
export function embeddedOnnx(
  { network, weightsFile, sha256 }: EmbeddedModel,
  { outputs = ["mask"], classes, precision = "float32" }: EmbeddedOptions,
): OnnxModel {
  const wanted = outputs.filter((output): output is EmbeddedOutput => output === "mask" || output === "probabilities");
  if (wanted.length === 0 || wanted.length < outputs.length) throw unfit("outputs", outputs, "mask or probabilities");
  if (precision !== "float32") throw unfit("precision", precision, '"float32"');
  if (classes !== undefined && classes.length !== network.outputs) {
    throw unfit("classes", classes, `${network.outputs} names, as the model has ${network.outputs} classes`);
  }
  const metadata = {
    producer: "sagemaker-semseg",
    algorithm: "embedded",
    backbone: "none",
    num_classes: String(network.outputs),
    ...(classes === undefined ? {} : { classes: JSON.stringify(classes) }),
    source_file: weightsFile,
    source_sha256: sha256,
  };
  const message = modelMessage({
    graph: embeddedGraph(network, wanted),
    producer: "sagemaker-semseg",
    description: `pixel classifier of the embedded backend, ${network.outputs} classes`,
    metadata,
  });
  const note = "This is a model of the embedded backend: a small pixel classifier, not the algorithm's network.";
  return onnxModel(message, { variant: undefined, metadata, notes: [note] });
}

function unfit(parameter: string, value: unknown, expected: string): SegmentationError<"input.invalid"> {
  return new SegmentationError(
    "input.invalid",
    `The option ${parameter} of the conversion should be ${expected} for a model of the embedded backend.`,
    { parameter, value, expected },
  );
}
