import { ROWS } from "./layout";

/**
 * Undoes the filters of `rows` rows (PNG 3rd edition, 9.2): from one filter byte and `bytes` bytes each to rows without
 * filter bytes from ROWS on, below the row that stands before. Up to 15 bytes behind them are overwritten.
 *
 * @param step - Bytes per pixel: 1, 3 or 4.
 * @returns The number of rows, or less: the place of the first row whose filter byte is none.
 */
export function unfilter(from: usize, rows: u32, bytes: usize, step: usize): u32 {
  let to = ROWS;
  for (let y: u32 = 0; y < rows; y++) {
    const filter = load<u8>(from++);
    if (filter == 0) memory.copy(to, from, bytes);
    else if (filter == 2) up(from, to, bytes);
    else if (filter > 4) return y;
    else if (step == 1) {
      if (filter == 1) sub1(from, to, bytes);
      else if (filter == 3) average1(from, to, bytes);
      else paeth1(from, to, bytes);
    } else {
      if (filter == 1) subPixels(from, to, bytes, step);
      else if (filter == 3) averagePixels(from, to, bytes, step);
      else paethPixels(from, to, bytes, step);
    }
    from += bytes;
    to += bytes;
  }
  return rows;
}

function up(from: usize, to: usize, bytes: usize): void {
  for (let x: usize = 0; x < bytes; x += 16) {
    v128.store(to + x, i8x16.add(v128.load(from + x), v128.load(to - bytes + x)));
  }
}

function sub1(from: usize, to: usize, bytes: usize): void {
  const zero = i8x16.splat(0);
  let left = zero;
  for (let x: usize = 0; x < bytes; x += 16) {
    let v = v128.load(from + x);
    if (v128.any_true(v)) {
      // Sums of all bytes up to each, in four steps.
      v = i8x16.add(v, i8x16.shuffle(zero, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30));
      v = i8x16.add(v, i8x16.shuffle(zero, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29));
      v = i8x16.add(v, i8x16.shuffle(zero, v, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
      v = i8x16.add(v, i8x16.shuffle(zero, v, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23));
      v = i8x16.add(v, left);
      left = i8x16.shuffle(v, v, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15);
      v128.store(to + x, v);
    } else v128.store(to + x, left);
  }
}

function average1(from: usize, to: usize, bytes: usize): void {
  let left: u32 = 0;
  for (let x: usize = 0; x < bytes; x += 16) {
    const above = v128.load(to - bytes + x);
    const v = v128.load(from + x);
    const run = i8x16.splat(<i8>left);
    // Inside of areas: nothing added, and above the same as left.
    if (!v128.any_true(v128.or(v, v128.xor(above, run)))) {
      v128.store(to + x, run);
      continue;
    }
    const end = min(x + 16, bytes);
    for (let i = x; i < end; i++) {
      left = (<u32>load<u8>(from + i) + ((left + <u32>load<u8>(to - bytes + i)) >> 1)) & 255;
      store<u8>(to + i, <u8>left);
    }
  }
}

function paeth1(from: usize, to: usize, bytes: usize): void {
  let left: i32 = 0;
  let corner: i32 = 0;
  for (let x: usize = 0; x < bytes; x += 16) {
    const v = v128.load(from + x);
    if (!v128.any_true(v)) {
      const above = v128.load(to - bytes + x);
      // Nothing added: with the same left as above left, the guess is above, and stays it.
      if (left == corner) {
        v128.store(to + x, above);
        left = corner = <i32>i8x16.extract_lane_u(above, 15);
        continue;
      }
      // With the same above as above left, the guess is left.
      if (!v128.any_true(v128.xor(above, i8x16.splat(<i8>corner)))) {
        v128.store(to + x, i8x16.splat(<i8>left));
        continue;
      }
    }
    const end = min(x + 16, bytes);
    for (let i = x; i < end; i++) {
      const above = <i32>load<u8>(to - bytes + i);
      left = (<i32>load<u8>(from + i) + guess(left, above, corner)) & 255;
      corner = above;
      store<u8>(to + i, <u8>left);
    }
  }
}

/** Paeth's predictor; in masks one of the first two cases holds nearly always. */
function guess(left: i32, above: i32, corner: i32): i32 {
  if (above == corner) return left;
  if (left == corner) return above;
  const toLeft = abs(above - corner);
  const toAbove = abs(left - corner);
  const toCorner = abs(left + above - 2 * corner);
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
}

/** The fourth pixel of a vector, repeated. */
function repeatLast(pixels: v128, step: usize): v128 {
  return step == 3
    ? i8x16.shuffle(pixels, pixels, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9)
    : i8x16.shuffle(pixels, pixels, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15);
}

/** Marks the bytes of four pixels. */
function fourPixels(step: usize): v128 {
  return step == 3 ? i32x4(-1, -1, -1, 0) : i32x4(-1, -1, -1, -1);
}

function subPixels(from: usize, to: usize, bytes: usize, step: usize): void {
  const zero = i8x16.splat(0);
  const used = fourPixels(step);
  let left = zero;
  for (let x: usize = 0; x < bytes; x += 4 * step) {
    let v = v128.and(v128.load(from + x), used);
    if (v128.any_true(v)) {
      if (step == 3) {
        v = i8x16.add(v, i8x16.shuffle(zero, v, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28));
        v = i8x16.add(v, i8x16.shuffle(zero, v, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25));
      } else {
        v = i8x16.add(v, i8x16.shuffle(zero, v, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
        v = i8x16.add(v, i8x16.shuffle(zero, v, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23));
      }
      v = i8x16.add(v, left);
      left = repeatLast(v, step);
      v128.store(to + x, v);
    } else v128.store(to + x, left);
  }
}

function averagePixels(from: usize, to: usize, bytes: usize, step: usize): void {
  const used = fourPixels(step);
  let left = i8x16.splat(0);
  for (let x: usize = 0; x < bytes; x += 4 * step) {
    const v = v128.load(from + x);
    const above = v128.load(to - bytes + x);
    if (!v128.any_true(v128.and(v128.or(v, v128.xor(above, left)), used))) {
      v128.store(to + x, left);
      continue;
    }
    const end = min(x + 4 * step, bytes);
    for (let i = x; i < end; i++) {
      const before = i < step ? 0 : <u32>load<u8>(to + i - step);
      store<u8>(to + i, <u8>(<u32>load<u8>(from + i) + ((before + <u32>load<u8>(to - bytes + i)) >> 1)));
    }
    left = repeatLast(v128.load(to + x), step);
  }
}

function paethPixels(from: usize, to: usize, bytes: usize, step: usize): void {
  const used = fourPixels(step);
  // The pixels left and above left, repeated.
  let left = i8x16.splat(0);
  let corner = left;
  for (let x: usize = 0; x < bytes; x += 4 * step) {
    const v = v128.load(from + x);
    const above = v128.load(to - bytes + x);
    if (!v128.any_true(v128.and(v, used))) {
      if (!v128.any_true(v128.and(v128.xor(left, corner), used))) {
        v128.store(to + x, above);
        left = corner = repeatLast(above, step);
        continue;
      }
      if (!v128.any_true(v128.and(v128.xor(above, corner), used))) {
        v128.store(to + x, left);
        continue;
      }
    }
    const end = min(x + 4 * step, bytes);
    for (let i = x; i < end; i++) {
      const a = i < step ? 0 : <i32>load<u8>(to + i - step);
      const c = i < step ? 0 : <i32>load<u8>(to - bytes + i - step);
      store<u8>(to + i, <u8>(<i32>load<u8>(from + i) + guess(a, <i32>load<u8>(to - bytes + i), c)));
    }
    left = repeatLast(v128.load(to + x), step);
    corner = repeatLast(above, step);
  }
}
