import { PackedFloats } from "../codec/record/packed-floats.js";
import { argmaxPlanes, maxPlanes } from "./argmax.js";
import type { ClassTable } from "./classes.js";
import { checkGrid, pixelOffset, createCheckedMask } from "./mask-value.js";
import type { Mask } from "./mask.js";
import type { MaskWithConfidence, ProbabilityMap } from "./probability-map.js";

/**
 * Makes a probability map; the data is kept, not copied.
 *
 * @param data - `[classes, height, width]`, row-major.
 * @throws `input.invalid` when the size is not positive or does not fit the data.
 */
export function createProbabilityMap<Name extends string>(
  width: number,
  height: number,
  data: Float32Array,
  classes: ClassTable<Name>,
): ProbabilityMap<Name> {
  return packedProbabilityMap(width, height, PackedFloats.of(data), classes);
}

/** Makes a probability map of values as they lie in an answer. */
export function packedProbabilityMap<Name extends string>(
  width: number,
  height: number,
  packed: PackedFloats,
  classes: ClassTable<Name>,
): ProbabilityMap<Name> {
  checkGrid(width, height, packed.length, classes.count);
  return new ProbabilityMapValue(width, height, packed, classes);
}

class ProbabilityMapValue<in out Name extends string> implements ProbabilityMap<Name> {
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly packed: PackedFloats,
    readonly classes: ClassTable<Name>,
  ) {}

  get data(): Float32Array {
    return this.packed.array;
  }

  get shape(): readonly [classes: number, height: number, width: number] {
    return [this.classes.count, this.height, this.width];
  }

  plane(name: Name): Float32Array {
    const pixels = this.width * this.height;
    const start = this.classes.indexOf(name) * pixels;
    return this.data.subarray(start, start + pixels);
  }

  at(x: number, y: number, name: Name): number {
    const plane = this.classes.indexOf(name) * this.width * this.height;
    return this.data[plane + pixelOffset(this, x, y)]!;
  }

  argmax(options?: { readonly confidence?: false }): Mask<Name>;
  argmax(options: { readonly confidence: true }): MaskWithConfidence<Name>;
  argmax(options: { readonly confidence?: boolean } = {}): Mask<Name> | MaskWithConfidence<Name> {
    const pixels = this.width * this.height;
    const confidence = options.confidence === true ? new Float32Array(pixels) : undefined;
    const data = argmaxPlanes(this.packed, this.classes.count, pixels, new Uint8Array(pixels), confidence);
    const mask = createCheckedMask(this.width, this.height, data, this.classes);
    return confidence === undefined ? mask : { mask, confidence };
  }

  confidence(): Float32Array {
    return maxPlanes(this.packed, this.classes.count, this.width * this.height);
  }
}
