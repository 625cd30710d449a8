import type { Random } from "../../core/random.js";
import { power } from "./arithmetic.js";
import { featureCount } from "./features.js";
import type { TimeSlices } from "./time-slices.js";

/** 0 draws classes as often as they occur, 1 all alike. */
const balance = 0.4;

/** Mean and spread of each feature. */
export interface Normalisation {
  readonly mean: Float64Array;
  readonly spread: Float64Array;
}

/** Described pixels to learn from, drawn so that rare classes are not drowned. */
export class SamplePool {
  readonly #chances: readonly number[];

  constructor(
    /** Features of the samples, one sample after the other. */
    readonly features: Float32Array,
    /** Numbers of the samples of each class. */
    private readonly byClass: readonly (readonly number[])[],
    /** How often each class occurs in the whole pictures. */
    counts: readonly number[],
  ) {
    const shares = counts.map((count) => power(count, 1 - balance));
    const total = shares.reduce((sum, share) => sum + share, 0);
    this.#chances = shares.map((share) => share / total);
  }

  get size(): number {
    return this.features.length / featureCount;
  }

  /** A class by chance: rarer ones more often than they occur. */
  drawClass(random: Random): number {
    let left = random();
    for (const [label, chance] of this.#chances.entries()) {
      left -= chance;
      if (left < 0) return label;
    }
    return this.byClass.findIndex((list) => list.length > 0);
  }

  /** A sample of a class by chance. */
  drawSample(label: number, random: Random): number {
    const list = this.byClass[label]!;
    return list[Math.floor(random() * list.length)]!;
  }

  /** Brings every feature to mean 0 and spread 1, in place. */
  async normalize(slices: TimeSlices): Promise<Normalisation> {
    const mean = new Float64Array(featureCount);
    const spread = new Float64Array(featureCount);
    const { features, size } = this;
    await this.#each(slices, (at, feature) => {
      mean[feature] = mean[feature]! + features[at]! / size;
    });
    await this.#each(slices, (at, feature) => {
      spread[feature] = spread[feature]! + (features[at]! - mean[feature]!) ** 2 / size;
    });
    for (let feature = 0; feature < featureCount; feature++) {
      // The small amount keeps a feature that is always the same from blowing up when it is not.
      spread[feature] = Math.sqrt(spread[feature]!) + 1e-3;
    }
    await this.#each(slices, (at, feature) => {
      features[at] = (features[at]! - mean[feature]!) / spread[feature]!;
    });
    return { mean, spread };
  }

  /** Walks over all features of all samples. */
  async #each(slices: TimeSlices, visit: (at: number, feature: number) => void): Promise<void> {
    for (let sample = 0; sample < this.size; sample++) {
      const start = sample * featureCount;
      for (let feature = 0; feature < featureCount; feature++) visit(start + feature, feature);
      if (sample % 1024 === 1023) await slices.pause();
    }
  }
}
