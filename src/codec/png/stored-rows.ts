import { adler32 } from "../adler32.js";

/** Longest stored block of DEFLATE (RFC 1951, 3.2.4). */
const longestBlock = 65_535;

/** Bytes of a zlib stream that stores rows as they are: head, checksum, five bytes a block, a filter byte a row. */
export function storedBytes(rows: number, bytes: number): number {
  const raw = rows * (bytes + 1);
  return 6 + raw + 5 * Math.ceil(raw / longestBlock);
}

/** Writes rows of `bytes` bytes, with filter 0 and not compressed, as zlib stream. */
export function writeStored(rows: Uint8Array, bytes: number, file: Uint8Array, at: number): void {
  const total = (rows.length / bytes) * (bytes + 1);
  // Method 8, window of 32 KB, fastest.
  file.set([0x78, 0x01], at);
  let to = at + 2;
  let sum = 1;
  let from = 0;
  // Bytes of the row that are still to be written; the filter byte comes when there are none.
  let left = 0;
  for (let written = 0; written < total;) {
    const length = Math.min(longestBlock, total - written);
    const last = written + length === total ? 1 : 0;
    file.set([last, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], to);
    to += 5;
    const begin = to;
    const end = to + length;
    while (to < end) {
      if (left === 0) {
        file[to++] = 0;
        left = bytes;
        continue;
      }
      const count = Math.min(left, end - to);
      file.set(rows.subarray(from, from + count), to);
      from += count;
      to += count;
      left -= count;
    }
    sum = adler32(file.subarray(begin, end), sum);
    written += length;
  }
  new DataView(file.buffer, file.byteOffset).setUint32(to, sum);
}
