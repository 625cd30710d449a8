import { addAdler } from "./checksum";
import { CODE_LENGTHS, CODES, FREQUENCIES, INDICES, LENGTH_BITS, MOST_TOKENS, RAW, ROWS, RUNS, TOKENS } from "./layout";
import { orderOf } from "./huffman";
import { makeCode } from "./make-code";

// Places of the three codes among the symbols.
const DISTANCES: u32 = 288;
const RUN_LENGTHS: u32 = 320;

/** A match; bits 16 and up are its length. Else the token is a literal. */
const MATCH: u32 = 0x100;
/** The match is with the row above, else with the byte before. */
const ABOVE: u32 = 0x200;

/** A match with the row above costs some ten bits more; it must be so much longer to be worth it. */
const WORTH: usize = 24;

let stride: usize = 0;
let aboveSymbol: u32 = 0;
let aboveExtra: u32 = 0;
let aboveExtraBits: u32 = 0;
let firstRows: bool = true;
let tokens: u32 = 0;
let hold: u64 = 0;
let held: u32 = 0;
let to: usize = 0;

/** Begins a zlib stream of rows of `bytes` bytes. */
export function resetDeflate(bytes: usize): void {
  stride = bytes + 1;
  // The distance of the row above, as RFC 1951, 3.2.5 has it.
  const distance = <u32>stride - 1;
  if (distance < 4) {
    aboveSymbol = distance;
    aboveExtraBits = 0;
  } else {
    const top = 31 - clz(distance);
    aboveSymbol = 2 * top + ((distance >> (top - 1)) & 1);
    aboveExtraBits = top - 1;
  }
  aboveExtra = distance & ((1 << aboveExtraBits) - 1);
  firstRows = true;
  tokens = 0;
  hold = 0;
  held = 0;
  to = INDICES;
  memory.fill(FREQUENCIES, 0, 320 * 4);
}

/** Takes the next `rows` rows from ROWS, each behind a filter byte; the row before them stands at RAW already. */
export function takeRows(rows: u32): void {
  const bytes = stride - 1;
  let from = ROWS;
  let at = RAW + stride;
  for (let y: u32 = 0; y < rows; y++) {
    store<u8>(at, 0);
    memory.copy(at + 1, from, bytes);
    from += bytes;
    at += stride;
  }
  addAdler(RAW + stride, <usize>rows * stride);
}

/**
 * Finds the matches of the rows that were taken, from the byte `start` on.
 *
 * @returns The byte behind the last row, or that where the block was full: then on from there, after `endBlock`.
 */
export function findMatches(start: usize, rows: u32): usize {
  const begin = RAW + stride;
  const end = begin + <usize>rows * stride;
  let at = begin + start;
  let count = tokens;
  while (at < end && count < MOST_TOKENS) {
    const most = min(<usize>258, end - at);
    const first = firstRows && at < begin + stride;
    let length: usize = first && at == begin ? 0 : runLength(at, most);
    let token = MATCH;
    if (length < most && !first) {
      const above = sameLength(at, at - stride, most);
      if (above >= length + WORTH || (above == most && above > length)) {
        length = above;
        token = MATCH | ABOVE;
      }
    }
    if (length < 3) {
      const value = <u32>load<u8>(at);
      store<u32>(TOKENS + (count << 2), value);
      countOne(value);
      at++;
    } else {
      store<u32>(TOKENS + (count << 2), token | ((<u32>length) << 16));
      countOne(257 + lengthSymbol(<u32>length));
      countOne(DISTANCES + (token & ABOVE ? aboveSymbol : 0));
      at += length;
    }
    count++;
  }
  tokens = count;
  return at - begin;
}

/** Keeps the last row for the next ones. */
export function keepRow(rows: u32): void {
  memory.copy(RAW, RAW + <usize>rows * stride, stride);
  firstRows = false;
}

function countOne(symbol: u32): void {
  const at = FREQUENCIES + ((<usize>symbol) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function runLength(at: usize, most: usize): usize {
  const run = i8x16.splat(load<i8>(at - 1));
  for (let n: usize = 0; n < most; n += 16) {
    const other = i8x16.bitmask(i8x16.ne(v128.load(at + n), run));
    if (other != 0) return min(n + ctz(other), most);
  }
  return most;
}

function sameLength(a: usize, b: usize, most: usize): usize {
  for (let n: usize = 0; n < most; n += 16) {
    const other = i8x16.bitmask(i8x16.ne(v128.load(a + n), v128.load(b + n)));
    if (other != 0) return min(n + ctz(other), most);
  }
  return most;
}

/** 0 to 28 for lengths 3 to 258. */
function lengthSymbol(length: u32): u32 {
  if (length < 11) return length - 3;
  if (length == 258) return 28;
  const top = 31 - clz(length - 3);
  return 4 * (top - 1) + (((length - 3) >> (top - 2)) & 3);
}

function put(value: u64, bits: u32): void {
  hold |= value << held;
  held += bits;
  if (held >= 32) {
    store<u32>(to, <u32>hold);
    to += 4;
    hold >>= 32;
    held -= 32;
  }
}

function putSymbol(symbol: u32): void {
  put(load<u16>(CODES + (symbol << 1)), load<u8>(CODE_LENGTHS + symbol));
}

/**
 * Writes the block of the tokens so far to INDICES, with a code of its own; the last one to whole bytes.
 *
 * @returns How many bytes are there; they are taken away with the call.
 */
export function endBlock(last: bool): u32 {
  store<u32>(FREQUENCIES + 256 * 4, 1);
  makeCode(0, 286, 15);
  makeCode(DISTANCES, 30, 15);
  put(last ? 5 : 4, 3);
  putCodes();
  // Length and extra bits as one.
  for (let length: u32 = 3; length <= 258; length++) {
    const symbol = lengthSymbol(length);
    const bits = <u32>load<u8>(CODE_LENGTHS + 257 + symbol);
    const extra: u32 = symbol < 8 || symbol == 28 ? 0 : (symbol >> 2) - 1;
    const value = (length - 3) & ((1 << extra) - 1);
    store<u32>(
      LENGTH_BITS + (length << 2),
      ((bits + extra) << 24) | (value << bits) | (<u32>load<u16>(CODES + ((257 + symbol) << 1))),
    );
  }
  for (let n: u32 = 0; n < tokens; n++) {
    const token = load<u32>(TOKENS + (n << 2));
    if (token & MATCH) {
      const length = load<u32>(LENGTH_BITS + ((token >> 16) << 2));
      put(length & 0xffffff, length >> 24);
      if (token & ABOVE) {
        putSymbol(DISTANCES + aboveSymbol);
        put(aboveExtra, aboveExtraBits);
      } else putSymbol(DISTANCES);
    } else putSymbol(token);
  }
  putSymbol(256);
  tokens = 0;
  memory.fill(FREQUENCIES, 0, 320 * 4);
  if (last) {
    for (; held > 0; held = held > 8 ? held - 8 : 0) {
      store<u8>(to++, <u8>hold);
      hold >>= 8;
    }
  }
  const length = <u32>(to - INDICES);
  to = INDICES;
  return length;
}

/** Writes the code lengths of both codes, themselves as runs in a third code (RFC 1951, 3.2.7). */
function putCodes(): void {
  let literals: u32 = 286;
  while (literals > 257 && load<u8>(CODE_LENGTHS + literals - 1) == 0) literals--;
  let distances: u32 = 30;
  while (distances > 1 && load<u8>(CODE_LENGTHS + DISTANCES + distances - 1) == 0) distances--;
  memory.fill(FREQUENCIES + RUN_LENGTHS * 4, 0, 19 * 4);
  const total = literals + distances;
  let runs: u32 = 0;
  for (let at: u32 = 0; at < total;) {
    const value = lengthAt(at, literals);
    let repeat: u32 = 1;
    while (at + repeat < total && lengthAt(at + repeat, literals) == value) repeat++;
    at += repeat;
    if (value != 0) {
      runs = addRun(runs, value, 0);
      repeat--;
    }
    while (repeat >= 3) {
      const most: u32 = value != 0 ? 6 : 138;
      const length = min(repeat, most);
      if (value != 0) runs = addRun(runs, 16, length - 3);
      else if (length < 11) runs = addRun(runs, 17, length - 3);
      else runs = addRun(runs, 18, length - 11);
      repeat -= length;
    }
    for (; repeat > 0; repeat--) runs = addRun(runs, value, 0);
  }
  makeCode(RUN_LENGTHS, 19, 7);
  let given: u32 = 19;
  while (given > 4 && load<u8>(CODE_LENGTHS + RUN_LENGTHS + orderOf(given - 1)) == 0) given--;
  put(literals - 257, 5);
  put(distances - 1, 5);
  put(given - 4, 4);
  for (let i: u32 = 0; i < given; i++) put(load<u8>(CODE_LENGTHS + RUN_LENGTHS + orderOf(i)), 3);
  for (let n: u32 = 0; n < runs; n++) {
    const run = load<u16>(RUNS + (n << 1));
    const symbol = (<u32>run) & 31;
    putSymbol(RUN_LENGTHS + symbol);
    if (symbol > 15) put(run >> 5, symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
  }
}

function lengthAt(at: u32, literals: u32): u32 {
  return load<u8>(CODE_LENGTHS + (at < literals ? at : DISTANCES + at - literals));
}

function addRun(runs: u32, symbol: u32, extra: u32): u32 {
  store<u16>(RUNS + (runs << 1), <u16>((extra << 5) | symbol));
  countOne(RUN_LENGTHS + symbol);
  return runs + 1;
}
