import { createHash } from "node:crypto";
import type { ArtifactOptions, ArtifactSource, ModelArtifact } from "./artifact.js";
import { decodeEmbeddedWeights, looksEmbedded } from "./embedded-weights.js";
import type { EmbeddedWeights } from "./embedded-weights.js";
import { artifactOf } from "./open-artifact.js";
import { readArchive } from "./read-archive.js";

/** A model that the embedded backend of this package trained. */
export interface EmbeddedModel {
  readonly network: EmbeddedWeights;
  /** Name of the file that the weights come from. */
  readonly weightsFile: string;
  /** SHA-256 of the weights file's bytes, small hexadecimal letters. */
  readonly sha256: string;
}

/** Reads a trained model, of the algorithm or of the embedded backend. Throws as `openArtifact` does. */
export async function openModel(
  source: ArtifactSource,
  options: ArtifactOptions = {},
): Promise<ModelArtifact | EmbeddedModel> {
  const contents = await readArchive(source, { all: false, options });
  if (contents.weights === undefined || !looksEmbedded(contents.weights.bytes)) return artifactOf(contents, options);
  const { name, bytes } = contents.weights;
  return {
    network: decodeEmbeddedWeights(bytes, name),
    weightsFile: name,
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}
