import type { AwsContext } from "../aws/context.js";
import { checkName, nameRules } from "../aws/names.js";
import { progressReporter } from "../core/progress.js";
import type { WorkOptions } from "../core/progress.js";
import { joinS3Uri } from "../core/s3-uri.js";
import { labelsFromManifest } from "../manifest/labels.js";
import type { Labels } from "../manifest/labels.js";
import type { ClassTable } from "../mask/classes.js";
import { givenMaskLines } from "./given-masks.js";
import type { GivenMask, GivenMaskOptions } from "./given-masks.js";
import { groundTruthLabels } from "./label-categories.js";

/** Options of `session.importLabels(...)`. */
export interface ImportLabelsOptions extends WorkOptions, GivenMaskOptions {}

/** More images than any dataset of this kind has; the manifest grows by a line for each. */
const mostImages = 10_000_000;

/**
 * Writes masks from elsewhere as a labeling job would: mask files and an output manifest, below
 * `<workspace>/labels/<name>/`, and gives them as labels.
 */
export async function importLabels<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
  masks: Iterable<GivenMask> | AsyncIterable<GivenMask>,
  { signal, progress, ...options }: ImportLabelsOptions = {},
): Promise<Labels<Name>> {
  signal?.throwIfAborted();
  checkName(nameRules.labelingJob, name);
  groundTruthLabels(classes);
  const folder = joinS3Uri(context.workspace("importLabels"), "labels", `${name}/`);
  const uri = joinS3Uri(folder, "imported.manifest");
  const attribute = `${name}-ref`;
  const target = {
    ...options,
    folder: joinS3Uri(folder, "masks/"),
    attribute,
    jobName: name,
    classes,
    limit: mostImages,
    now: new Date(),
  };
  const reporter = progressReporter(progress, "importing labels", "images");
  let count = 0;
  try {
    const lines = givenMaskLines(context.store, masks, target, () => reporter.report(++count), signal);
    const abort = signal === undefined ? {} : { signal };
    await context.store.write(uri, lines, { contentType: "application/jsonlines", ...abort });
  } finally {
    reporter.end();
  }
  return labelsFromManifest({ store: context.store, uri, classes, attribute });
}
