import { openModel as readModel } from "../artifact/open-model.js";
import { onnxOf } from "../onnx/convert.js";
import { SegmentationError } from "../core/errors.js";
import { createLocalPredictor } from "../inference/local-predictor.js";
import type { LocalPredictor } from "../inference/local-predictor.js";
import { isArtifactFile } from "../inference/model-file.js";
import type { PredictorSource } from "../inference/model-source.js";
import { readOnnxMetadata } from "../inference/read-onnx.js";
import { defineClasses } from "../mask/classes.js";
import { choiceOf, listOf, numberOf } from "./arguments.js";
import { classNames } from "./class-names.js";
import type { CommandIo, GivenArguments, OptionTable } from "./command.js";
import { storeFor } from "./object-store.js";
import { wrong } from "./usage-error.js";

/** Options of every command that predicts. */
export const modelOptions = {
  classes: { type: "string" },
  threads: { type: "string" },
  runtime: { type: "string" },
  "max-pixels": { type: "string" },
  orient: { type: "string" },
  weights: { type: "string" },
  bins: { type: "string" },
} as const satisfies OptionTable;

/** Their lines in `--help`. */
export const modelOptionsHelp = `  --classes C      names of the classes, with commas between them, or a JSON file with a list of names
                   (default: those that the model has, else class-0, class-1, ...)
  --threads N      threads that compute one image (default: all)
  --runtime R      node (native, onnxruntime-node) or web (WebAssembly, onnxruntime-web)
  --max-pixels N   largest image in pixels (default 4000000)
  --orient O       ignore (default) or apply the EXIF orientation of JPEG files
  --weights W      of an artifact: best (default), last, or the name of a file in it
  --bins B         of a PSP artifact: 1,2,3,6 (default) or 1,2,3,4`;

/**
 * Loads a model: an ONNX file, or an artifact at a path or `s3://` address.
 *
 * @param preferred - Names of the classes where the user gives none.
 */
export async function openModel(
  source: string,
  given: GivenArguments,
  { signal }: CommandIo,
  preferred?: readonly string[],
): Promise<LocalPredictor<string>> {
  const weights = given.text("weights");
  const bins = readBins(given);
  const runtime = choiceOf(given, "runtime", ["node", "web"]);
  const orient = choiceOf(given, "orient", ["ignore", "apply"]);
  const threads = numberOf(given, "threads", { least: 1, most: 64, whole: true });
  const maxPixels = numberOf(given, "max-pixels", { least: 1, most: 1_000_000_000, whole: true });
  const { model, names } = await lookInto(source, weights, signal);
  const own = (await classNames(given)) ?? preferred ?? names;
  if (own === undefined) {
    throw wrong("--classes", undefined, `${source} does not say how many classes it has: --classes is needed`);
  }
  return createLocalPredictor(model, {
    classes: defineClasses(own),
    signal,
    ...(bins === undefined ? {} : { bins }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(orient === undefined ? {} : { orient }),
    ...(threads === undefined ? {} : { threads }),
    ...(maxPixels === undefined ? {} : { maxPixels }),
  });
}

/** The sides of `--bins`. */
export function readBins(given: GivenArguments): readonly number[] | undefined {
  const list = listOf(given, "bins");
  if (list === undefined || list.every((bin) => /^\d{1,2}$/.test(bin))) return list?.map(Number);
  throw wrong("--bins", given.text("bins"), "a list like 1,2,3,6");
}

interface Looked {
  readonly model: PredictorSource;
  /** What the classes are called, where the model tells at least their number. */
  readonly names: readonly string[] | undefined;
}

async function lookInto(source: string, weights: string | undefined, signal: AbortSignal): Promise<Looked> {
  if (source.startsWith("s3://") || (await isArtifactFile({ path: source }))) {
    const chosen = weights === undefined ? {} : { weights };
    const model = await readModel(source, { ...(await storeFor(source)), ...chosen, signal });
    if ("network" in model) return { model: onnxOf(model), names: numbered(model.network.outputs) };
    return { model, names: numbered(model.variant.classes) };
  }
  const metadata = await readOnnxMetadata(source);
  const count = Number(metadata.get("num_classes"));
  return { model: source, names: namesIn(metadata.get("classes")) ?? (count > 0 ? numbered(count) : undefined) };
}

function namesIn(json: string | undefined): readonly string[] | undefined {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json) as readonly string[];
  } catch (cause) {
    const found = "a model whose class names cannot be read";
    throw new SegmentationError("onnx.model", `This is ${found}.`, { found, expected: "a JSON list" }, { cause });
  }
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `class-${index}`);
}
