import { COUNTS } from "./layout";

/** The highest of some bytes; those equal to `except` do not count (above 255: all count). */
export function highest(from: usize, bytes: usize, except: u32): u32 {
  let at = from;
  const end = from + bytes;
  let best = i8x16.splat(0);
  let other = best;
  if (except > 255) {
    for (; at + 64 <= end; at += 64) {
      best = i8x16.max_u(best, i8x16.max_u(v128.load(at), v128.load(at, 16)));
      other = i8x16.max_u(other, i8x16.max_u(v128.load(at, 32), v128.load(at, 48)));
    }
  } else {
    const skipped = i8x16.splat(<i8>except);
    for (; at + 32 <= end; at += 32) {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      best = i8x16.max_u(best, v128.andnot(a, i8x16.eq(a, skipped)));
      other = i8x16.max_u(other, v128.andnot(b, i8x16.eq(b, skipped)));
    }
  }
  v128.store(COUNTS, i8x16.max_u(best, other));
  let found: u32 = 0;
  for (let i: usize = 0; i < 16; i++) found = max(found, <u32>load<u8>(COUNTS + i));
  for (; at < end; at++) {
    const value = <u32>load<u8>(at);
    if (value != except) found = max(found, value);
  }
  return found;
}
