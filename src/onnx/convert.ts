import type { ArtifactOptions, ArtifactSource, ModelArtifact } from "../artifact/artifact.js";
import { openModel, type EmbeddedModel } from "../artifact/open-model.js";
import { SegmentationError } from "../core/errors.js";
import { embeddedOnnx } from "./embedded/embedded-onnx.js";
import { modelMessage } from "./messages.js";
import { network, type GraphForm, type OnnxOutput } from "./network.js";
import { onnxModel, type OnnxModel } from "./onnx-model.js";
import type { Precision } from "./stored-weights.js";

/** Options of {@link convertToOnnx}. */
export interface ConvertOptions extends ArtifactOptions {
  /** Names of the classes in the order of their indices, for the file's metadata. As many as the model has. */
  readonly classes?: readonly string[];
  /**
   * What the graph answers, in this order. Default `["mask"]`.
   *
   * `mask` is uint8 `[n, height, width]`, `probabilities` and `logits` are float32 `[n, classes, height, width]`: at 254
   * classes and 800×600 pixels half a gigabyte.
   */
  readonly outputs?: readonly OnnxOutput[];
  /**
   * The sides of PSPNet's four pyramid levels. Default `[1, 2, 3, 6]`, which containers of 2020 and later compute with;
   * models trained before about March 2020 may have been trained with `[1, 2, 3, 4]`. The weights do not tell.
   */
  readonly bins?: readonly number[];
  /**
   * In which form the weights of convolutions lie in the file. All arithmetic is float32. Default `"float32"`.
   *
   * `float16` halves the file and moves few pixels: compare the two with your own images.
   */
  readonly precision?: Precision;
  /**
   * How the graph is drawn. Default `"fast"`: the same numbers up to rounding, for less work. `"plain"` has one node a
   * layer, for reading, for audits and for runtimes that know few operators.
   */
  readonly form?: GraphForm;
  /** Adds outputs `<layer>.observed_mean` and `<layer>.observed_var` for every batch normalization. Default `false`. */
  readonly batchNormStatistics?: boolean;
}

/**
 * Makes an ONNX model of a trained model of this algorithm, without MXNet. Models of the embedded backend are taken as
 * well; their graphs give the backend's own masks.
 *
 * The graph takes `image`, uint8 RGB `[n, height, width, 3]` of any size, and does all the rest itself. It is written for
 * operator set 13 and passes ONNX's checker.
 *
 * @throws `artifact.*` where the model cannot be read or its arrays make up none of the algorithm's networks;
 * `input.invalid` for options that do not fit it.
 */
export async function convertToOnnx(
  source: ArtifactSource | ModelArtifact,
  options: ConvertOptions = {},
): Promise<OnnxModel> {
  const model = isArtifact(source) ? source : await openModel(source, options);
  options.signal?.throwIfAborted();
  return onnxOf(model, options);
}

/** The same for a model that is in memory already. */
export function onnxOf(artifact: ModelArtifact | EmbeddedModel, options: ConvertOptions = {}): OnnxModel {
  if ("network" in artifact) return embeddedOnnx(artifact, options);
  const { variant } = artifact;
  const outputs = options.outputs ?? ["mask"];
  const bins = options.bins ?? defaultBins;
  const precision = options.precision ?? "float32";
  const statistics = options.batchNormStatistics ?? false;
  const form = options.form ?? "fast";
  checkChoice("precision", precision, ["float32", "float16"]);
  checkChoice("form", form, ["fast", "plain"]);
  checkOptions(variant.classes, outputs, bins, options.classes);
  const graph = network(artifact, {
    outputs,
    form: statistics ? "plain" : form,
    bins,
    precision,
    batchNormStatistics: statistics,
  });
  const metadata = {
    producer: "sagemaker-semseg",
    algorithm: variant.algorithm,
    backbone: variant.backbone,
    num_classes: String(variant.classes),
    ...(options.classes === undefined ? {} : { classes: JSON.stringify(options.classes) }),
    ...(variant.algorithm === "psp" ? { bins: JSON.stringify(bins) } : {}),
    precision,
    source_file: artifact.weightsFile,
    source_sha256: artifact.sha256,
  };
  const message = modelMessage({
    graph,
    producer: "sagemaker-semseg",
    description: `${variant.algorithm} on ${variant.backbone}, ${variant.classes} classes`,
    metadata,
  });
  return onnxModel(message, { variant, metadata, notes: notesOf(artifact, options, precision) });
}

const defaultBins = [1, 2, 3, 6];

function isArtifact(source: ArtifactSource | ModelArtifact): source is ModelArtifact {
  return typeof source === "object" && "weights" in source && "variant" in source;
}

function notesOf(artifact: ModelArtifact, options: ConvertOptions, precision: Precision): readonly string[] {
  const notes = [...artifact.warnings];
  if (artifact.variant.algorithm === "psp" && options.bins === undefined) {
    notes.push(
      "PSPNet's pyramid was taken as 1, 2, 3, 6, as containers of 2020 and later compute. A model trained before about " +
        "March 2020 may need bins [1, 2, 3, 4]: compare with its endpoint, or audit the batch normalization.",
    );
  }
  if (artifact.variant.type === "float16" && precision === "float32") {
    notes.push("The model was trained in half precision; its weights are stored in single precision here.");
  }
  return notes;
}

function checkOptions(
  classes: number,
  outputs: readonly string[],
  bins: readonly number[],
  names: readonly string[] | undefined,
): void {
  const known: readonly string[] = ["mask", "probabilities", "logits"];
  const unknown = outputs.find((output) => !known.includes(output));
  if (unknown !== undefined || outputs.length === 0) {
    throw invalid("outputs", outputs, `one or more of ${known.join(", ")}`);
  }
  if (bins.length !== 4 || !bins.every((bin) => Number.isInteger(bin) && bin >= 1 && bin <= 64)) {
    throw invalid("bins", bins, "four whole numbers from 1 to 64, e.g. [1, 2, 3, 6]");
  }
  if (names !== undefined && names.length !== classes) {
    throw invalid("classes", names, `${classes} names, as the model has ${classes} classes`);
  }
}

/** JavaScript users may pass anything. */
function checkChoice(parameter: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw invalid(parameter, value, `one of ${known.join(", ")}`);
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError<"input.invalid"> {
  const message = `The option ${parameter} of the conversion should be ${expected}.`;
  return new SegmentationError("input.invalid", message, { parameter, value, expected });
}
