import type { AwsContext } from "../aws/context.js";
import { withoutTimeStamp } from "../aws/time-stamped-name.js";
import { SegmentationError } from "../core/errors.js";
import { parseS3Uri } from "../core/s3-uri.js";
import type { ConvertOptions } from "../onnx/convert.js";
import type { OnnxModel } from "../onnx/onnx-model.js";
import type { ClassTable } from "../mask/classes.js";
import type { NewDeployment } from "./deployment.js";
import { deploymentBuilder } from "./deployment-builder.js";

/** A trained model: its artifact in S3 and the classes it tells apart. Nothing of it runs until it is deployed. */
export interface Model<in out Name extends string> {
  /** The classes that the model was trained for, in the order of its outputs. */
  readonly classes: ClassTable<Name>;
  /** Address of `model.tar.gz`. */
  readonly artifact: string;
  /** The training job that made it, when known. */
  readonly trainingJob: string | undefined;
  /** Describes an endpoint that serves this model; an endpoint costs money from `create()` until it is deleted. */
  deploy(): NewDeployment<Name>;
  /**
   * Reads the artifact, makes an ONNX model of it with the names of the classes, and writes that to `path`; from there it
   * runs without SageMaker, e.g. with `createLocalPredictor` of `sagemaker-semseg/onnx`. Nothing is changed in AWS.
   *
   * Memory: about the size of the weights, 0.14 to 0.27 GB.
   *
   * @throws `artifact.*` when the artifact cannot be read, `input.invalid` for options that do not fit it, `aws.*`, Node's
   * own error when the file cannot be written; on abort the signal's reason, and no file appears.
   *
   * @example
   * ```ts
   * import type { Model } from "sagemaker-semseg";
   *
   * async function takeHome(model: Model<"background" | "sea turtle">) {
   *   const onnx = await model.export({ path: "turtles.onnx" });
   *   console.log(onnx.byteLength, onnx.notes);
   * }
   * ```
   */
  export(options: ExportOptions): Promise<OnnxModel>;
}

/** Options of {@link Model.export}; those of `convertToOnnx`, and where the file goes. */
export interface ExportOptions extends Omit<ConvertOptions, "classes" | "store"> {
  /** The file to write, e.g. `turtles.onnx`; missing folders are made, a file that is there is written over. */
  readonly path: string;
}

/** What a model is made of. */
export interface ModelFacts<Name extends string> {
  /** Address of `model.tar.gz`. */
  readonly artifact: string;
  readonly classes: ClassTable<Name>;
  readonly trainingJob?: string;
  /** Image that serves it; default: the algorithm's own in the session's region. */
  readonly image?: string;
}

/** Makes a model from its artifact. Does no I/O. Throws `s3.uri` and `hosting.invalid` for an address that is none. */
export function modelFromArtifact<Name extends string>(context: AwsContext, facts: ModelFacts<Name>): Model<Name> {
  const { artifact, classes, trainingJob } = facts;
  if (!parseS3Uri(artifact).key.endsWith(".tar.gz")) {
    const expected = "the address of a model.tar.gz";
    throw new SegmentationError("hosting.invalid", `"${artifact}" is no model artifact: expected ${expected}.`, {
      parameter: "artifact",
      value: artifact,
      expected,
    });
  }
  const base = trainingJob === undefined ? "semantic-segmentation" : withoutTimeStamp(trainingJob);
  return {
    classes,
    artifact,
    trainingJob,
    deploy: () => deploymentBuilder(context, { artifact, classes, base, image: facts.image }),
    async export({ path, ...options }) {
      const { convertToOnnx } = await import("../onnx/convert.js");
      const onnx = await convertToOnnx(artifact, { ...options, classes: classes.names, store: context.store });
      const { signal, progress } = options;
      await onnx.write(path, {
        ...(signal === undefined ? {} : { signal }),
        ...(progress === undefined ? {} : { progress }),
      });
      return onnx;
    },
  };
}
