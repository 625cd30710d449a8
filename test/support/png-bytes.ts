import { crc32, deflateSync } from "node:zlib";

/** A PNG to write by the specification, without the package's own encoder. */
export interface PngBytes {
  readonly width: number;
  readonly height: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGBA. */
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  /** 8-bit samples, row by row. */
  readonly samples: readonly number[];
  /** PLTE entries. */
  readonly palette?: readonly (readonly [number, number, number])[];
  /** tRNS bytes. */
  readonly transparency?: readonly number[];
}

/** Writes an 8-bit PNG: signature, IHDR, PLTE, tRNS, IDAT, IEND; filter 0 in each row. */
export function pngBytes({ width, height, colorType, samples, palette, transparency }: PngBytes): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colorType, 0, 0, 0], 8);
  const row = samples.length / height;
  const raw = Array.from({ length: height }, (_, y) => [0, ...samples.slice(y * row, (y + 1) * row)]).flat();
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(palette === undefined ? [] : [chunk("PLTE", Buffer.from(palette.flat()))]),
    ...(transparency === undefined ? [] : [chunk("tRNS", Buffer.from(transparency))]),
    chunk("IDAT", deflateSync(Buffer.from(raw))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
