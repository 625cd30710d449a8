import { kernel } from "./kernel/kernel.js";
import { plainAdler32 } from "./plain-adler32.js";

/** The Adler-32 checksum of zlib streams (RFC 1950, 9), going on from that of the bytes before. */
export function adler32(bytes: Uint8Array, before = 1): number {
  const found = kernel();
  if (found === undefined) return plainAdler32(bytes, before);
  const { RAW, RAW_BYTES } = found.at;
  found.resetAdler(before);
  for (let at = 0; at < bytes.length; at += RAW_BYTES) {
    const part = bytes.subarray(at, at + RAW_BYTES);
    found.bytes.set(part, RAW);
    found.addAdler(RAW, part.length);
  }
  return found.adler() >>> 0;
}
