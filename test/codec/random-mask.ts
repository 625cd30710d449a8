import { constants } from "node:zlib";
import fc from "fast-check";
import { channelsOf } from "./png-writer.js";
import type { PngSpec } from "./png-writer.js";

/** A PNG to build with the class indices that it stands for. */
export interface RandomMask {
  readonly spec: PngSpec;
  readonly indices: Uint8Array;
}

/** Colours of the indices of colour masks: never two alike. */
export function colorOf(index: number): readonly [number, number, number] {
  return [(index * 7) & 255, (index * 29 + 3) & 255, index];
}

const kinds: readonly (readonly [PngSpec["colorType"], number])[] = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 8],
  [6, 16],
];

function sizes(width: number, height: number): fc.Arbitrary<{ readonly width: number; readonly height: number }> {
  return fc.record({ width: fc.integer({ min: 1, max: width }), height: fc.integer({ min: 1, max: height }) });
}

/** Masks with areas as masks have them (and some of noise), in every kind of file that can hold them. */
export const randomMask: fc.Arbitrary<RandomMask> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    size: fc.oneof(
      { weight: 35, arbitrary: sizes(20, 14) },
      { weight: 35, arbitrary: sizes(90, 14) },
      // The test's writer takes its time for these.
      { weight: 1, arbitrary: sizes(301, 101) },
    ),
    interlaced: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
    filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
    paddingBit: fc.constantFrom<0 | 1>(0, 1),
    pieces: fc.array(fc.nat(60), { maxLength: 3 }),
    deflate: fc.record({
      level: fc.constantFrom(0, 1, 6, 9),
      strategy: fc.constantFrom(
        constants.Z_DEFAULT_STRATEGY,
        constants.Z_RLE,
        constants.Z_HUFFMAN_ONLY,
        constants.Z_FIXED,
      ),
      memLevel: fc.constantFrom(1, 8),
    }),
    seed: fc.integer(),
    stay: fc.constantFrom(0, 0.5, 0.9, 0.97, 0.995),
  })
  .map(({ kind: [colorType, depth], size, pieces, filters, seed, stay, ...more }) => {
    const rest = { ...more, ...size };
    const indices = areas(rest.width, rest.height, 2 ** Math.min(depth, 8), stay, seed);
    return {
      indices,
      spec: {
        ...rest,
        colorType,
        depth,
        samples: samplesOf(indices, colorType, depth),
        ...(colorType === 3 ? { palette: Array.from({ length: 3 * 2 ** depth }, (_, at) => at & 255) } : {}),
        filter: (row: number) => filters[row % filters.length]!,
        split: (data: Uint8Array) => cut(data, pieces),
      },
    };
  });

/** Indices that mostly stay as they are to the left or above. */
function areas(width: number, height: number, classes: number, stay: number, seed: number): Uint8Array {
  const indices = new Uint8Array(width * height);
  let state = seed | 1;
  const random = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let at = 0; at < indices.length; at++) {
    const near = at >= width && random() < 0.5 ? at - width : at - 1;
    indices[at] = near >= 0 && random() < stay ? indices[near]! : Math.floor(random() * classes);
  }
  return indices;
}

function samplesOf(indices: Uint8Array, colorType: PngSpec["colorType"], depth: number): Uint16Array {
  const channels = channelsOf[colorType];
  const samples = new Uint16Array(indices.length * channels);
  const scale = depth === 16 ? 257 : 1;
  for (const [at, index] of indices.entries()) {
    if (channels < 3) {
      samples[at * channels] = index;
      if (channels === 2) samples[at * 2 + 1] = (at * 31) & 255;
      continue;
    }
    for (const [c, value] of colorOf(index).entries()) samples[at * channels + c] = value * scale;
    if (channels === 4) samples[at * 4 + 3] = 255 * scale;
  }
  return samples;
}

function cut(data: Uint8Array, pieces: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const length of pieces) parts.push(data.subarray(at, (at += length)));
  return [...parts, data.subarray(at)];
}
