import type { Mask } from "../mask/mask.js";

/** How well one image was predicted. */
export interface ImageScore<in out Name extends string> {
  /** Name of the sample's image. */
  readonly name: string;
  /** Mean IoU of the classes in this image, 0 to 1; `NaN` when the truth ignores the whole image. */
  readonly meanIoU: number;
  /** Share of the pixels with the right class, 0 to 1; `NaN` as above. */
  readonly pixelAccuracy: number;
  /** IoU by class; `undefined` for classes that are not in this image. */
  readonly iou: Readonly<Record<Name, number | undefined>>;
}

/** An image with what is needed to look at it. */
export interface PicturedImage<in out Name extends string> extends ImageScore<Name> {
  /** Image file as it was sent to the predictor. */
  readonly image: Uint8Array;
  /** The mask that the sample gives. */
  readonly truth: Mask<Name>;
  /** The mask that was predicted, of the same size. */
  readonly prediction: Mask<Name>;
}

/** A score with its place among the samples. */
export interface Ranked<Score> {
  readonly score: Score;
  readonly index: number;
}

/**
 * Sorts by mean IoU, the worst first; equals in the order of the samples, images without score last. The order does not
 * depend on which image was ready first.
 */
export function byScore(one: Ranked<{ meanIoU: number }>, other: Ranked<{ meanIoU: number }>): number {
  const value = (score: number): number => (Number.isNaN(score) ? 2 : score);
  return value(one.score.meanIoU) - value(other.score.meanIoU) || one.index - other.index;
}

/** Keeps the worst images, at most so many, so that the pictures of the others can be forgotten. */
export class WorstImages<Name extends string> {
  readonly #limit: number;
  #kept: Ranked<PicturedImage<Name>>[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(image: PicturedImage<Name>, index: number): void {
    if (this.#limit === 0 || Number.isNaN(image.meanIoU)) return;
    this.#kept = [...this.#kept, { score: image, index }].sort(byScore).slice(0, this.#limit);
  }

  list(): readonly PicturedImage<Name>[] {
    return this.#kept.map(({ score }) => score);
  }
}
