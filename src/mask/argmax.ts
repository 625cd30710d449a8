import { kernel } from "../codec/kernel/kernel.js";
import type { Kernel } from "../codec/kernel/kernel.js";
import { PackedFloats } from "../codec/record/packed-floats.js";

/**
 * The class with the highest value of every pixel of a `[classes, pixels]` array.
 *
 * As NumPy's argmax: the lowest class of equal ones, and where values are NaN, the first NaN's class.
 *
 * @param out - Memory for the classes, `pixels` bytes.
 * @param highest - Memory for the values that were found, when they are wanted.
 */
export function argmaxPlanes(
  values: Float32Array | PackedFloats,
  classes: number,
  pixels: number,
  out: Uint8Array,
  highest?: Float32Array,
): Uint8Array {
  const packed = values instanceof Float32Array ? PackedFloats.of(values) : values;
  const found = kernel();
  if (found === undefined) return plainArgmax(packed.array, classes, pixels, out, highest);
  const { CLASSES, BEST } = found.at;
  scanInKernel(found, packed.bytes, classes, pixels, (start, count) => {
    out.set(found.bytes.subarray(CLASSES, CLASSES + count), start);
    highest?.set(found.floats.subarray(BEST / 4, BEST / 4 + count), start);
  });
  return out;
}

/** Copies tiles of all planes to the kernel and has it look for the highest value of every pixel. */
function scanInKernel(
  found: Kernel,
  values: Uint8Array,
  classes: number,
  pixels: number,
  take: (start: number, count: number) => void,
): void {
  const { at, bytes } = found;
  const tile = Math.min(at.CLASSES_BYTES, (at.PLANES_BYTES / (4 * classes)) & ~15);
  for (let start = 0; start < pixels; start += tile) {
    const count = Math.min(tile, pixels - start);
    const stride = (count + 15) & ~15;
    for (let c = 0; c < classes; c++) {
      const from = (c * pixels + start) * 4;
      bytes.set(values.subarray(from, from + count * 4), at.PLANES + c * stride * 4);
    }
    found.argmax(classes, count);
    take(start, count);
  }
}

function plainArgmax(
  values: Float32Array,
  classes: number,
  pixels: number,
  out: Uint8Array,
  highest: Float32Array | undefined,
): Uint8Array {
  out.fill(0, 0, pixels);
  // Tiles keep the running best in the cache while the planes pass by.
  const tile = 4096;
  const best = new Float32Array(Math.min(tile, pixels));
  for (let start = 0; start < pixels; start += tile) {
    const count = Math.min(tile, pixels - start);
    best.set(values.subarray(start, start + count));
    for (let c = 1; c < classes; c++) {
      const plane = c * pixels + start;
      for (let p = 0; p < count; p++) {
        const value = values[plane + p]!;
        // `x !== x` holds for NaN alone.
        if (value > best[p]! || (value !== value && best[p] === best[p])) {
          best[p] = value;
          out[start + p] = c;
        }
      }
    }
    highest?.set(best.subarray(0, count), start);
  }
  return out;
}

/** The highest value of every pixel of a `[classes, pixels]` array; NaN where one of them is NaN. */
export function maxPlanes(values: Float32Array | PackedFloats, classes: number, pixels: number): Float32Array {
  const packed = values instanceof Float32Array ? PackedFloats.of(values) : values;
  const found = kernel();
  if (found === undefined) return plainMax(packed.array, classes, pixels);
  const highest = new Float32Array(pixels);
  const from = found.at.BEST / 4;
  scanInKernel(found, packed.bytes, classes, pixels, (start, count) =>
    highest.set(found.floats.subarray(from, from + count), start),
  );
  return highest;
}

function plainMax(values: Float32Array, classes: number, pixels: number): Float32Array {
  const best = values.slice(0, pixels);
  for (let c = 1; c < classes; c++) {
    const plane = c * pixels;
    for (let p = 0; p < pixels; p++) {
      const value = values[plane + p]!;
      if (value > best[p]! || value !== value) best[p] = value;
    }
  }
  return best;
}
