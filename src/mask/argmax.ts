/**
 * The class with the highest value of every pixel of a `[classes, pixels]` array.
 *
 * As NumPy's argmax: the lowest class of equal ones, and where values are NaN, the first NaN's class.
 *
 * @param out - Memory for the classes, `pixels` bytes.
 */
export function argmaxPlanes(values: Float32Array, classes: number, pixels: number, out: Uint8Array): Uint8Array {
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
  }
  return out;
}

/** The highest value of every pixel of a `[classes, pixels]` array; NaN where one of them is NaN. */
export function maxPlanes(values: Float32Array, classes: number, pixels: number): Float32Array {
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
