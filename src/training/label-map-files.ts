import type { ObjectStore } from "../core/object-store.js";
import { SegmentationError } from "../core/errors.js";
import { joinS3Uri } from "../core/s3-uri.js";
import { classOfPixel, parseLabelMap } from "../mask/label-map.js";
import type { EstimatorPlan } from "./estimator-plan.js";
import type { TrainingFinding } from "./finding.js";

type ClassOf = (pixel: number) => number | undefined;

/** What the channel `label_map` says, by set; no function: pixels are classes. */
export interface LabelMapFiles {
  readonly findings: readonly TrainingFinding[];
  readonly maps: { readonly train: ClassOf | undefined; readonly validation: ClassOf | undefined };
}

/** Larger ones are none: 254 classes need a few kilobytes. */
const mostBytes = 1024 * 1024;

/** Reads both files of the channel. The container takes a missing one for `{"scale": 1}`. */
export async function checkLabelMaps(
  store: ObjectStore,
  { channels }: EstimatorPlan,
  signal: AbortSignal | undefined,
): Promise<LabelMapFiles> {
  const folder = channels.find(({ name, kind }) => name === "label_map" && kind === "prefix")?.uri;
  const findings: TrainingFinding[] = [];
  const maps: { train: ClassOf | undefined; validation: ClassOf | undefined } = {
    train: undefined,
    validation: undefined,
  };
  if (folder === undefined) return { findings, maps };
  for (const set of ["train", "validation"] as const) {
    const uri = joinS3Uri(folder, `${set}_label_map.json`);
    try {
      const bytes = await store.read(uri, { bytes: mostBytes, ...(signal === undefined ? {} : { signal }) });
      maps[set] = classOfPixel(parseLabelMap(bytes));
    } catch (error) {
      const missing = SegmentationError.is(error, "aws.not-found");
      if (!missing && !SegmentationError.is(error, "label-map.invalid")) throw error;
      findings.push({
        code: missing ? "label-map.missing" : "label-map.invalid",
        severity: missing ? "warning" : "error",
        parameter: "label_map",
        message: missing
          ? `There is no ${uri}: pixel values of ${set} masks count as classes.`
          : `${uri}: ${error.message}`,
        remedy: missing
          ? "Name the files exactly train_label_map.json and validation_label_map.json."
          : "Correct the file.",
      });
    }
  }
  return { findings, maps };
}
