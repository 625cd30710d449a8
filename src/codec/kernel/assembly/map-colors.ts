import { COLOR_SLOTS, COLORS, INDICES, ROWS } from "./layout";

/** The index of a colour that is of no class; those of empty slots are higher. */
const NONE: u32 = 0x100;

/** What pixels become that are fully transparent, and those of unknown colour or half transparent. */
let transparent: u32 = NONE;
let unknown: u32 = NONE;

/** Empties the colour table. Values are 0 to 255, or 256: such pixels are refused. */
export function resetColors(transparentIndex: u32, unknownIndex: u32): void {
  transparent = transparentIndex;
  unknown = unknownIndex;
  memory.fill(COLORS, 0xff, <usize>COLOR_SLOTS * 8);
}

/** Adds a colour (red in the low byte) with its class index. */
export function addColor(color: u32, index: u32): void {
  let at = slotOf(color);
  while (load<u32>(at + 4) <= 0xff) at = next(at);
  store<u32>(at, color);
  store<u32>(at + 4, index);
}

function slotOf(color: u32): usize {
  // A multiplicative hash; the top 13 bits choose the slot.
  return COLORS + ((<usize>((color * 0x9e3779b1) >> 19)) << 3);
}

function next(at: usize): usize {
  return at + 8 == COLORS + ((<usize>COLOR_SLOTS) << 3) ? COLORS : at + 8;
}

/** The class index of a pixel, or NONE. */
function lookUp(pixel: u32, step: usize): u32 {
  if (step == 4) {
    const alpha = pixel >> 24;
    if (alpha == 0) return transparent != NONE ? transparent : unknown;
    if (alpha != 255) return unknown;
  }
  const color = pixel & 0xffffff;
  let at = slotOf(color);
  while (true) {
    const index = load<u32>(at + 4);
    if (index > 0xff) return unknown;
    if (load<u32>(at) == color) return index;
    at = next(at);
  }
}

/**
 * Makes class indices of `pixels` RGB or RGBA pixels, from ROWS to INDICES. Up to 15 bytes behind are overwritten.
 *
 * @returns How many were known; less than `pixels`: the place of the first that was not.
 */
export function mapColors(pixels: u32, step: usize): u32 {
  let last: u32 = 0;
  let index: u32 = NONE;
  let run = i8x16.splat(0);
  let at: usize = ROWS;
  for (let p: u32 = 0; p < pixels; p += 16) {
    // Inside of areas: sixteen pixels of the colour of the one before.
    if (index != NONE && sameColor(at, run, step)) {
      v128.store(INDICES + p, i8x16.splat(<i8>index));
      at += 16 * step;
      continue;
    }
    const end = min(p + 16, pixels);
    for (let i = p; i < end; i++) {
      const pixel = step == 4 ? load<u32>(at) : load<u32>(at) & 0xffffff;
      if (pixel != last || index == NONE) {
        index = lookUp(pixel, step);
        if (index == NONE) return i;
        last = pixel;
      }
      store<u8>(INDICES + i, <u8>index);
      at += step;
    }
    run = step == 4 ? i32x4.splat(last) : rgbRun(last);
  }
  return pixels;
}

/** The bytes of a colour, repeated: the first vector of three whose patterns differ by their beginning. */
function rgbRun(color: u32): v128 {
  const v = i32x4.splat(color);
  return i8x16.shuffle(v, v, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0);
}

function sameColor(at: usize, run: v128, step: usize): bool {
  if (step == 4) {
    const a = v128.or(v128.xor(v128.load(at), run), v128.xor(v128.load(at, 16), run));
    const b = v128.or(v128.xor(v128.load(at, 32), run), v128.xor(v128.load(at, 48), run));
    return !v128.any_true(v128.or(a, b));
  }
  const second = i8x16.shuffle(run, run, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1);
  const third = i8x16.shuffle(run, run, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
  const a = v128.xor(v128.load(at), run);
  const b = v128.xor(v128.load(at, 16), second);
  return !v128.any_true(v128.or(v128.or(a, b), v128.xor(v128.load(at, 32), third)));
}
