import { checkPixels, otherCount } from "../codec/record/probabilities.js";
import type { Probabilities } from "../codec/record/probabilities.js";
import { PackedFloats } from "../codec/record/packed-floats.js";
import { bufferLimit } from "../codec/record/target-reader.js";
import { raisePlane } from "./raise-plane.js";

/** Limits of a {@link RunningArgmax}. */
export interface RunningLimits {
  readonly maxPixels: number;
  /** Most bytes of values that are kept while the number of pixels is unknown. */
  readonly maxBuffered: number;
}

/**
 * The argmax of planes that arrive in order, in pieces: keeps the best value and its class of every pixel, no plane.
 *
 * It needs to know how many pixels there are before the first value. Where nobody has told, values are kept until then.
 */
export class RunningArgmax {
  #pixels: number | undefined;
  #best = new Float32Array(0);
  #index = new Uint8Array(0);
  #count = 0;
  #kept: Float32Array[] = [];

  constructor(
    private readonly classes: number,
    private readonly limits: RunningLimits,
  ) {}

  /** Values taken so far. */
  get count(): number {
    return this.#count;
  }

  /** Begins anew. */
  begin(): void {
    this.#pixels = undefined;
    this.#count = 0;
    this.#kept = [];
  }

  /** Tells how many pixels there are. Throws `codec.limit`, and `codec.record` where another number was told before. */
  size(pixels: number): void {
    if (this.#pixels === pixels) return;
    if (this.#pixels !== undefined) throw otherCount([this.classes, 1, pixels], this.#pixels * this.classes);
    checkPixels(pixels, this.limits.maxPixels);
    this.#pixels = pixels;
    // The values of class 0 are written over what is there, so memory of another beginning will do. Where that is too
    // small it is doubled: an answer may begin anew every few bytes, each time a little larger.
    if (this.#best.length < pixels) {
      const room = Math.max(pixels, Math.min(2 * this.#best.length, this.limits.maxPixels));
      this.#best = new Float32Array(room);
      this.#index = new Uint8Array(room);
    }
    const kept = this.#kept;
    let left = this.#count;
    this.#kept = [];
    this.#count = 0;
    for (const values of kept) {
      this.push(PackedFloats.of(values.subarray(0, left)));
      left -= values.length;
    }
  }

  /** Takes the next values. */
  push(values: PackedFloats): void {
    const pixels = this.#pixels;
    if (pixels === undefined) {
      this.#keep(values);
      return;
    }
    if (this.#count + values.length > pixels * this.classes) {
      throw otherCount([this.classes, 1, pixels], this.#count + values.length);
    }
    for (let at = 0; at < values.length;) {
      const plane = Math.floor(this.#count / pixels);
      const pixel = this.#count - plane * pixels;
      const length = Math.min(values.length - at, pixels - pixel);
      raisePlane(this.#best, this.#index, pixel, values.subarray(at, at + length), plane);
      at += length;
      this.#count += length;
    }
  }

  /** Index and highest value of every pixel, when all values have come. Throws `codec.record` when they have not. */
  end(shape: Probabilities["shape"]): { readonly index: Uint8Array; readonly best: Float32Array } {
    const [classes, height, width] = shape;
    if (this.#count !== classes * height * width) throw otherCount(shape, this.#count);
    const pixels = height * width;
    this.size(pixels);
    const fits = this.#best.length === pixels;
    return fits
      ? { index: this.#index, best: this.#best }
      : { index: this.#index.slice(0, pixels), best: this.#best.slice(0, pixels) };
  }

  /** Small pieces are joined, so that odd writers do not make a list of single numbers. */
  #keep(values: PackedFloats): void {
    const bytes = (this.#count + values.length) * 4;
    if (bytes > this.limits.maxBuffered) throw bufferLimit(this.limits.maxBuffered, bytes);
    const block = 65_536;
    for (let at = 0; at < values.length;) {
      const filled = this.#count % block;
      if (filled === 0) this.#kept.push(new Float32Array(block));
      const part = values.subarray(at, Math.min(values.length, at + block - filled));
      part.copyTo(this.#kept.at(-1)!, filled);
      at += part.length;
      this.#count += part.length;
    }
  }
}
