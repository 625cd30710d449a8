import { kernel } from "../codec/kernel/kernel.js";
import type { Kernel } from "../codec/kernel/kernel.js";
import { PackedFloats } from "../codec/record/packed-floats.js";

/** Fewer values are compared here: handing them to the kernel would take longer. */
const worthwhile = 256;

/**
 * Compares values of one class with the best of the classes before, and puts the class where it is better.
 *
 * As NumPy's argmax: equal values stay with the lower class, and the first NaN stays.
 *
 * @param from - The pixel of the first value. For class 0 the values are taken as they are.
 */
export function raisePlane(
  best: Float32Array,
  index: Uint8Array,
  from: number,
  values: Float32Array | PackedFloats,
  classIndex: number,
): void {
  const packed = values instanceof Float32Array ? PackedFloats.of(values) : values;
  if (classIndex === 0) {
    packed.copyTo(best, from);
    index.fill(0, from, from + packed.length);
    return;
  }
  const found = packed.length < worthwhile ? undefined : kernel();
  if (found === undefined) raisePlainly(best, index, from, packed.array, classIndex);
  else raiseInKernel(found, best, index, from, packed.bytes, classIndex);
}

function raisePlainly(
  best: Float32Array,
  index: Uint8Array,
  from: number,
  values: Float32Array,
  classIndex: number,
): void {
  for (let at = 0, pixel = from; at < values.length; at++, pixel++) {
    const value = values[at]!;
    const before = best[pixel]!;
    // `x !== x` holds for NaN alone.
    if (value > before || (value !== value && before === before)) {
      best[pixel] = value;
      index[pixel] = classIndex;
    }
  }
}

function raiseInKernel(
  found: Kernel,
  best: Float32Array,
  index: Uint8Array,
  from: number,
  values: Uint8Array,
  classIndex: number,
): void {
  const { bytes, floats } = found;
  const { BEST, CLASSES, CLASSES_BYTES, PLANES } = found.at;
  const length = values.length / 4;
  for (let start = 0; start < length; start += CLASSES_BYTES) {
    const count = Math.min(CLASSES_BYTES, length - start);
    const pixel = from + start;
    floats.set(best.subarray(pixel, pixel + count), BEST / 4);
    bytes.set(index.subarray(pixel, pixel + count), CLASSES);
    bytes.set(values.subarray(start * 4, (start + count) * 4), PLANES);
    found.raise(classIndex, count);
    best.set(floats.subarray(BEST / 4, BEST / 4 + count), pixel);
    index.set(bytes.subarray(CLASSES, CLASSES + count), pixel);
  }
}
