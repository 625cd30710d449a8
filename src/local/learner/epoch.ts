import type { Random } from "../../core/random.js";
import { log } from "./arithmetic.js";
import { featureCount } from "./features.js";
import type { Network } from "./network.js";
import type { OptimizerStep } from "./optimizer.js";
import type { SamplePool } from "./sample-pool.js";
import type { TimeSlices } from "./time-slices.js";

/** Samples that one epoch looks at, however few pictures there are: a network this small needs many looks. */
const samplesPerEpoch = 20_000;

/** Share of the features that are left out of each look, so that no feature is relied on alone (dropout). */
const leftOut = 0.05;

/** What an epoch works on. */
export interface EpochWork {
  readonly network: Network;
  readonly step: OptimizerStep;
  readonly pool: SamplePool;
  readonly random: Random;
  /** Samples whose gradients are added up for one step. */
  readonly batch: number;
  /** Learning rate at a share (0 to 1) of the epoch. */
  rateAt(share: number): number;
  /** Called after each step with the share of the epoch that is done. */
  progress(share: number): void;
}

/** Runs one epoch; returns the mean loss (cross entropy). */
export async function runEpoch(work: EpochWork, slices: TimeSlices): Promise<number> {
  const { network, pool, random, batch } = work;
  const gradient = new Float64Array(network.weights.length);
  const probabilities = new Float64Array(network.shape.outputs);
  const looked = new Float32Array(featureCount);
  const steps = Math.ceil(samplesPerEpoch / batch);
  let loss = 0;
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    for (let sample = 0; sample < batch; sample++) {
      const label = pool.drawClass(random);
      const at = pool.drawSample(label, random) * featureCount;
      for (let feature = 0; feature < featureCount; feature++) {
        looked[feature] = random() < leftOut ? 0 : pool.features[at + feature]! / (1 - leftOut);
      }
      network.forward(looked, 0, probabilities, 0);
      loss -= log(Math.max(probabilities[label]!, 1e-12));
      network.backward(looked, 0, probabilities, label, 1 / batch, gradient);
    }
    work.step(network.weights, gradient, work.rateAt(step / steps));
    work.progress((step + 1) / steps);
    await slices.pause();
  }
  return loss / (steps * batch);
}
