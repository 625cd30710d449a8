const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The half nearest to a number, ties to even; numbers beyond 65,504 become infinite. */
export function toHalf(value: number): number {
  single[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | 0x7c00 | (magnitude > 0x7f800000 ? 0x200 : 0);
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // A subnormal half counts steps of 2^-24; Math.round would round ties up, so the even one is chosen by hand.
    single[0] = 0;
    bits[0] = magnitude;
    const steps = single[0] * 16777216;
    const below = Math.floor(steps);
    const rest = steps - below;
    return sign | (below + (rest > 0.5 || (rest === 0.5 && (below & 1) === 1) ? 1 : 0));
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}
