import { CODE_LENGTHS, CODES, COUNTS, FREQUENCIES, TREE } from "./layout";

/**
 * Makes the Huffman code of `count` symbols from `first` on after their frequencies: lengths of at most `limit` bits,
 * and the codes, first bit lowest. At least two symbols get a code, which some readers ask for.
 */
export function makeCode(first: u32, count: u32, limit: u32): void {
  memory.fill(CODE_LENGTHS + first, 0, count);
  const used = sortSymbols(first, count);
  treeDepths(used);
  limitDepths(used, limit);
  // Sorted from rare to frequent: the most frequent get the shortest codes.
  let place = used;
  for (let length: u32 = 1; length <= limit; length++) {
    for (let n = load<u32>(COUNTS + (length << 2)); n > 0; n--) {
      place--;
      store<u8>(CODE_LENGTHS + first + load<u16>(TREE + 0x800 + (place << 1)), <u8>length);
    }
  }
  let code: u32 = 0;
  for (let length: u32 = 1; length <= limit; length++) {
    code <<= 1;
    for (let s = first; s < first + count; s++) {
      if (<u32>load<u8>(CODE_LENGTHS + s) != length) continue;
      let reversed: u32 = 0;
      for (let n: u32 = 0; n < length; n++) reversed |= ((code >> n) & 1) << (length - 1 - n);
      store<u16>(CODES + (s << 1), <u16>reversed);
      code++;
    }
  }
}

/** Weights at TREE and symbols behind them, from rare to frequent. */
function sortSymbols(first: u32, count: u32): u32 {
  let used: u32 = 0;
  for (let s: u32 = 0; s < count; s++) {
    const weight = load<u32>(FREQUENCIES + ((first + s) << 2));
    if (weight > 0) used = insert(used, weight, s);
  }
  for (let s: u32 = 0; used < 2; s++) {
    if (load<u32>(FREQUENCIES + ((first + s) << 2)) == 0) used = insert(used, 1, s);
  }
  return used;
}

function insert(used: u32, weight: u32, symbol: u32): u32 {
  let at = used;
  while (at > 0 && load<u32>(TREE + ((at - 1) << 2)) > weight) {
    store<u32>(TREE + (at << 2), load<u32>(TREE + ((at - 1) << 2)));
    store<u16>(TREE + 0x800 + (at << 1), load<u16>(TREE + 0x800 + ((at - 1) << 1)));
    at--;
  }
  store<u32>(TREE + (at << 2), weight);
  store<u16>(TREE + 0x800 + (at << 1), <u16>symbol);
  return used + 1;
}

function weightAt(at: i32): i32 {
  return load<i32>(TREE + ((<usize>at) << 2));
}

function setWeight(at: i32, weight: i32): void {
  store<i32>(TREE + ((<usize>at) << 2), weight);
}

/** Turns sorted weights into depths in place (A. Moffat, J. Katajainen: In-Place Calculation of Minimum-Redundancy Codes). */
function treeDepths(used: i32): void {
  setWeight(0, weightAt(0) + weightAt(1));
  let root = 0;
  let leaf = 2;
  for (let next = 1; next < used - 1; next++) {
    let sum = 0;
    if (leaf >= used || weightAt(root) < weightAt(leaf)) {
      sum = weightAt(root);
      setWeight(root++, next);
    } else sum = weightAt(leaf++);
    if (leaf >= used || (root < next && weightAt(root) < weightAt(leaf))) {
      sum += weightAt(root);
      setWeight(root++, next);
    } else sum += weightAt(leaf++);
    setWeight(next, sum);
  }
  setWeight(used - 2, 0);
  for (let next = used - 3; next >= 0; next--) setWeight(next, weightAt(weightAt(next)) + 1);
  let free = 1;
  let depth = 0;
  root = used - 2;
  let next = used - 1;
  while (free > 0) {
    let inner = 0;
    while (root >= 0 && weightAt(root) == depth) {
      inner++;
      root--;
    }
    while (free > inner) {
      setWeight(next--, depth);
      free--;
    }
    free = 2 * inner;
    depth++;
  }
}

/** Counts the codes of each length at COUNTS, none longer than the limit. */
function limitDepths(used: u32, limit: u32): void {
  memory.fill(COUNTS, 0, 64);
  for (let n: u32 = 0; n < used; n++) {
    const at = COUNTS + (min(load<u32>(TREE + (n << 2)), limit) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let room: u32 = 0;
  for (let length: u32 = 1; length <= limit; length++) room += load<u32>(COUNTS + (length << 2)) << (limit - length);
  // Too many: take a longest one away, and make two of a shorter one.
  while (room > (<u32>1) << limit) {
    const longest = COUNTS + (limit << 2);
    store<u32>(longest, load<u32>(longest) - 1);
    let length = limit - 1;
    while (load<u32>(COUNTS + (length << 2)) == 0) length--;
    const at = COUNTS + (length << 2);
    store<u32>(at, load<u32>(at) - 1);
    store<u32>(at + 4, load<u32>(at + 4) + 2);
    room--;
  }
}
