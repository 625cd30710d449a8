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
