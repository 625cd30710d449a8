let low: u32 = 1;
let high: u32 = 0;

/** Begins with the checksum of what came before; 1 where nothing did. */
export function resetAdler(before: u32): void {
  low = before & 0xffff;
  high = before >> 16;
}

export function adler(): u32 {
  return (high << 16) | low;
}

/** Adds bytes to the Adler-32 checksum (RFC 1950, 9). */
export function addAdler(from: usize, bytes: usize): void {
  let at = from;
  const whole = from + (bytes & ~15);
  const weights0 = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const weights1 = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (at < whole) {
    // 5552 bytes is what 32 bits hold; the 16-bit column sums hold 257 rows of 16, which is less.
    const end = min(at + 16 * 256, whole);
    const length = <u32>(end - at);
    let sums = i32x4.splat(0);
    let before = i32x4.splat(0);
    let columns0 = i16x8.splat(0);
    let columns1 = i16x8.splat(0);
    while (at < end) {
      const v = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(v)));
      columns0 = i16x8.add(columns0, i16x8.extend_low_i8x16_u(v));
      columns1 = i16x8.add(columns1, i16x8.extend_high_i8x16_u(v));
      at += 16;
    }
    const weighted = i32x4.add(
      i32x4.add(i32x4.extmul_low_i16x8_u(columns0, weights0), i32x4.extmul_high_i16x8_u(columns0, weights0)),
      i32x4.add(i32x4.extmul_low_i16x8_u(columns1, weights1), i32x4.extmul_high_i16x8_u(columns1, weights1)),
    );
    high = (high + low * length + 16 * sum(before) + sum(weighted)) % 65521;
    low = (low + sum(sums)) % 65521;
  }
  for (const end = from + bytes; at < end; at++) {
    low += load<u8>(at);
    high += low;
  }
  low %= 65521;
  high %= 65521;
}

function sum(v: v128): u32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
