import { SegmentationError } from "../core/errors.js";
import { argmaxPlanes } from "../mask/argmax.js";
import { checkPixels, decodePicture } from "./decode-picture.js";
import type {
  OpenAnswer,
  OpenRequest,
  RunAnswer,
  RunRequest,
  StatisticsAnswer,
  StatisticsRequest,
  Wanted,
} from "./messages.js";
import { bytesOfFile, onnxFileOf } from "./model-file.js";
import { loadRuntime } from "./onnx-runtime.js";
import type { Runtime, Session, Tensor } from "./onnx-runtime.js";
import type { RgbPicture } from "./rgb-picture.js";

/** As `convertToOnnx` names them. */
const meanSuffix = ".observed_mean";
const varianceSuffix = ".observed_var";

/** A model in memory that answers one picture at a time. */
export class LoadedModel {
  private constructor(
    readonly about: OpenAnswer,
    private readonly runtime: Runtime,
    private readonly session: Session,
  ) {}

  /** Throws `onnx.runtime` without a runtime, `onnx.model` and `artifact.*` for a file that cannot be used. */
  static async open({ model, conversion, runtime: name, threads }: OpenRequest): Promise<LoadedModel> {
    const runtime = await loadRuntime(name);
    const { file, metadata, converted } = await onnxFileOf(model, conversion);
    const session = await load(runtime, file, threads);
    const outputs = answersOf(session);
    return new LoadedModel(
      { runtime: runtime.name, outputs, classes: classesOf(session, metadata), metadata, converted },
      runtime,
      session,
    );
  }

  /** Throws `prediction.body` and `codec.limit` for the picture, `onnx.failed` when the runtime fails. */
  async run(request: RunRequest): Promise<RunAnswer> {
    const picture = await pixelsOf(request);
    const { width, height } = picture;
    // A model that has probabilities only gives the mask as well.
    const name = this.session.outputNames.includes(request.wanted) ? request.wanted : "probabilities";
    const output = await this.infer(picture, name);
    try {
      const count = name === "mask" ? 1 : (output.dims[1] ?? 0);
      checkOutput(output, name, count, picture);
      // A copy: the tensor's own memory belongs to the runtime.
      if (name === "mask") return { width, height, data: Uint8Array.from(output.data as Uint8Array) };
      const planes = output.data as Float32Array;
      if (request.wanted === "probabilities") return { width, height, data: Float32Array.from(planes) };
      return { width, height, data: argmaxPlanes(planes, count, width * height, new Uint8Array(width * height)) };
    } finally {
      output.dispose?.();
    }
  }

  /** What reaches the batch normalizations, of a model that was converted with `batchNormStatistics`. */
  async statistics(request: StatisticsRequest): Promise<StatisticsAnswer> {
    const means = this.session.outputNames.filter((name) => name.endsWith(meanSuffix));
    const names = means.map((name) => name.slice(0, -meanSuffix.length));
    const outputs = await this.inferAll(
      await pixelsOf(request),
      names.flatMap((name) => [name + meanSuffix, name + varianceSuffix]),
    );
    const values = (name: string): Float32Array => Float32Array.from(outputs[name]!.data as Float32Array);
    const layers = new Map(
      names.map((name) => [name, { mean: values(name + meanSuffix), variance: values(name + varianceSuffix) }]),
    );
    for (const tensor of Object.values(outputs)) tensor.dispose?.();
    return { layers };
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  private async infer(picture: RgbPicture, name: Wanted): Promise<Tensor> {
    return (await this.inferAll(picture, [name]))[name]!;
  }

  /** The runtime gives every output that was asked for, or fails. */
  private async inferAll(
    { width, height, data }: RgbPicture,
    names: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>> {
    const image = this.runtime.bytes(data, [1, height, width, 3]);
    try {
      return await this.session.run({ image }, names);
    } catch (cause) {
      throw failed(`the runtime stopped at a picture of ${width} x ${height} pixels: ${textOf(cause)}`, cause);
    } finally {
      image.dispose?.();
    }
  }
}

/** The error of a predictor that cannot go on. */
export function failed(reason: string, cause?: unknown): SegmentationError<"onnx.failed"> {
  return new SegmentationError(
    "onnx.failed",
    `The local predictor cannot predict: ${reason}.`,
    { reason },
    cause === undefined ? undefined : { cause },
  );
}

async function pixelsOf({
  picture,
  maxPixels,
  orient,
  jpeg,
}: Omit<RunRequest, "kind" | "wanted">): Promise<RgbPicture> {
  if (picture instanceof Uint8Array) return decodePicture(picture, { maxPixels, orient, jpeg });
  checkPixels(picture.width, picture.height, maxPixels);
  return picture;
}

async function load(runtime: Runtime, file: string | Uint8Array, threads: number): Promise<Session> {
  try {
    return await runtime.load(runtime.name === "web" ? await bytesOfFile(file) : file, threads);
  } catch (cause) {
    throw unfit(`a model that the runtime refuses (${textOf(cause)})`, cause);
  }
}

/** Input and outputs as `convertToOnnx` names them. */
function answersOf({ inputNames, outputNames }: Session): readonly Wanted[] {
  if (inputNames.length !== 1 || inputNames[0] !== "image") {
    throw unfit(`a model with the inputs ${inputNames.join(", ")}`);
  }
  if (outputNames.includes("probabilities")) return ["mask", "probabilities"];
  if (outputNames.includes("mask")) return ["mask"];
  throw unfit(`a model with the outputs ${outputNames.join(", ")}`);
}

function classesOf({ outputMetadata }: Session, metadata: Readonly<Record<string, string>>): number | undefined {
  const planes = outputMetadata?.find(({ name }) => name === "probabilities")?.shape?.[1];
  if (typeof planes === "number") return planes;
  const told = Number(metadata["num_classes"]);
  return Number.isInteger(told) && told > 0 ? told : undefined;
}

function checkOutput({ type, dims }: Tensor, name: Wanted, count: number, { width, height }: RgbPicture): void {
  const expected = name === "mask" ? [1, height, width] : [1, count, height, width];
  const wanted = name === "mask" ? "uint8" : "float32";
  if (type === wanted && dims.length === expected.length && dims.every((side, at) => side === expected[at])) return;
  throw unfit(`a model whose ${name} is ${type} [${dims.join(", ")}] for a picture of ${width} x ${height} pixels`);
}

function unfit(found: string, cause?: unknown): SegmentationError<"onnx.model"> {
  const expected =
    'a model as convertToOnnx writes it: input "image" uint8 [n, height, width, 3], outputs "mask" uint8 [n, height, width] or "probabilities" float32 [n, classes, height, width]';
  return new SegmentationError(
    "onnx.model",
    `This is ${found}: expected ${expected}.`,
    { found, expected },
    cause === undefined ? undefined : { cause },
  );
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
