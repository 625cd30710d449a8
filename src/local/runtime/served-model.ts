import { SegmentationError } from "../../core/errors.js";
import { ContainerError, ForeignArtifact } from "../contracts.js";
import type { Learner, LocalModel } from "../contracts.js";

/**
 * Opens the artifact of an endpoint: one that the backend trained itself, or one of the real algorithm, where
 * onnxruntime is installed.
 *
 * Rejects with a {@link ContainerError} for any other, and where there is no runtime.
 */
export async function openServedModel(learner: Learner, artifact: Uint8Array): Promise<LocalModel> {
  try {
    return await learner.open(artifact);
  } catch (error) {
    if (!(error instanceof ForeignArtifact)) throw error;
    return openRealModel(artifact).catch((cause: unknown) => {
      throw refusal(cause);
    });
  }
}

async function openRealModel(bytes: Uint8Array): Promise<LocalModel> {
  const [{ openArtifact }, { createLocalPredictor }, { defineClasses }] = await Promise.all([
    import("../../artifact/open-artifact.js"),
    import("../../inference/local-predictor.js"),
    import("../../mask/classes.js"),
  ]);
  const artifact = await openArtifact(bytes);
  const { classes } = artifact.variant;
  const predictor = await createLocalPredictor(artifact, {
    classes: defineClasses(Array.from({ length: classes }, (_, index) => `class-${index}`)),
  });
  const refused = (cause: unknown): never => {
    throw refusal(cause);
  };
  return {
    classes,
    mask: (image) => predictor.mask(image).catch(refused),
    async predict(image) {
      const { width, height, data } = await predictor.probabilities(image).catch(refused);
      return { width, height, probabilities: data };
    },
    close: () => predictor.dispose(),
  };
}

/** What the container would say: a picture or an artifact is the caller's affair, a runtime that breaks down is not. */
function refusal(cause: unknown): unknown {
  if (!SegmentationError.is(cause)) return cause;
  return new ContainerError(cause.code === "onnx.failed" ? "AlgorithmError" : "ClientError", cause.message);
}
