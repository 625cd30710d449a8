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
  const ones = i16x8.splat(1);
  const lowBytes = i16x8.splat(255);
  while (at < whole) {
    // Sums of 64 pairs of bytes are less than 2^15.
    const end = min(at + 16 * 64, whole);
    const length = <u32>(end - at);
    let before = i32x4.splat(0);
    let pairs = i16x8.splat(0);
    let evens = i16x8.splat(0);
    while (at < end) {
      const v = v128.load(at);
      before = i32x4.add(before, i32x4.dot_i16x8_s(pairs, ones));
      pairs = i16x8.add(pairs, i16x8.extadd_pairwise_i8x16_u(v));
      evens = i16x8.add(evens, v128.and(v, lowBytes));
      at += 16;
    }
    // The bytes of sixteen count 16, 15, 14, ... times: both of a pair 15, 13, ... times, and the even one once more.
    const weighted = i32x4.dot_i16x8_s(pairs, i16x8(15, 13, 11, 9, 7, 5, 3, 1));
    high = (high + low * length + 16 * sum(before) + sum(weighted) + sum(i32x4.dot_i16x8_s(evens, ones))) % 65521;
    low = (low + sum(i32x4.dot_i16x8_s(pairs, ones))) % 65521;
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
