import { COUNTS } from "./layout";

/**
 * The highest of some bytes; those equal to `except` do not count (above 255: all count).
 */
export function highest(from: usize, bytes: usize, except: u32): u32 {
  const left = i8x16.splat(<i8>except);
  const skipped = except > 255 ? i8x16.splat(0) : i8x16.splat(-1);
  let best = i8x16.splat(0);
  const whole = bytes & ~15;
  for (let x: usize = 0; x < whole; x += 16) {
    const v = v128.load(from + x);
    best = i8x16.max_u(best, v128.andnot(v, v128.and(i8x16.eq(v, left), skipped)));
  }
  v128.store(COUNTS, best);
  let found: u32 = 0;
  for (let i: usize = 0; i < 16; i++) found = max(found, <u32>load<u8>(COUNTS + i));
  for (let x = whole; x < bytes; x++) {
    const value = <u32>load<u8>(from + x);
    if (value != except) found = max(found, value);
  }
  return found;
}
