import { createHash } from "node:crypto";

import { SegmentationError } from "../core/errors.js";
import type { ArtifactOptions, ArtifactSource, ModelArtifact } from "./artifact.js";
import { checkWeights } from "./check-weights.js";
import { contradictions } from "./hyperparameters.js";
import { limitsOf } from "./limits.js";
import { readArchive, wantedFiles } from "./read-archive.js";
import type { ArchiveContents } from "./read-archive.js";
import { readParams } from "./read-params.js";
import { detectVariant } from "./variant.js";

/** Problems and file names that an error lists at most. */
const listed = 10;

/**
 * Reads a trained model: `model.tar.gz`, an unpacked tar or a bare weights file.
 *
 * Only memory is used, about the size of one weights file: nothing of the archive is written, its links and paths are
 * passed over. Reading ends when the weights and `hyperparams.json` are there. All arrays are checked: those of the
 * network, no others, with shapes that fit each other and finite numbers. {@link inspectArtifact} lists what is wrong
 * with a model that this refuses.
 *
 * @param source - A path, an S3 address (with the option `store`), bytes, or a stream of bytes.
 * @throws `artifact.source` when there is nothing to read, `artifact.damaged`, `artifact.limit`, `artifact.unsupported`
 *   for models of other algorithms, `artifact.network` for arrays that do not fit, the signal's reason on abort.
 */
export async function openArtifact(source: ArtifactSource, options: ArtifactOptions = {}): Promise<ModelArtifact> {
  return artifactOf(await readArchive(source, { all: false, options }), options);
}

/** Makes a model of what was taken out of an archive. Throws as {@link openArtifact} does. */
export function artifactOf(contents: ArchiveContents, options: ArtifactOptions): ModelArtifact {
  if (contents.weights === undefined) throw withoutWeights(contents, options);
  const { name: weightsFile, bytes } = contents.weights;
  const weights = readParams(bytes, weightsFile, limitsOf(options.limits));
  const finding = detectVariant(weights);
  if (finding.variant === undefined) throw unsupported(weightsFile, finding.found, finding.expected);
  const { variant } = finding;
  const problems = checkWeights(weights, variant);
  if (problems.length > 0) {
    const lines = problems.slice(0, listed).map(({ array, message }) => `${JSON.stringify(array)} ${message}`);
    const more = problems.length > listed ? `; and ${problems.length - listed} more` : "";
    throw new SegmentationError(
      "artifact.network",
      `The arrays of ${weightsFile} are not those of ${variant.algorithm} on ${variant.backbone}: ${lines.join("; ")}${more}.`,
      { file: weightsFile, problems: problems.slice(0, listed), total: problems.length },
    );
  }
  let sha256: string | undefined;
  return Object.freeze({
    files: contents.files,
    weightsFile,
    weights,
    hyperparameters: contents.hyperparameters,
    variant,
    warnings: [
      ...contents.warnings,
      ...finding.warnings,
      ...(contents.hyperparameters === undefined ? [] : contradictions(contents.hyperparameters, variant)),
    ],
    get sha256() {
      sha256 ??= createHash("sha256").update(bytes).digest("hex");
      return sha256;
    },
  });
}

/** What an archive without the weights that were asked for is. */
export function describeArchive({ files }: ArchiveContents, { weights }: ArtifactOptions): string {
  const names = files.slice(0, listed).map(({ name }) => JSON.stringify(name));
  if (files.some(({ name }) => name.endsWith("-symbol.json"))) {
    return `a model with a graph of its own (${names.join(", ")}), as object detection and image classification have it`;
  }
  const more = files.length > listed ? ` and ${files.length - listed} more` : "";
  const what = `no file ${wantedFiles(weights).join(" or ")}`;
  return names.length === 0 ? `an archive with ${what}` : `an archive with ${what}, but ${names.join(", ")}${more}`;
}

function withoutWeights(contents: ArchiveContents, options: ArtifactOptions): SegmentationError {
  const expected = "a model of the semantic segmentation algorithm, or the option `weights` with the name of a file";
  return unsupported(undefined, describeArchive(contents, options), expected);
}

function unsupported(file: string | undefined, found: string, expected: string): SegmentationError {
  return new SegmentationError("artifact.unsupported", `${file ?? "The model"} is ${found}: expected ${expected}.`, {
    found,
    expected,
    ...(file === undefined ? {} : { file }),
  });
}
