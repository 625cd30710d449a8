import { BEST, CLASSES, PLANES } from "./layout";

/**
 * The class of the highest value of each of `pixels` pixels; the planes stand one after another from PLANES on, each
 * `pixels` rounded up to a multiple of 16 values long. The classes go to CLASSES, the values to BEST.
 *
 * As NumPy's argmax: the lowest class of equal ones, and the first NaN where there are NaNs.
 */
export function argmax(planes: u32, pixels: u32): void {
  const stride = (((<usize>pixels + 15) >> 4) << 4) * 4;
  for (let p: u32 = 0; p < pixels; p += 16) {
    const from = PLANES + ((<usize>p) << 2);
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    // NaN when one of the values is (or when infinities of both signs meet, which the slow path sorts out).
    let sumA = a;
    let sumB = b;
    let sumC = c;
    let sumD = d;
    let classes = i8x16.splat(0);
    let at = from + stride;
    for (let k: u32 = 1; k < planes; k++) {
      const newA = v128.load(at);
      const newB = v128.load(at, 16);
      const newC = v128.load(at, 32);
      const newD = v128.load(at, 48);
      const higher = i8x16.narrow_i16x8_s(
        i16x8.narrow_i32x4_s(f32x4.gt(newA, a), f32x4.gt(newB, b)),
        i16x8.narrow_i32x4_s(f32x4.gt(newC, c), f32x4.gt(newD, d)),
      );
      // Classes rise, so the highest that was set is the last.
      classes = i8x16.max_u(classes, v128.and(higher, i8x16.splat(<i8>k)));
      a = f32x4.pmax(a, newA);
      b = f32x4.pmax(b, newB);
      c = f32x4.pmax(c, newC);
      d = f32x4.pmax(d, newD);
      sumA = f32x4.add(sumA, newA);
      sumB = f32x4.add(sumB, newB);
      sumC = f32x4.add(sumC, newC);
      sumD = f32x4.add(sumD, newD);
      at += stride;
    }
    v128.store(CLASSES + p, classes);
    const best = BEST + ((<usize>p) << 2);
    v128.store(best, a);
    v128.store(best, b, 16);
    v128.store(best, c, 32);
    v128.store(best, d, 48);
    const sums = f32x4.add(f32x4.add(f32x4.abs(sumA), f32x4.abs(sumB)), f32x4.add(f32x4.abs(sumC), f32x4.abs(sumD)));
    if (v128.any_true(f32x4.ne(sums, sums))) {
      for (let i: u32 = 0; i < 16; i++) one(planes, p + i, stride);
    }
  }
}

function one(planes: u32, pixel: u32, stride: usize): void {
  let at = PLANES + ((<usize>pixel) << 2);
  let best = load<f32>(at);
  let found: u32 = 0;
  for (let k: u32 = 1; k < planes && best == best; k++) {
    at += stride;
    const value = load<f32>(at);
    if (value > best || value != value) {
      best = value;
      found = k;
    }
  }
  store<u8>(CLASSES + pixel, <u8>found);
  store<f32>(BEST + ((<usize>pixel) << 2), best);
}

/**
 * Compares `pixels` values at PLANES with the best ones at BEST, and puts `index` at CLASSES where one is better; the
 * rules are those of `argmax`. Up to a multiple of 16 is written.
 */
export function raise(index: u32, pixels: u32): void {
  const own = i8x16.splat(<i8>index);
  for (let p: u32 = 0; p < pixels; p += 16) {
    const at = (<usize>p) << 2;
    const higher = i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(raiseFour(at), raiseFour(at + 16)),
      i16x8.narrow_i32x4_s(raiseFour(at + 32), raiseFour(at + 48)),
    );
    v128.store(CLASSES + p, v128.bitselect(own, v128.load(CLASSES + p), higher));
  }
}

/** Where four values are better; a NaN is better than a number, and nothing than a NaN. */
function raiseFour(at: usize): v128 {
  const value = v128.load(PLANES + at);
  const best = v128.load(BEST + at);
  const higher = v128.andnot(f32x4.eq(best, best), f32x4.le(value, best));
  v128.store(BEST + at, v128.bitselect(value, best, higher));
  return higher;
}
