import type { Random } from "../../src/core/random.js";
import { Place } from "./shapes.js";

/** Finds places for things so that they do not lie on each other. */
export class Places {
  readonly #taken: { readonly x: number; readonly y: number; readonly reach: number }[] = [];

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly random: Random,
  ) {}

  /**
   * A free place for something that reaches `reach` units of `size` pixels; `undefined` when none is found.
   *
   * @param margin - Share of its reach that may stick out of the picture.
   * @param fits - Further condition on the middle.
   */
  find(size: number, { reach = 1, margin = 0.4, fits = (): boolean => true }: PlaceOptions = {}): Place | undefined {
    const { width, height, random } = this;
    const inset = size * reach * (1 - margin);
    for (let attempt = 0; attempt < 60; attempt++) {
      const x = inset + random() * (width - 2 * inset);
      const y = inset + random() * (height - 2 * inset);
      const free = this.#taken.every((other) => Math.hypot(other.x - x, other.y - y) > other.reach + size * reach);
      if (!free || !fits(x, y)) continue;
      this.#taken.push({ x, y, reach: size * reach });
      return new Place(x, y, size, random() * 2 * Math.PI);
    }
    return undefined;
  }
}

export interface PlaceOptions {
  readonly reach?: number;
  readonly margin?: number;
  readonly fits?: (x: number, y: number) => boolean;
}
