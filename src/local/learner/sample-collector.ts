import type { Random } from "../../core/random.js";
import { FeatureMap, featureCount } from "./features.js";
import { mirrorImage } from "./resize.js";
import { SamplePool } from "./sample-pool.js";
import type { TimeSlices } from "./time-slices.js";
import { ignoreIndex } from "./training-picture.js";
import type { TrainingPicture } from "./training-picture.js";

/** Pixels kept in all, and of one picture at most. */
const maxSamples = 120_000;
const maxSamplesOfPicture = 4000;
/** Every class gets at least this share of a picture's samples. */
const leastShare = 0.02;

/** Picks and describes pixels of the training pictures, one picture after the other. */
export class SampleCollector {
  #features = new Float32Array(1024 * featureCount);
  readonly #byClass: number[][];
  readonly #counts: number[];
  readonly #quota: number;
  #size = 0;

  /** `pictures` is the number of those to come. */
  constructor(classes: number, pictures: number) {
    this.#byClass = Array.from({ length: classes }, () => []);
    this.#counts = new Array<number>(classes).fill(0);
    this.#quota = Math.max(32, Math.min(maxSamplesOfPicture, Math.floor(maxSamples / pictures)));
  }

  /** Takes pixels of one picture, and as many of its mirror image. */
  async add({ image, indices }: TrainingPicture, random: Random, slices: TimeSlices): Promise<void> {
    const pixels = pixelsByClass(indices, this.#counts.length);
    const labelled = pixels.reduce((sum, list) => sum + list.length, 0);
    if (labelled === 0) return;
    for (const [label, list] of pixels.entries()) this.#counts[label] = this.#counts[label]! + list.length;
    for (const mirrored of [false, true]) {
      const map = await FeatureMap.of(mirrored ? mirrorImage(image) : image, slices);
      for (const [label, list] of pixels.entries()) {
        if (list.length === 0) continue;
        const share = Math.max(leastShare, list.length / labelled);
        const wanted = Math.min(list.length, Math.ceil((this.#quota / 2) * share));
        for (let taken = 0; taken < wanted; taken++) {
          const pixel = list[Math.floor(random() * list.length)]!;
          const x = pixel % image.width;
          this.#describe(map, mirrored ? image.width - 1 - x : x, (pixel - x) / image.width, label);
          if (taken % 256 === 255) await slices.pause();
        }
      }
    }
  }

  /** What was collected. */
  pool(): SamplePool {
    return new SamplePool(this.#features.subarray(0, this.#size * featureCount), this.#byClass, this.#counts);
  }

  #describe(map: FeatureMap, x: number, y: number, label: number): void {
    const at = this.#size * featureCount;
    if (at === this.#features.length) {
      const larger = new Float32Array(2 * at);
      larger.set(this.#features);
      this.#features = larger;
    }
    map.pixel(x, y, this.#features, at);
    this.#byClass[label]!.push(this.#size++);
  }
}

function pixelsByClass(indices: Uint8Array, classes: number): readonly (readonly number[])[] {
  const lists: number[][] = Array.from({ length: classes }, () => []);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const index = indices[pixel]!;
    if (index !== ignoreIndex) lists[index]!.push(pixel);
  }
  return lists;
}
