import type { ClassTable } from "./classes.js";
import type { Mask } from "./mask.js";

/** A mask with how sure it is. */
export interface MaskWithConfidence<in out Name extends string> {
  /** The most probable class of every pixel. */
  readonly mask: Mask<Name>;
  /** The highest probability of every pixel, `[height, width]`; NaN where a probability is NaN. */
  readonly confidence: Float32Array;
}

/** Per-class probabilities of every pixel. */
export interface ProbabilityMap<in out Name extends string> {
  /** The classes of the planes, in their order. */
  readonly classes: ClassTable<Name>;
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Values as `[classes, height, width]`, row-major: `data[(c * height + y) * width + x]`. */
  readonly data: Float32Array;
  /** `[classes, height, width]`. */
  readonly shape: readonly [classes: number, height: number, width: number];
  /** The plane of one class, `[height, width]`, a view on `data`. Throws `classes.unknown`. */
  plane(name: Name): Float32Array;
  /** The probability of a class at a pixel. */
  at(x: number, y: number, name: Name): number;
  /** The most probable class of every pixel; ties go to the lowest index, as NumPy's argmax does. */
  argmax(options?: { readonly confidence?: false }): Mask<Name>;
  /** The same with the highest probability of every pixel. */
  argmax(options: { readonly confidence: true }): MaskWithConfidence<Name>;
  /** The highest probability of every pixel, `[height, width]`. */
  confidence(): Float32Array;
}
