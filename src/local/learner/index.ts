import type { Learner } from "../contracts.js";
import { packArtifact, unpackArtifact } from "./artifact.js";
import { openModel } from "./model.js";
import { trainNetwork } from "./training.js";

/**
 * The embedded backend's stand-in for the algorithm: a small pixel classifier that really learns.
 *
 * It describes every pixel by colour, texture and place at several scales and learns with one hidden layer of 64
 * units. It is no ResNet-50.
 */
export const learner: Learner = {
  async train(run) {
    return packArtifact(await trainNetwork(run));
  },
  async open(artifact) {
    return openModel(await unpackArtifact(artifact));
  },
};
