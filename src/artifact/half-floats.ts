/** All values of float16 (IEEE 754 binary16), made when first needed. */
let values: Float32Array | undefined;

/** The number that the 16 bits of a half-precision float stand for. */
export function halfToSingle(half: number): number {
  values ??= Float32Array.from({ length: 65_536 }, (_, index) => decode(index));
  return values[half]!;
}

function decode(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
