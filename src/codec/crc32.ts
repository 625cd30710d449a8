import { nodeZlib } from "./zlib.js";

let table: Uint32Array | undefined;

/** The CRC-32 of PNG (3rd edition, annex D), by zlib where it is. */
export function crc32(bytes: Uint8Array): number {
  const zlib = nodeZlib();
  if (zlib !== undefined) return zlib.crc32(bytes);
  table ??= makeTable();
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) crc = table[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });
}
