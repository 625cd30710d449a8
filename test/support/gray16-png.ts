import { crc32, deflateSync } from "node:zlib";

/** A gray PNG of 16 bits by the specification: signature, IHDR, IDAT, IEND; filter 0 in each row. */
export function gray16Png(width: number, height: number, values: readonly number[]): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([16, 0, 0, 0, 0], 8);
  const raw = Buffer.alloc(height * (1 + 2 * width));
  for (const [at, value] of values.entries())
    raw.writeUInt16BE(value, Math.floor(at / width) * (1 + 2 * width) + 1 + 2 * (at % width));
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
