import { COUNTS, LENGTHS, SORTED } from "./layout";

/**
 * Entries of the decoding tables: bits 0 to 7 are the code bits to drop, 8 to 11 the extra bits that follow, 16 to 31
 * the value. The flags stand between.
 */
export const LITERAL: u32 = 1 << 15;
/** The value is the byte offset of a longer table, bits 8 to 11 its width. */
export const LONGER: u32 = 1 << 14;
/** End of block. */
export const END: u32 = 1 << 13;
/** No symbol has this code. */
export const INVALID: u32 = 1 << 12;

/**
 * Makes the decoding table of the code whose lengths stand at `lengths` (RFC 1951, 3.2.2).
 *
 * @param width - Bits of the first table.
 * @param kind - What the symbols are: `PLAIN`, `LITERAL_OR_LENGTH` or `DISTANCE`.
 * @returns Whether the code is one: not over-subscribed, and complete, but for a single code of one bit or no code.
 */
export function buildTable(lengths: usize, symbols: u32, table: usize, width: u32, kind: u32): bool {
  memory.fill(COUNTS, 0, 64);
  for (let s: u32 = 0; s < symbols; s++) {
    const at = COUNTS + ((<usize>load<u8>(lengths + s)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(COUNTS + (longest << 2)) == 0) longest--;
  // Places of each length among the sorted symbols, and the room that the codes leave.
  let left: i32 = 1;
  let place: u32 = 0;
  for (let length: u32 = 1; length <= 15; length++) {
    const count = load<u32>(COUNTS + (length << 2));
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    store<u32>(COUNTS + 64 + (length << 2), place);
    place += count;
  }
  if (left > 0 && (longest > 1 || kind == PLAIN)) return false;
  for (let s: u32 = 0; s < symbols; s++) {
    const length = <u32>load<u8>(lengths + s);
    if (length == 0) continue;
    const at = COUNTS + 64 + (length << 2);
    const to = load<u32>(at);
    store<u16>(SORTED + (to << 1), <u16>s);
    store<u32>(at, to + 1);
  }
  const size: u32 = 1 << width;
  // Codes that are not given stay invalid; they can be in incomplete codes only.
  if (left > 0) for (let at: u32 = 0; at < size; at++) store<u32>(table + (at << 2), INVALID);

  let code: u32 = 0;
  let next: u32 = size;
  let prefix: u32 = 0xffffffff;
  let sub: usize = 0;
  let subWidth: u32 = 0;
  let length: u32 = 1;
  let rest = load<u32>(COUNTS + 4);
  for (let index: u32 = 0; index < place; index++) {
    while (rest == 0) {
      length++;
      code <<= 1;
      rest = load<u32>(COUNTS + (length << 2));
    }
    const entry = entryOf(<u32>load<u16>(SORTED + (index << 1)), kind);
    const reversed = reverse(code, length);
    if (length <= width) {
      for (let at = reversed; at < size; at += 1 << length) store<u32>(table + (at << 2), entry | length);
    } else {
      if ((reversed & (size - 1)) != prefix) {
        prefix = reversed & (size - 1);
        // As many bits as the codes with this beginning need.
        subWidth = length - width;
        let room: i32 = (1 << subWidth) - <i32>rest;
        while (room > 0 && width + subWidth < longest) {
          subWidth++;
          room = (room << 1) - <i32>load<u32>(COUNTS + ((width + subWidth) << 2));
        }
        sub = table + (next << 2);
        store<u32>(table + (prefix << 2), LONGER | ((next << 2) << 16) | (subWidth << 8) | width);
        next += 1 << subWidth;
      }
      const end: u32 = 1 << subWidth;
      for (let at = reversed >> width; at < end; at += 1 << (length - width)) {
        store<u32>(sub + (at << 2), entry | (length - width));
      }
    }
    code++;
    rest--;
  }
  return true;
}

/** Kinds of symbols. */
export const PLAIN: u32 = 0;
export const LITERAL_OR_LENGTH: u32 = 1;
export const DISTANCE: u32 = 2;

function entryOf(symbol: u32, kind: u32): u32 {
  if (kind == PLAIN) return symbol << 16;
  if (kind == DISTANCE) {
    if (symbol < 4) return (symbol + 1) << 16;
    if (symbol > 29) return INVALID;
    const extra = (symbol >> 1) - 1;
    return ((((2 + (symbol & 1)) << extra) + 1) << 16) | (extra << 8);
  }
  if (symbol < 256) return LITERAL | (symbol << 16);
  if (symbol == 256) return END;
  if (symbol < 265) return (symbol - 254) << 16;
  if (symbol == 285) return 258 << 16;
  if (symbol > 285) return INVALID;
  const extra = (symbol - 261) >> 2;
  return ((((4 + ((symbol - 265) & 3)) << extra) + 3) << 16) | (extra << 8);
}

function reverse(code: u32, length: u32): u32 {
  let bits: u32 = 0;
  for (let n: u32 = 0; n < length; n++) {
    bits = (bits << 1) | (code & 1);
    code >>= 1;
  }
  return bits;
}

/** Sets the code lengths of the fixed code (RFC 1951, 3.2.6). */
export function fixedLengths(): void {
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  memory.fill(LENGTHS + 288, 5, 32);
}

/** In which order the lengths of the code for code lengths stand: 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15. */
export function orderOf(i: u32): u32 {
  if (i < 3) return 16 + i;
  if (i == 3) return 0;
  return i & 1 ? 8 - ((i - 3) >> 1) : 8 + ((i - 4) >> 1);
}
