import { fileURLToPath } from "node:url";
import type { ArtifactOptions, ArtifactSource, ModelArtifact } from "../artifact/artifact.js";
import { openModel } from "../artifact/open-model.js";
import { SegmentationError } from "../core/errors.js";
import { onnxOf } from "../onnx/convert.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { Conversion, ModelFile } from "./messages.js";

/**
 * What a local predictor is made of: an ONNX file (its path or bytes), the model that `convertToOnnx` made, or a trained
 * model's artifact as {@link ArtifactSource} has it, which is converted on the way.
 */
export type PredictorSource = ArtifactSource | ModelArtifact | OnnxModel;

/** Where the model's file comes from. */
export interface ModelSupply {
  /** The file to load, once for each session that is made of it. Bytes are made anew each time and may be moved. */
  of(conversion: Conversion): ModelFile;
  /** Whether the outputs of `conversion` are heeded by whatever the source is. */
  readonly converts: boolean;
}

/** Looks at a source; what is not a file or bytes is read into memory. Throws `artifact.*`. */
export async function modelSupply(source: PredictorSource, options: ArtifactOptions): Promise<ModelSupply> {
  if (typeof source === "string" && !source.startsWith("s3://")) return asItIs(() => ({ path: source }));
  if (source instanceof URL && source.protocol === "file:") return asItIs(() => ({ path: fileURLToPath(source) }));
  if (source instanceof Uint8Array) return asItIs(() => ({ bytes: new Uint8Array(source) }));
  if (isOnnxModel(source)) return asItIs(() => ({ bytes: source.toBytes() }));
  const artifact = isArtifact(source) ? source : await openModel(checked(source), options);
  return { converts: true, of: (conversion) => ({ bytes: onnxOf(artifact, conversion).toBytes() }) };
}

/** The thread finds out what it is. */
function asItIs(of: ModelSupply["of"]): ModelSupply {
  return { of, converts: false };
}

function isOnnxModel(source: object | string): source is OnnxModel {
  return typeof source === "object" && "toBytes" in source;
}

function isArtifact(source: object | string): source is ModelArtifact {
  return typeof source === "object" && "weightsFile" in source;
}

/** For JavaScript users. */
function checked(source: ArtifactSource): ArtifactSource {
  const given: unknown = source;
  if (typeof given === "string" || given instanceof URL) return source;
  if (typeof given === "object" && given !== null && Symbol.asyncIterator in given) return source;
  const expected = "a path, an s3:// address, bytes, a stream, an OnnxModel or a ModelArtifact";
  throw new SegmentationError("input.invalid", `The model is ${typeof given}. Expected ${expected}.`, {
    parameter: "source",
    value: typeof given,
    expected,
  });
}
