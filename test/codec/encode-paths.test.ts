import { inflateSync } from "node:zlib";
import { decode as fastPngDecode } from "fast-png";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { encodePng } from "../../src/codec/png/encode.js";
import type { PngCompression } from "../../src/codec/png/encode.js";
import { withoutZlib } from "../../src/codec/zlib.js";

type Encode = (source: Parameters<typeof encodePng>[0], compression: PngCompression) => Uint8Array;

const ways: Record<string, Encode> = {
  kernel: encodePng,
  "JavaScript and zlib": (...given) => withoutKernel(() => encodePng(...given)),
  "kernel without zlib": (...given) => withoutZlib(() => encodePng(...given)),
  "JavaScript alone": (...given) => withoutZlib(() => withoutKernel(() => encodePng(...given))),
};

/** Areas of some classes, with noise. */
function mask(width: number, height: number, noise: number, classes: number, seed: number): Uint8Array {
  let state = seed | 1;
  const random = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const size = 1 + Math.floor(random() * 40);
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return random() < noise ? Math.floor(random() * classes) : (Math.floor(x / size) + Math.floor(y / 3)) % classes;
  });
}

/** Reads our file with fast-png, which checks all sums; depths below 8 come packed. */
function readBack(file: Uint8Array, width: number, height: number): Uint8Array {
  const { data, depth } = fastPngDecode(file, { checkCrc: true });
  if (depth === 8) return new Uint8Array(data);
  const bytes = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    const bit = x * depth;
    return (data[y * bytes + (bit >> 3)]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  });
}

describe("the ways to encode index rows", () => {
  it("write what fast-png reads back, in every depth and compression", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom(0, 0.02, 0.3, 1),
        fc.constantFrom<1 | 2 | 4 | 8>(1, 2, 4, 8),
        fc.constantFrom<PngCompression>("stored", "fast", "fast", "small"),
        fc.integer(),
        (width, height, noise, bitDepth, compression, seed) => {
          const samples = mask(width, height, noise, 2 ** bitDepth, seed);
          for (const [name, encode] of Object.entries(ways)) {
            const file = encode({ width, height, colorType: "gray", samples, bitDepth }, compression);
            const found = readBack(file, width, height);
            if (Buffer.compare(found, samples) !== 0) expect.fail(`${name}, ${compression}: other samples`);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ["of many bands", 1100, 900, 0.001],
    ["of noise, with many blocks", 700, 500, 1],
    ["with the longest row that is compared with the one above", 32_767, 20, 0.01],
    ["with rows longer than that", 32_768, 20, 0.01],
    ["with a row longer than a stored block", 70_000, 3, 0.1],
    ["of one column", 1, 70_000, 0.2],
  ])("write pictures %s", (_, width, height, noise) => {
    const samples = mask(width, height, noise, 256, 77);
    for (const encode of Object.values(ways)) {
      for (const compression of ["stored", "fast"] as const) {
        const file = encode({ width, height, colorType: "gray", samples }, compression);
        const data = Buffer.from(file.buffer, 41, new DataView(file.buffer).getUint32(33));
        const raw = inflateSync(data);
        expect(raw.length).toBe(height * (width + 1));
        for (let y = 0; y < height; y++) {
          const row = raw.subarray(y * (width + 1), (y + 1) * (width + 1));
          if (row[0] !== 0 || row.compare(samples, y * width, (y + 1) * width, 1) !== 0) expect.fail(`row ${y}`);
        }
      }
    }
  });

  it("make masks smaller than zlib's run lengths do", () => {
    const samples = mask(640, 480, 0, 5, 9);
    const source = { width: 640, height: 480, colorType: "gray", samples } as const;
    expect(encodePng(source).length).toBeLessThan(ways["JavaScript and zlib"]!(source, "fast").length);
  });

  it("write skewed frequencies, whose best code would be too long", () => {
    // Fibonacci numbers make the deepest tree there is.
    const counts = [1, 1];
    while (counts.length < 24) counts.push(counts.at(-1)! + counts.at(-2)!);
    const values = counts.flatMap((count, value) => new Array<number>(count).fill(value * 3 + 1));
    // Spread out, so that they are literals: neither runs nor repeated rows.
    const samples = Uint8Array.from(values, (_, at) => values[(at * 7919) % values.length]!);
    const source = { width: samples.length, height: 1, colorType: "gray", samples } as const;
    for (const width of [samples.length, 1]) {
      const file = encodePng({ ...source, width, height: samples.length / width });
      expect(Buffer.compare(readBack(file, width, samples.length / width), samples)).toBe(0);
    }
  });
});
