import type { ArtifactOptions, ArtifactSource, ModelArtifact } from "./artifact.js";

/** Reads a trained model. */
export async function openArtifact(source: ArtifactSource, options: ArtifactOptions = {}): Promise<ModelArtifact> {
  await Promise.resolve([source, options]);
  throw new Error("not there yet");
}
