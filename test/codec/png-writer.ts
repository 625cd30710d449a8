import { crc32, deflateSync } from "node:zlib";
import type { ZlibOptions } from "node:zlib";

/** A PNG to build: the tests' own writer, made from the specification and sharing nothing with `src`. */
export interface PngSpec {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** The number in IHDR. */
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  /** Samples row by row. */
  readonly samples: ArrayLike<number>;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  readonly interlaced?: boolean;
  /** Filter type of a row of a pass. */
  readonly filter?: (row: number) => number;
  /** Cuts the compressed data into IDAT chunks. */
  readonly split?: (data: Uint8Array) => readonly Uint8Array[];
  /** How the data is compressed. */
  readonly deflate?: ZlibOptions;
  /** Value of the unused bits at the end of rows. */
  readonly paddingBit?: 0 | 1;
}

const channelsOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

export const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function chunk(type: string, data: ArrayLike<number> = []): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type, "latin1"), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

export function ihdr(width: number, height: number, depth: number, colorType: number, rest = [0, 0, 0]): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([depth, colorType, ...rest], 8);
  return chunk("IHDR", data);
}

export function buildPng(spec: PngSpec): Uint8Array {
  const raw =
    spec.interlaced === true ? interlacedRows(spec) : filteredRows(spec, spec.width, spec.height, spec.samples);
  const data = new Uint8Array(deflateSync(raw, spec.deflate));
  const parts = spec.split?.(data) ?? [data];
  return concat(
    signature,
    ihdr(spec.width, spec.height, spec.depth, spec.colorType, [0, 0, spec.interlaced === true ? 1 : 0]),
    ...(spec.palette === undefined ? [] : [chunk("PLTE", spec.palette)]),
    ...(spec.transparency === undefined ? [] : [chunk("tRNS", spec.transparency)]),
    ...parts.map((part) => chunk("IDAT", part)),
    chunk("IEND"),
  );
}

/** The Adam7 pattern as the specification prints it: the pass that each pixel of an 8 x 8 block belongs to. */
const adam7 = ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

function interlacedRows(spec: PngSpec): Uint8Array {
  const channels = channelsOf[spec.colorType];
  const passes: Uint8Array[] = [];
  for (let pass = 1; pass <= 7; pass++) {
    const rows: number[][] = [];
    for (let y = 0; y < spec.height; y++) {
      const row: number[] = [];
      for (let x = 0; x < spec.width; x++) {
        if (adam7[y % 8]![x % 8] !== String(pass)) continue;
        for (let c = 0; c < channels; c++) row.push(spec.samples[(y * spec.width + x) * channels + c]!);
      }
      if (row.length > 0) rows.push(row);
    }
    if (rows.length > 0) passes.push(filteredRows(spec, rows[0]!.length / channels, rows.length, rows.flat()));
  }
  return concat(...passes);
}

function filteredRows(spec: PngSpec, width: number, height: number, samples: ArrayLike<number>): Uint8Array {
  const channels = channelsOf[spec.colorType];
  const step = Math.max(1, (channels * spec.depth) / 8);
  const rowBytes = Math.ceil((width * channels * spec.depth) / 8);
  const out: number[] = [];
  let above = new Array<number>(rowBytes).fill(0);
  for (let y = 0; y < height; y++) {
    const row = packRow(samples, y * width * channels, width * channels, spec.depth, spec.paddingBit ?? 0);
    const filter = spec.filter?.(y) ?? 0;
    out.push(filter);
    for (const [at, value] of row.entries()) {
      const a = at >= step ? row[at - step]! : 0;
      const b = above[at]!;
      const c = at >= step ? above[at - step]! : 0;
      const guess = [0, a, b, Math.floor((a + b) / 2), paeth(a, b, c)][filter] ?? 0;
      out.push((value - guess) & 255);
    }
    above = row;
  }
  return Uint8Array.from(out);
}

function packRow(samples: ArrayLike<number>, from: number, count: number, depth: number, padding: number): number[] {
  const row: number[] = [];
  if (depth >= 8) {
    for (let at = from; at < from + count; at++) {
      if (depth === 16) row.push(samples[at]! >> 8);
      row.push(samples[at]! & 255);
    }
    return row;
  }
  let bits = "";
  for (let at = from; at < from + count; at++) bits += samples[at]!.toString(2).padStart(depth, "0");
  while (bits.length % 8 !== 0) bits += String(padding);
  for (let at = 0; at < bits.length; at += 8) row.push(parseInt(bits.slice(at, at + 8), 2));
  return row;
}

/** Clause 9.4 of the specification, word for word. */
function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

export { channelsOf };
