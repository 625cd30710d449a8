import { INDICES, ROWS } from "./layout";

/**
 * Makes one byte per pixel of rows of 1, 2 or 4 bits per pixel, from ROWS to INDICES; the leftmost pixel is in the high
 * bits (PNG 3rd edition, 7.2). Up to 15 bytes behind are overwritten.
 */
export function unpack(rows: u32, bytes: usize, width: usize, depth: u32): void {
  let from = ROWS;
  let to = INDICES;
  for (let y: u32 = 0; y < rows; y++) {
    if (depth == 4) unpack4(from, to, width);
    else if (depth == 2) unpack2(from, to, width);
    else unpack1(from, to, width);
    from += bytes;
    to += width;
  }
}

function unpack4(from: usize, to: usize, width: usize): void {
  const low = i8x16.splat(15);
  for (let x: usize = 0; x < width; x += 16) {
    const v = v128.load64_zero(from + (x >> 1));
    const high = i8x16.shr_u(v, 4);
    v128.store(to + x, pair(high, v128.and(v, low)));
  }
}

function unpack2(from: usize, to: usize, width: usize): void {
  const low = i8x16.splat(3);
  for (let x: usize = 0; x < width; x += 16) {
    const v = v128.load32_zero(from + (x >> 2));
    const left = pair(i8x16.shr_u(v, 6), v128.and(i8x16.shr_u(v, 4), low));
    const right = pair(v128.and(i8x16.shr_u(v, 2), low), v128.and(v, low));
    // Pairs of bytes in turn.
    v128.store(to + x, i8x16.shuffle(left, right, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23));
  }
}

function unpack1(from: usize, to: usize, width: usize): void {
  const bit = i8x16(-128, 64, 32, 16, 8, 4, 2, 1, -128, 64, 32, 16, 8, 4, 2, 1);
  const one = i8x16.splat(1);
  for (let x: usize = 0; x < width; x += 16) {
    const v = i16x8.splat(load<i16>(from + (x >> 3)));
    const bytes = i8x16.shuffle(v, v, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    v128.store(to + x, v128.and(i8x16.eq(v128.and(bytes, bit), bit), one));
  }
}

/** The low eight bytes of both in turn. */
function pair(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
