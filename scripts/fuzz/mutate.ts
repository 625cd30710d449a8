import type { Dice } from "./random.js";

/** Values at the edges of number ranges. */
const edges = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 254, 255];
const wideEdges = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x1fffffff, 0x20000000, 0x7fffffff, 0x80000000, 0xffffffff]; // prettier-ignore

/** Longest mutant: pieces that are put in may not let it grow without end. */
const longest = 4096;

type Mutation = (bytes: Uint8Array, dice: Dice, others: readonly Uint8Array[]) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBit(bytes, dice) {
    if (bytes.length > 0) bytes[dice.below(bytes.length)]! ^= 1 << dice.below(8);
    return bytes;
  },
  function setByte(bytes, dice) {
    if (bytes.length > 0) bytes[dice.below(bytes.length)] = dice.below(2) === 0 ? dice.pick(edges) : dice.below(256);
    return bytes;
  },
  function setNumber(bytes, dice) {
    const width = dice.pick([2, 4]);
    if (bytes.length < width) return bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = dice.below(bytes.length - width + 1);
    const value = dice.pick(wideEdges);
    if (width === 2) view.setUint16(at, value & 0xffff, dice.below(2) === 0);
    else view.setUint32(at, value, dice.below(2) === 0);
    return bytes;
  },
  function addToByte(bytes, dice) {
    if (bytes.length > 0) bytes[dice.below(bytes.length)]! += dice.below(9) - 4;
    return bytes;
  },
  function remove(bytes, dice) {
    const at = dice.below(bytes.length + 1);
    const count = 1 + dice.below(Math.min(32, bytes.length + 1));
    return joined(bytes.subarray(0, at), bytes.subarray(at + count));
  },
  function repeat(bytes, dice) {
    const at = dice.below(bytes.length + 1);
    const piece = bytes.subarray(at, at + 1 + dice.below(64));
    return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  function insert(bytes, dice) {
    const at = dice.below(bytes.length + 1);
    const piece = Uint8Array.from({ length: 1 + dice.below(8) }, () => dice.below(256));
    return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  function cutOff(bytes, dice) {
    return bytes.subarray(0, dice.below(bytes.length + 1));
  },
  function splice(bytes, dice, others) {
    const other = dice.pick(others);
    return joined(bytes.subarray(0, dice.below(bytes.length + 1)), other.subarray(dice.below(other.length + 1)));
  },
];

/** Changes a copy of some bytes in one to four ways; `others` are what pieces are taken from, `most` is what is kept. */
export function mutate(bytes: Uint8Array, dice: Dice, others: readonly Uint8Array[], most = longest): Uint8Array {
  let mutant: Uint8Array = Uint8Array.from(bytes);
  for (let left = 1 + dice.below(4); left > 0; left--) mutant = dice.pick(mutations)(mutant, dice, others);
  return mutant.length > most ? mutant.subarray(0, most) : mutant;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
