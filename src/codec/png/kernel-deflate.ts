import type { Kernel } from "../kernel/kernel.js";

/** Distances of DEFLATE end here, and rows are compared with those above them. */
const longestStride = 32_768;

/**
 * Compresses rows, filter 0, to a zlib stream in the kernel: runs, and repetitions of the row above. `undefined` for
 * rows that are too long.
 *
 * The bytes depend on the rows alone, not on the version of a zlib.
 */
export function deflateInKernel(kernel: Kernel, rows: Uint8Array, bytes: number): Uint8Array | undefined {
  if (bytes >= longestStride) return undefined;
  const { RAW_BYTES, ROWS, ROWS_BYTES, INDICES } = kernel.at;
  const height = rows.length / bytes;
  const most = Math.min(Math.floor(ROWS_BYTES / bytes), Math.floor(RAW_BYTES / (bytes + 1)) - 1);
  // Method 8, window of 32 KB, fast.
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x5e)];
  kernel.resetAdler(1);
  kernel.resetDeflate(bytes);
  for (let row = 0; row < height; row += most) {
    const count = Math.min(most, height - row);
    kernel.bytes.set(rows.subarray(row * bytes, (row + count) * bytes), ROWS);
    kernel.takeRows(count);
    for (let at = 0; ;) {
      at = kernel.findMatches(at, count);
      if (at === count * (bytes + 1)) break;
      parts.push(kernel.bytes.slice(INDICES, INDICES + kernel.endBlock(false)));
    }
    kernel.keepRow(count);
  }
  parts.push(kernel.bytes.slice(INDICES, INDICES + kernel.endBlock(true)));
  const sum = new Uint8Array(4);
  new DataView(sum.buffer).setUint32(0, kernel.adler() >>> 0);
  return join([...parts, sum]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
