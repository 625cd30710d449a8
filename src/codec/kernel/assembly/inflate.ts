import {
  buildTable,
  DISTANCE,
  END,
  fixedLengths,
  INVALID,
  LITERAL,
  LITERAL_OR_LENGTH,
  LONGER,
  orderOf,
  PLAIN,
} from "./huffman";
import { DISTANCES, INPUT, LENGTHS, LITERALS, PATTERNS, RAW } from "./layout";

// What a call of `inflate` ends with.
/** More compressed bytes are needed. */
export const MORE_INPUT: i32 = 0;
/** The limit is reached (or passed by at most 257 bytes). */
export const FULL: i32 = 1;
/** The last block has ended. */
export const DONE: i32 = 2;
/** `storedLeft` bytes follow that are stored as they are; the caller writes them, and feeds what comes after. */
export const STORED: i32 = 3;
/** The data is no DEFLATE stream, or ends inside one. */
export const DAMAGED: i32 = 4;

/** Stored blocks up to this length are copied from the input. */
const LONG: u32 = 2048;

const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;

/** Bytes that the longest block header may take: 320 code lengths of at most 14 bits, and what is before them. */
const HEADER_BYTES: usize = 640;

// Between blocks, inside a block of codes, inside a stored block.
let inBlock: bool = false;
let lastBlock: bool = false;
let stored: u32 = 0;
let bits: u64 = 0;
let count: u32 = 0;
let input: usize = 0;
let inputEnd: usize = 0;
/** Where the next inflated byte goes. */
let out: usize = 0;

/** Begins a stream; the first bytes have to be fed. */
export function resetInflate(): void {
  inBlock = false;
  lastBlock = false;
  stored = 0;
  bits = 0;
  count = 0;
  input = INPUT;
  inputEnd = INPUT;
  fed(0);
  out = RAW;
  for (let distance: u32 = 2; distance < 16; distance++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(PATTERNS + (distance << 4) + i, <u8>(i % distance));
  }
}

/** Moves the bytes that are not used yet to the start of the input; says how many they are. */
export function keepInput(): u32 {
  const left = <u32>(inputEnd - input);
  memory.copy(INPUT, input, left);
  input = INPUT;
  inputEnd = INPUT + left;
  return left;
}

/** Forgets the input that is not used yet; says how many bytes it had. */
export function dropInput(): u32 {
  const left = <u32>(inputEnd - input);
  input = INPUT;
  inputEnd = INPUT;
  fed(0);
  return left;
}

/** Says that `length` bytes were written behind those that were kept. */
export function fed(length: u32): void {
  inputEnd += length;
  // What is read beyond the end counts as zeros and is refused afterwards.
  memory.fill(inputEnd, 0, HEADER_BYTES + 64);
}

/** Where the inflated bytes end. */
export function outputEnd(): usize {
  return out;
}

/** Bytes of a stored block that are still to come. */
export function storedLeft(): u32 {
  return stored;
}

/** Says that the caller wrote `length` bytes of the stored block to the output itself. */
export function storedWritten(length: u32): void {
  stored -= length;
  out += length;
}

/** Moves the inflated bytes from `from` on to the start of their memory. */
export function slide(from: usize): void {
  memory.copy(RAW, from, out - from);
  out = RAW + (out - from);
}

/**
 * Inflates until the limit is reached, the input is used up or the stream ends.
 *
 * @param final - Whether the input holds the rest of the stream.
 */
export function inflate(limit: usize, final: bool): i32 {
  while (true) {
    if (out >= limit) return FULL;
    if (stored > LONG) return STORED;
    if (stored > 0) {
      const length = min(min(stored, <u32>(limit - out)), <u32>max(<i32>inputEnd - <i32>input, 0));
      if (length == 0) return final ? DAMAGED : MORE_INPUT;
      memory.copy(out, input, length);
      input += length;
      storedWritten(length);
      continue;
    }
    if (!inBlock) {
      if (lastBlock) return DONE;
      if (!final && input + HEADER_BYTES > inputEnd) return MORE_INPUT;
      if (!readHeader() || input > inputEnd) return DAMAGED;
    } else {
      const state = readCodes(limit, final);
      if (state != DONE) return state;
      inBlock = false;
    }
  }
}

function need(n: u32): void {
  while (count < n) {
    bits |= (<u64>load<u8>(input++)) << count;
    count += 8;
  }
}

function take(n: u32): u32 {
  need(n);
  const value = (<u32>bits) & ((1 << n) - 1);
  bits >>= n;
  count -= n;
  return value;
}

function readHeader(): bool {
  lastBlock = take(1) != 0;
  const type = take(2);
  if (type == 0) {
    bits = 0;
    count = 0;
    const length = <u32>load<u16>(input);
    if (length != (~(<u32>load<u16>(input + 2)) & 0xffff)) return false;
    input += 4;
    stored = length;
    return true;
  }
  if (type == 3) return false;
  inBlock = true;
  if (type == 1) {
    fixedLengths();
    buildTable(LENGTHS, 288, LITERALS, LITERAL_BITS, LITERAL_OR_LENGTH);
    return buildTable(LENGTHS + 288, 32, DISTANCES, DISTANCE_BITS, DISTANCE);
  }
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const codes = take(4) + 4;
  if (literals > 286 || distances > 30) return false;
  return readLengths(codes, literals + distances) && buildTables(literals, distances);
}

/** Reads the code lengths of a dynamic block (RFC 1951, 3.2.7). */
function readLengths(codes: u32, total: u32): bool {
  memory.fill(LENGTHS, 0, 19);
  for (let i: u32 = 0; i < codes; i++) store<u8>(LENGTHS + orderOf(i), <u8>take(3));
  // The table for the lengths stands for a moment where the distances will be.
  if (!buildTable(LENGTHS, 19, DISTANCES, 7, PLAIN)) return false;
  let last: u8 = 0;
  for (let at: u32 = 0; at < total;) {
    need(7);
    const entry = load<u32>(DISTANCES + (((<usize>bits) & 127) << 2));
    const drop = entry & 255;
    if (entry & INVALID || drop == 0) return false;
    bits >>= drop;
    count -= drop;
    const symbol = (entry >> 16) & 31;
    let repeat: u32 = 1;
    if (symbol < 16) last = <u8>symbol;
    else if (symbol == 16) {
      if (at == 0) return false;
      repeat = 3 + take(2);
    } else {
      repeat = symbol == 17 ? 3 + take(3) : 11 + take(7);
      last = 0;
    }
    if (at + repeat > total) return false;
    memory.fill(LENGTHS + at, last, repeat);
    at += repeat;
  }
  return true;
}

function buildTables(literals: u32, distances: u32): bool {
  // Without an end the block could not be left.
  if (load<u8>(LENGTHS + 256) == 0) return false;
  return (
    buildTable(LENGTHS, literals, LITERALS, LITERAL_BITS, LITERAL_OR_LENGTH) &&
    buildTable(LENGTHS + literals, distances, DISTANCES, DISTANCE_BITS, DISTANCE)
  );
}

/** Reads symbols until the block ends (`DONE`), the limit is reached or the input used up. */
function readCodes(limit: usize, final: bool): i32 {
  // Locals stay in registers.
  let hold = bits;
  let held = count;
  let from = input;
  let to = out;
  // In the last part of the input the zeros behind it may be read.
  const safe = final ? inputEnd + 8 : inputEnd - 16;
  let state: i32 = FULL;
  while (to < limit) {
    if (from > safe) {
      state = final ? DAMAGED : MORE_INPUT;
      break;
    }
    hold |= load<u64>(from) << held;
    from += (63 - held) >> 3;
    held |= 56;
    let entry = load<u32>(LITERALS + (((<usize>hold) & ((1 << LITERAL_BITS) - 1)) << 2));
    if (entry & LITERAL) {
      hold >>= entry & 255;
      held -= entry & 255;
      store<u8>(to++, <u8>(entry >> 16));
      // Two literals of at most 11 bits leave enough bits for a whole match.
      entry = load<u32>(LITERALS + (((<usize>hold) & ((1 << LITERAL_BITS) - 1)) << 2));
      if (entry & LITERAL) {
        hold >>= entry & 255;
        held -= entry & 255;
        store<u8>(to++, <u8>(entry >> 16));
        continue;
      }
      // A match may take 48 bits more than this literal's.
      hold |= load<u64>(from) << held;
      from += (63 - held) >> 3;
      held |= 56;
    }
    if (entry & LONGER) {
      hold >>= LITERAL_BITS;
      held -= LITERAL_BITS;
      const width = (entry >> 8) & 15;
      entry = load<u32>(LITERALS + (entry >> 16) + (((<usize>hold) & ((1 << width) - 1)) << 2));
    }
    hold >>= entry & 255;
    held -= entry & 255;
    if (entry & (LITERAL | END | INVALID)) {
      if (entry & LITERAL) {
        store<u8>(to++, <u8>(entry >> 16));
        continue;
      }
      state = entry & END ? DONE : DAMAGED;
      break;
    }
    let extra = (entry >> 8) & 15;
    const length = (entry >> 16) + ((<u32>hold) & ((1 << extra) - 1));
    hold >>= extra;
    held -= extra;
    entry = load<u32>(DISTANCES + (((<usize>hold) & ((1 << DISTANCE_BITS) - 1)) << 2));
    if (entry & LONGER) {
      hold >>= DISTANCE_BITS;
      held -= DISTANCE_BITS;
      const width = (entry >> 8) & 15;
      entry = load<u32>(DISTANCES + (entry >> 16) + (((<usize>hold) & ((1 << width) - 1)) << 2));
    }
    if (entry & INVALID) {
      state = DAMAGED;
      break;
    }
    hold >>= entry & 255;
    held -= entry & 255;
    extra = (entry >> 8) & 15;
    const distance = (entry >> 16) + ((<u32>hold) & ((1 << extra) - 1));
    hold >>= extra;
    held -= extra;
    // All that was inflated, or at least the last 32 KB of it, stands from RAW on.
    if (distance > <u32>(to - RAW)) {
      state = DAMAGED;
      break;
    }
    copyMatch(to, distance, length);
    to += length;
  }
  // Whole bytes that were not used go back.
  from -= held >> 3;
  held &= 7;
  bits = hold & (((<u64>1) << held) - 1);
  count = held;
  input = from;
  out = to;
  return from > inputEnd ? DAMAGED : state;
}

/** Copies a match; up to 31 bytes behind it are overwritten. */
function copyMatch(to: usize, distance: usize, length: usize): void {
  const end = to + length;
  let from = to - distance;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      from += 16;
      to += 16;
    } while (to < end);
  } else if (distance == 1) {
    const run = i8x16.splat(load<i8>(from));
    do {
      v128.store(to, run);
      to += 16;
    } while (to < end);
  } else {
    // 16 bytes of the repeated pattern; each step goes on by a whole number of repetitions.
    const pattern = i8x16.swizzle(v128.load(from), v128.load(PATTERNS + (distance << 4)));
    const step = 16 - (16 % <u32>distance);
    do {
      v128.store(to, pattern);
      to += step;
    } while (to < end);
  }
}
