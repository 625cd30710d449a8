import { cosine, power } from "./arithmetic.js";
import type { OptimizerName } from "./optimizer.js";
import type { Settings } from "./settings.js";

/** Share of the learning rate that is left at a moment: `epoch` counts from 0, `done` is the share of all updates. */
export function scheduleShare(settings: Settings, epoch: number, done: number): number {
  switch (settings.scheduler) {
    case "poly":
      // Rates in a real log of 2020 are lr (1 - t/T)^0.9.
      return power(1 - done, 0.9);
    case "cosine":
      return (1 + cosine(Math.PI * done)) / 2;
    case "step":
      return settings.schedulerFactor ** settings.schedulerSteps.filter((step) => epoch >= step).length;
  }
}

/** Rates at which the small network learns best with each optimizer; they stand for a `learning_rate` of 0.001. */
const ownRates: Readonly<Record<OptimizerName, number>> = {
  sgd: 0.1,
  nag: 0.1,
  adam: 0.003,
  adagrad: 0.02,
  rmsprop: 0.003,
};

/**
 * The rate of the small network for a `learning_rate` meant for a deep one.
 *
 * The fourth root keeps the tendency (higher is faster) over the whole range of sensible values, 0.0001 to 0.1, and
 * none of them ruins the training.
 */
export function ownLearningRate({ optimizer, learningRate }: Settings): number {
  return ownRates[optimizer] * Math.min(2.5, Math.max(0.4, power(learningRate / 0.001, 0.25)));
}
