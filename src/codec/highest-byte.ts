import { kernel } from "./kernel/kernel.js";

/** The highest of some bytes; 0 of none. */
export function highestOf(bytes: Uint8Array): number {
  const found = kernel();
  let highest = 0;
  if (found === undefined) {
    for (let at = 0; at < bytes.length; at++) if (bytes[at]! > highest) highest = bytes[at]!;
    return highest;
  }
  const { ROWS, ROWS_BYTES } = found.at;
  for (let at = 0; at < bytes.length && highest < 255; at += ROWS_BYTES) {
    const part = bytes.subarray(at, at + ROWS_BYTES);
    found.bytes.set(part, ROWS);
    // Above 255: every byte counts.
    highest = Math.max(highest, found.highest(ROWS, part.length, 256));
  }
  return highest;
}
