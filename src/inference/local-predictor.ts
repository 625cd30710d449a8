import type { ArtifactOptions } from "../artifact/artifact.js";
import { SegmentationError } from "../core/errors.js";
import type { AnyClassTable, ClassTable } from "../mask/classes.js";
import { createMask } from "../mask/mask-value.js";
import type { Mask } from "../mask/mask.js";
import type { PixelImage } from "../mask/picture.js";
import { createProbabilityMap } from "../mask/probability-map-value.js";
import type { ProbabilityMap } from "../mask/probability-map.js";
import type { JpegDecoder } from "./decode-jpeg.js";
import { InferenceThread } from "./inference-thread.js";
import type { Conversion, OpenAnswer, RunAnswer, Wanted } from "./messages.js";
import { modelSupply } from "./model-source.js";
import type { ModelSupply, PredictorSource } from "./model-source.js";
import type { RuntimeName } from "./onnx-runtime.js";
import { withoutAlpha } from "./rgb-picture.js";
import type { RgbPicture } from "./rgb-picture.js";
import { defaultThreads, startThread } from "./start-thread.js";

/** Options of {@link createLocalPredictor}. */
export interface LocalPredictorOptions<in out Name extends string> extends Pick<
  ArtifactOptions,
  "store" | "weights" | "limits" | "signal"
> {
  /** The classes by which masks are read; as many as the model has. */
  readonly classes: ClassTable<Name>;
  /** Threads that compute one picture, 1 to 64; default: as many as the machine can run at a time. */
  readonly threads?: number;
  /** What computes. Default: `"node"` where onnxruntime-node can be loaded, else `"web"`. */
  readonly runtime?: RuntimeName;
  /** Largest picture in pixels; default 4,000,000. A network needs about 2 kB of memory for each pixel. */
  readonly maxPixels?: number;
  /**
   * What the EXIF orientation of a JPEG does. Default `"ignore"`, as MXNet's own decoder does: masks have the stored size.
   * `"apply"` turns the picture first, as a viewer does, and the mask has the turned size.
   */
  readonly orient?: "ignore" | "apply";
  /** Which decoder reads JPEG; default `"auto"`. */
  readonly jpeg?: JpegDecoder;
  /** Bins of a PSP artifact, as `convertToOnnx` has them; without meaning for ONNX files. */
  readonly bins?: readonly number[];
}

/** Predicts on this machine, as an endpoint's predictor does over there. */
export interface LocalPredictor<in out Name extends string> extends AsyncDisposable {
  /** The classes by which masks are read. */
  readonly classes: ClassTable<Name>;
  /** What computes. */
  readonly runtime: RuntimeName;
  /** What the model says of itself, e.g. `algorithm`, `backbone`, `source_sha256`. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The most probable class of every pixel.
   *
   * Calls are answered one after another, each with all threads. On abort the signal's reason is thrown; a picture that
   * is being computed is finished in vain.
   *
   * @param image - The bytes of a JPEG or PNG file, or its pixels. The mask has the same size.
   * @throws `prediction.body` when the bytes are no readable picture, `codec.limit` above `maxPixels`, `mask.index` when
   * the model has found a class that the table has not, `onnx.failed` when the runtime fails or was disposed of.
   */
  mask(image: Uint8Array | PixelImage, options?: { readonly signal?: AbortSignal }): Promise<Mask<Name>>;
  /**
   * The probability of every class at every pixel, `[classes, height, width]`, 4 bytes each.
   *
   * Of an artifact the first call loads the network once more, with this output; an ONNX file must have it. Throws as
   * {@link LocalPredictor.mask} does, and `onnx.model` when the file has not.
   */
  probabilities(
    image: Uint8Array | PixelImage,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ProbabilityMap<Name>>;
  /** Ends the thread and frees the model's memory; calls that are not answered fail. The same as `await using`. */
  dispose(): Promise<void>;
}

/**
 * Loads a model into a thread of its own, where it predicts without an endpoint; the event loop stays free.
 *
 * Needs one of the optional packages onnxruntime-node (native) and onnxruntime-web (WebAssembly). JPEG files are decoded
 * by sharp where that is installed, with exactly the pixels that MXNet has, else in JavaScript; PNG files always here.
 * Pictures are taken as MXNet takes them: alpha dropped, gray and palettes widened to three channels, the upper byte of
 * 16 bits.
 *
 * @throws `onnx.runtime` when no runtime is installed, with the command that installs one; `onnx.model` for a file that is
 * no model of this kind or has another number of classes, `artifact.*` for an artifact that cannot be read,
 * `input.invalid` for options out of range.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { createLocalPredictor } from "sagemaker-semseg/onnx";
 * import { defineClasses } from "sagemaker-semseg/masks";
 *
 * const classes = defineClasses(["background", "sea turtle"]);
 * await using predictor = await createLocalPredictor("model.tar.gz", { classes });
 * const mask = await predictor.mask(await readFile("beach.jpg"));
 * mask.share("sea turtle"); // e.g. 0.12
 * ```
 */
export async function createLocalPredictor<Name extends string>(
  source: PredictorSource,
  options: LocalPredictorOptions<Name>,
): Promise<LocalPredictor<Name>> {
  const settings = checkedSettings(options);
  options.signal?.throwIfAborted();
  const supply = await modelSupply(source, options);
  const thread = new InferenceThread(startThread);
  try {
    return await openPredictor(thread, supply, settings, options);
  } catch (error) {
    await thread.close();
    throw error;
  }
}

/** The options with their defaults, within their ranges. */
interface Settings<in out Name extends string> {
  readonly classes: ClassTable<Name>;
  readonly threads: number;
  readonly maxPixels: number;
  readonly orient: "ignore" | "apply";
  readonly jpeg: JpegDecoder;
}

async function openPredictor<Name extends string>(
  thread: InferenceThread,
  supply: ModelSupply,
  { classes, threads, ...rules }: Settings<Name>,
  { runtime, bins, weights, limits, signal }: LocalPredictorOptions<Name>,
): Promise<LocalPredictor<Name>> {
  async function open(key: Wanted, outputs: Conversion["outputs"], until?: AbortSignal): Promise<OpenAnswer> {
    const conversion: Conversion = {
      outputs,
      ...(bins === undefined ? {} : { bins }),
      ...(weights === undefined ? {} : { weights }),
      ...(limits === undefined ? {} : { limits }),
    };
    const answer = await thread.ask(() => {
      const model = supply.of(conversion);
      const moved = "bytes" in model && model.bytes.buffer instanceof ArrayBuffer ? [model.bytes.buffer] : [];
      return { request: { kind: "open", key, model, conversion, runtime, threads }, moved };
    }, until);
    return answer as OpenAnswer;
  }

  async function run(key: Wanted, wanted: Wanted, image: Uint8Array | PixelImage, until?: AbortSignal) {
    const picture = image instanceof Uint8Array ? image : pixelsOf(image);
    const answer = await thread.ask(() => {
      // A copy: moving the caller's memory would empty it. (`slice` of a Buffer is none.)
      const own =
        picture instanceof Uint8Array ? new Uint8Array(picture) : { ...picture, data: new Uint8Array(picture.data) };
      const { buffer } = own instanceof Uint8Array ? own : own.data;
      return { request: { kind: "run", key, wanted, picture: own, ...rules }, moved: [buffer] };
    }, until);
    return answer as RunAnswer;
  }

  const model = await open("mask", ["mask"], signal);
  checkClasses(model, classes);
  let whole: Promise<OpenAnswer> | undefined;

  /** Which loaded model gives probabilities; it is loaded by the first call that needs it, for all. */
  async function withProbabilities(): Promise<Wanted> {
    if (model.outputs.includes("probabilities")) return "mask";
    if (!model.converted && !supply.converts) {
      const found = "an ONNX file without probabilities";
      const expected = 'one that was made with outputs: ["mask", "probabilities"], or the artifact itself';
      throw new SegmentationError("onnx.model", `This is ${found}: expected ${expected}.`, { found, expected });
    }
    whole ??= open("probabilities", ["probabilities"]).catch((error: unknown) => {
      whole = undefined;
      throw error;
    });
    await whole;
    return "probabilities";
  }

  return {
    classes,
    runtime: model.runtime,
    metadata: model.metadata,
    async mask(image, { signal: until } = {}) {
      const { width, height, data } = await run("mask", "mask", image, until);
      return createMask(width, height, data as Uint8Array, classes);
    },
    async probabilities(image, { signal: until } = {}) {
      const { width, height, data } = await run(await withProbabilities(), "probabilities", image, until);
      return createProbabilityMap(width, height, data as Float32Array, classes);
    },
    dispose: () => thread.close(),
    [Symbol.asyncDispose]: () => thread.close(),
  };
}

function pixelsOf({ width, height, data }: PixelImage): RgbPicture {
  const whole = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width >= 1 && height >= 1;
  if (whole && (data.length === width * height * 3 || data.length === width * height * 4)) {
    return withoutAlpha(width, height, data);
  }
  throw invalid("image", `${width} x ${height} pixels in ${data.length} bytes`, "three or four bytes for each pixel");
}

function checkedSettings<Name extends string>(options: LocalPredictorOptions<Name>): Settings<Name> {
  const { classes, threads = defaultThreads(), maxPixels = 4_000_000, orient = "ignore", jpeg = "auto" } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw invalid("threads", threads, "an integer from 1 to 64");
  }
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1)
    throw invalid("maxPixels", maxPixels, "an integer of 1 or more");
  return { classes, threads, maxPixels, orient, jpeg };
}

function checkClasses({ classes: found, metadata }: OpenAnswer, { count, names }: AnyClassTable): void {
  if (found === undefined || found === count) return;
  const its = metadata["classes"] === undefined ? "" : `, ${metadata["classes"]}`;
  const what = `a model of ${found} classes${its}`;
  const expected = `one of ${count}: ${names.join(", ")}`;
  throw new SegmentationError("onnx.model", `This is ${what}: expected ${expected}.`, { found: what, expected });
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError<"input.invalid"> {
  return new SegmentationError("input.invalid", `${parameter} is ${String(value)}. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
