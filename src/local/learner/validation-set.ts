import { FeatureMap, featureCount } from "./features.js";
import type { Network } from "./network.js";
import type { TimeSlices } from "./time-slices.js";
import { ignoreIndex } from "./training-picture.js";
import type { TrainingPicture } from "./training-picture.js";

/** Pixels kept in all. */
const maxPixels = 60_000;

/** Scores of an epoch, 0 to 1. */
export interface Scores {
  readonly pixelAccuracy: number;
  /** Mean over the classes that occur in the annotations or in the predictions. */
  readonly meanIoU: number;
}

/** Described pixels of the validation pictures on an even grid: all of them when they are few. */
export class ValidationSet {
  readonly #features: Float32Array[] = [];
  readonly #labels: number[] = [];
  readonly #quota: number;

  /** `pictures` is the number of those to come. */
  constructor(pictures: number) {
    this.#quota = Math.max(64, Math.floor(maxPixels / pictures));
  }

  async add({ image, indices }: TrainingPicture, slices: TimeSlices): Promise<void> {
    const { width, height } = image;
    const step = Math.max(1, Math.ceil(Math.sqrt((width * height) / this.#quota)));
    const map = await FeatureMap.of(image, slices);
    for (let y = step >> 1; y < height; y += step) {
      for (let x = step >> 1; x < width; x += step) {
        const label = indices[y * width + x]!;
        if (label === ignoreIndex) continue;
        const sample = new Float32Array(featureCount);
        map.pixel(x, y, sample, 0);
        this.#features.push(sample);
        this.#labels.push(label);
      }
      await slices.pause();
    }
  }

  get size(): number {
    return this.#labels.length;
  }

  /** Scores a network that takes raw features. */
  async score(network: Network, slices: TimeSlices): Promise<Scores> {
    const classes = network.shape.outputs;
    const confusion = new Float64Array(classes * classes);
    const probabilities = new Float64Array(classes);
    for (const [at, sample] of this.#features.entries()) {
      network.forward(sample, 0, probabilities, 0);
      const cell = this.#labels[at]! * classes + mostProbable(probabilities);
      confusion[cell] = confusion[cell]! + 1;
      if (at % 256 === 255) await slices.pause();
    }
    return scoresOf(confusion, classes, this.size);
  }
}

function mostProbable(probabilities: Float64Array): number {
  let best = 0;
  for (let label = 1; label < probabilities.length; label++) {
    if (probabilities[label]! > probabilities[best]!) best = label;
  }
  return best;
}

function scoresOf(confusion: Float64Array, classes: number, total: number): Scores {
  const ious: number[] = [];
  let correct = 0;
  for (let label = 0; label < classes; label++) {
    let truth = 0;
    let guess = 0;
    for (let other = 0; other < classes; other++) {
      truth += confusion[label * classes + other]!;
      guess += confusion[other * classes + label]!;
    }
    const hit = confusion[label * classes + label]!;
    correct += hit;
    if (truth + guess > 0) ious.push(hit / (truth + guess - hit));
  }
  return { pixelAccuracy: correct / total, meanIoU: ious.reduce((sum, iou) => sum + iou, 0) / ious.length };
}
