import { kernel } from "../codec/kernel/kernel.js";
import type { Kernel } from "../codec/kernel/kernel.js";

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
  values: Float32Array,
  classIndex: number,
): void {
  if (classIndex === 0) {
    best.set(values, from);
    index.fill(0, from, from + values.length);
    return;
  }
  const found = values.length < worthwhile ? undefined : kernel();
  if (found === undefined) raisePlainly(best, index, from, values, classIndex);
  else raiseInKernel(found, best, index, from, values, classIndex);
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

/** The kernel's argmax over two planes: the best so far is one, the new values are the other. */
function raiseInKernel(
  found: Kernel,
  best: Float32Array,
  index: Uint8Array,
  from: number,
  values: Float32Array,
  classIndex: number,
): void {
  const { bytes, floats, at } = found;
  const classes = new Int32Array(bytes.buffer, at.CLASSES, at.CLASSES_BYTES >> 2);
  const planes = at.PLANES / 4;
  const tile = Math.min(at.CLASSES_BYTES, at.PLANES_BYTES >> 3) & ~15;
  for (let start = 0; start < values.length; start += tile) {
    const count = Math.min(tile, values.length - start);
    const pixel = from + start;
    floats.set(best.subarray(pixel, pixel + count), planes);
    floats.set(values.subarray(start, start + count), planes + ((count + 15) & ~15));
    found.argmax(2, count);
    best.set(floats.subarray(at.BEST / 4, at.BEST / 4 + count), pixel);
    // Four pixels at once: where none is better, there is nothing to write.
    for (let word = 0; word << 2 < count; word++) {
      if (classes[word] === 0) continue;
      for (let at4 = word << 2; at4 < Math.min(count, (word + 1) << 2); at4++) {
        if (bytes[at.CLASSES + at4] === 1) index[pixel + at4] = classIndex;
      }
    }
  }
}
