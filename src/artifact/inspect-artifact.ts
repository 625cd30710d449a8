import { createHash } from "node:crypto";

import { elementCount } from "./array-values.js";
import { arrayStatistics } from "./array-statistics.js";
import type { ArtifactOptions, ArtifactSource, ParameterArray } from "./artifact.js";
import type { ArrayReport, ArtifactReport } from "./artifact-report.js";
import { reportText } from "./artifact-report.js";
import { checkWeights } from "./check-weights.js";
import { contradictions } from "./hyperparameters.js";
import { limitsOf } from "./limits.js";
import { describeArchive } from "./open-artifact.js";
import { readArchive } from "./read-archive.js";
import type { ArchiveContents } from "./read-archive.js";
import { readParams } from "./read-params.js";
import { detectVariant } from "./variant.js";

/**
 * Looks at a trained model without using it: its files, settings, network, arrays with statistics, and everything that
 * is wrong with them. Models of other algorithms and misshapen networks are described, not refused.
 *
 * The whole archive is read, so that damage anywhere in it shows. Memory: about the size of one weights file.
 *
 * @param source - A path, an S3 address (with the option `store`), bytes, or a stream of bytes.
 * @throws `artifact.source`, `artifact.damaged`, `artifact.limit` for what cannot be read; `artifact.unsupported` for
 *   files that hold no arrays or sparse ones; the signal's reason on abort.
 */
export async function inspectArtifact(source: ArtifactSource, options: ArtifactOptions = {}): Promise<ArtifactReport> {
  const contents = await readArchive(source, { all: true, options });
  const looked = lookAtWeights(contents, options);
  const report: Omit<ArtifactReport, "toText"> = {
    files: contents.files,
    ...(contents.hyperparameters === undefined ? {} : { hyperparameters: contents.hyperparameters }),
    ...looked,
    warnings: [...contents.warnings, ...looked.warnings],
    sound: looked.variant !== undefined && looked.problems.length === 0,
  };
  return Object.freeze({ ...report, toText: (given: { readonly arrays?: boolean } = {}) => reportText(report, given) });
}

/** What the weights tell. */
type Looked = Omit<ArtifactReport, "files" | "hyperparameters" | "sound" | "toText">;

function lookAtWeights(contents: ArchiveContents, options: ArtifactOptions): Looked {
  if (contents.weights === undefined) {
    const explanation = describeArchive(contents, options);
    return { explanation, arrays: [], parameters: 0, problems: [], warnings: [] };
  }
  const { name, bytes } = contents.weights;
  const weights = readParams(bytes, name, limitsOf(options.limits));
  const arrays = Array.from(weights.values(), arrayReport);
  const common = {
    weightsFile: name,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    arrays,
    parameters: arrays.reduce((sum, { elements }) => sum + elements, 0),
  };
  const finding = detectVariant(weights);
  if (finding.variant === undefined) {
    const explanation = `${finding.found}; expected ${finding.expected}`;
    return { ...common, explanation, problems: [], warnings: [] };
  }
  const { variant } = finding;
  const settings = contents.hyperparameters;
  const warnings = [...finding.warnings, ...(settings === undefined ? [] : contradictions(settings, variant))];
  return { ...common, variant, problems: checkWeights(weights, variant), warnings };
}

function arrayReport(array: ParameterArray): ArrayReport {
  const { name, shape, type, offset } = array;
  return { name, shape, type, offset, elements: elementCount(array), statistics: arrayStatistics(array) };
}
