import { kernel } from "./kernel/kernel.js";

/** The highest of some bytes, those that are `except` left out; 0 of none. */
export function highestOf(bytes: Uint8Array, except = 256): number {
  const found = kernel();
  let highest = 0;
  if (found === undefined) {
    for (let at = 0; at < bytes.length; at++) {
      const value = bytes[at]!;
      if (value > highest && value !== except) highest = value;
    }
    return highest;
  }
  const { ROWS, ROWS_BYTES } = found.at;
  for (let at = 0; at < bytes.length && highest < 255; at += ROWS_BYTES) {
    const part = bytes.subarray(at, at + ROWS_BYTES);
    found.bytes.set(part, ROWS);
    highest = Math.max(highest, found.highest(ROWS, part.length, except));
  }
  return highest;
}
