import type { ArtifactOptions, ArtifactSource, ModelArtifact } from "../artifact/artifact.js";
import { openArtifact } from "../artifact/open-artifact.js";
import { SegmentationError } from "../core/errors.js";
import { progressReporter } from "../core/progress.js";
import type { ProgressOption } from "../core/progress.js";
import { onnxOf } from "../onnx/convert.js";
import { auditReport } from "./batch-norm-report.js";
import type { AuditedBins, BatchNormAudit } from "./batch-norm-report.js";
import { ObservedStatistics } from "./batch-norm-statistics.js";
import type { ComparedImage } from "./compare.js";
import type { JpegDecoder } from "./decode-jpeg.js";
import { InferenceThread } from "./inference-thread.js";
import type { StatisticsAnswer } from "./messages.js";
import type { RuntimeName } from "./onnx-runtime.js";
import { defaultThreads, startThread } from "./start-thread.js";

/** Options of {@link auditBatchNorm}. */
export interface BatchNormAuditOptions extends Pick<ArtifactOptions, "store" | "weights" | "limits" | "signal"> {
  /** Levels of PSPNet's pyramid; default: both `[1, 2, 3, 6]` and `[1, 2, 3, 4]`, and the report says which fits better. */
  readonly bins?: readonly number[];
  /** Threads that compute; default: all. */
  readonly threads?: number;
  /** What computes; default the native runtime where it is installed. */
  readonly runtime?: RuntimeName;
  /** Largest picture in pixels; default 4,000,000. */
  readonly maxPixels?: number;
  /** What the EXIF orientation of a JPEG does; default `"ignore"`. */
  readonly orient?: "ignore" | "apply";
  /** Which decoder reads JPEG; default `"auto"`. */
  readonly jpeg?: JpegDecoder;
  /** Default `false`. */
  readonly progress?: ProgressOption;
}

/**
 * Asks a model's own batch normalizations whether pictures reach it as they did in training, without an endpoint.
 *
 * Each of them remembers mean and variance of what it saw in training. A few pictures of the same kind should give about
 * the same; where they do not, the pictures are others, they are fed in another way (order of colours, scale), or the
 * graph differs from the one that was trained, as with the wrong pyramid of a PSPNet. Checked with networks of random
 * weights, not with models of SageMaker: look at the numbers, there is no verdict.
 *
 * @param source - An artifact of the algorithm, as `convertToOnnx` takes it.
 * @param images - Pictures like those of the training, a dozen or more.
 * @throws `evaluation.empty` without pictures, `artifact.*`, `onnx.runtime`, `prediction.body`, `codec.limit`,
 * `onnx.failed`; on abort the signal's reason.
 *
 * @example
 * ```ts
 * import { auditBatchNorm } from "sagemaker-semseg/onnx";
 *
 * async function check(images: { name: string; image: Uint8Array }[]) {
 *   const audit = await auditBatchNorm("model.tar.gz", images);
 *   console.log(audit.toText());
 * }
 * ```
 */
export async function auditBatchNorm(
  source: ArtifactSource | ModelArtifact,
  images: Iterable<ComparedImage> | AsyncIterable<ComparedImage>,
  options: BatchNormAuditOptions = {},
): Promise<BatchNormAudit> {
  const artifact = typeof source === "object" && "weightsFile" in source ? source : await openArtifact(source, options);
  const psp = artifact.variant.algorithm === "psp";
  const tried = options.bins === undefined ? (psp ? bothBins : [undefined]) : [options.bins];
  const pictures: ComparedImage[] = [];
  for await (const image of images) pictures.push(image);
  if (pictures.length === 0) {
    throw new SegmentationError("evaluation.empty", "Nothing was audited: there were no pictures.", { samples: 0 });
  }
  const reporter = progressReporter(options.progress, "audit", "images");
  let done = 0;
  const total = pictures.length * tried.length;
  const audited: AuditedBins[] = [];
  try {
    for (const bins of tried) {
      const statistics = await observe(artifact, bins, pictures, options, (name) => {
        reporter.report(++done, total, name);
      });
      audited.push({ bins: psp ? (bins ?? bothBins[0]) : undefined, layers: statistics.compare(artifact.weights) });
    }
  } finally {
    reporter.end();
  }
  return auditReport(audited, pictures.length);
}

/** GluonCV from 0.4.0 on, and before. */
const bothBins = [
  [1, 2, 3, 6],
  [1, 2, 3, 4],
] as const;

async function observe(
  artifact: ModelArtifact,
  bins: readonly number[] | undefined,
  pictures: readonly ComparedImage[],
  {
    runtime,
    threads = defaultThreads(),
    maxPixels = 4_000_000,
    orient = "ignore",
    jpeg = "auto",
    signal,
  }: BatchNormAuditOptions,
  onImage: (name: string) => void,
): Promise<ObservedStatistics> {
  const thread = new InferenceThread(startThread);
  const statistics = new ObservedStatistics();
  try {
    await thread.ask(() => {
      const conversion = { batchNormStatistics: true, ...(bins === undefined ? {} : { bins }) };
      const bytes = onnxOf(artifact, conversion).toBytes();
      const model = { bytes };
      return {
        request: { kind: "open", key: "mask", model, conversion: { outputs: ["mask"] }, runtime, threads },
        moved: [bytes.buffer],
      };
    }, signal);
    for (const { name, image } of pictures) {
      const file = typeof image === "function" ? await image(signal) : image;
      const answer = await thread.ask(() => {
        const picture = new Uint8Array(file);
        return {
          request: { kind: "statistics", key: "mask", picture, maxPixels, orient, jpeg },
          moved: [picture.buffer],
        };
      }, signal);
      statistics.add((answer as StatisticsAnswer).layers);
      onImage(name);
    }
    return statistics;
  } finally {
    await thread.close();
  }
}
