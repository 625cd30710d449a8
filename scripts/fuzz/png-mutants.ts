import { crc32, deflateSync, inflateSync } from "node:zlib";
import { buildPng, channelsOf } from "../../test/codec/png-writer.js";
import { encodeMask } from "../../src/masks.js";
import { mutate } from "./mutate.js";
import { dice } from "./random.js";
import type { Dice } from "./random.js";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);

const kinds = [
  [0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16],
] as const; // prettier-ignore

/** Small PNGs of every kind, with all filters, interlaced and not, in one IDAT and in several. */
export function pngCorpus(): readonly Uint8Array[] {
  const random = dice(1, 0);
  const files: Uint8Array[] = [];
  for (const [colorType, depth] of kinds) {
    for (const interlaced of [false, true]) {
      const [width, height] = [1 + random.below(24), 1 + random.below(12)];
      const entries = Math.min(2 ** depth, 6);
      const most = colorType === 3 ? entries : 2 ** depth;
      // Runs, as in masks.
      let value = 0;
      const samples = Array.from({ length: width * height * channelsOf[colorType] }, () =>
        random.below(4) === 0 ? (value = random.below(most)) : value,
      );
      files.push(
        buildPng({
          width,
          height,
          depth,
          colorType,
          samples,
          interlaced,
          ...(colorType === 3 ? { palette: Array.from({ length: entries * 3 }, () => random.below(256)) } : {}),
          filter: (row) => row % 5,
          split: (data) => (interlaced ? [data.subarray(0, 3), data.subarray(3, 3), data.subarray(3)] : [data]),
        }),
      );
    }
  }
  for (const kind of ["gray", "palette"] as const) {
    for (const compression of ["stored", "fast", "small"] as const) {
      const data = Uint8Array.from({ length: 600 }, (_, at) => (at >> 5) % 4);
      files.push(encodeMask({ width: 30, height: 20, data }, { kind, compression }));
    }
  }
  // Large ones are decoded in bands; plain areas keep the files small.
  const large = Uint8Array.from({ length: 900 * 500 }, (_, at) => Math.floor(at / 40_000) % 4);
  files.push(encodeMask({ width: 900, height: 500, data: large }, { kind: "gray" }));
  files.push(
    buildPng({ width: 900, height: 500, depth: 4, colorType: 0, samples: large, filter: (row) => (row >> 6) % 5 }),
  );
  return files;
}

/** A damaged PNG: as bytes, or a chunk, or the pixel data below the compression, the sums made right again. */
export function mutatePng(file: Uint8Array, random: Dice, corpus: readonly Uint8Array[]): Uint8Array {
  const way = random.below(4);
  if (way === 0) return mutate(file, random, corpus);
  const chunks = chunksOf(file);
  if (way === 1) {
    // One chunk's data, often the header.
    const at = random.below(2) === 0 ? 0 : random.below(chunks.length);
    const { type, data } = chunks[at]!;
    chunks[at] = { type, data: mutate(data, random, [data]) };
    return fileOf(chunks);
  }
  if (way === 2) {
    // Chunks in another order, repeated, missing, of other types.
    const at = random.below(chunks.length);
    const chunk = chunks[at]!;
    const change = random.below(4);
    if (change === 0) chunks.splice(at, 1);
    else if (change === 1) chunks.splice(random.below(chunks.length), 0, chunk);
    else if (change === 2)
      chunks[at] = { ...chunk, type: random.pick(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "tEXt", "ABCD"]) };
    else
      chunks.splice(at, 1, { ...chunk, data: chunk.data.subarray(0, 5) }, { ...chunk, data: chunk.data.subarray(5) });
    return fileOf(chunks);
  }
  // Filter bytes and samples; of large files the compressed data, which takes less time.
  const idat = chunks.filter(({ type }) => type === "IDAT");
  const raw = inflateSync(Buffer.concat(idat.map(({ data }) => data)));
  const level = random.below(10);
  const data =
    raw.length > 20_000
      ? mutate(idat[0]!.data, random, [idat[0]!.data])
      : deflateSync(mutate(raw, random, [raw]), { level, windowBits: random.pick([9, 15]) });
  const first = chunks.indexOf(idat[0]!);
  const rest = chunks.filter(({ type }) => type !== "IDAT");
  rest.splice(first, 0, { type: "IDAT", data: random.below(4) === 0 ? mutate(data, random, [data]) : data });
  return fileOf(rest);
}

function chunksOf(file: Uint8Array): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    chunks.push({ type, data: file.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function fileOf(chunks: readonly Chunk[]): Uint8Array {
  const file = new Uint8Array(chunks.reduce((sum, { data }) => sum + 12 + data.length, 8));
  const view = new DataView(file.buffer);
  file.set(signature);
  let at = 8;
  for (const { type, data } of chunks) {
    view.setUint32(at, data.length);
    for (let letter = 0; letter < 4; letter++) file[at + 4 + letter] = type.charCodeAt(letter);
    file.set(data, at + 8);
    view.setUint32(at + 8 + data.length, crc32(file.subarray(at + 4, at + 8 + data.length)));
    at += 12 + data.length;
  }
  return file;
}
