/** Adler-32 in plain JavaScript, going on from that of the bytes before. */
export function plainAdler32(bytes: Uint8Array, before: number): number {
  let low = before % 65536;
  let high = Math.floor(before / 65536);
  for (let at = 0; at < bytes.length;) {
    // So many bytes fit before the sums must be reduced.
    for (const end = Math.min(at + 5552, bytes.length); at < end; at++) high += low += bytes[at]!;
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}
