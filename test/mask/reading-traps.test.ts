/**
 * What other readers of masks and probabilities get wrong, one test for each; `docs/masks.md` lists them with those that
 * stand elsewhere. Every mask is read with and without the kernel, and with and without zlib.
 */
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { withoutZlib } from "../../src/codec/zlib.js";
import {
  decodeMask,
  decodeProbabilities,
  defineClasses,
  encodeMask,
  encodeProbabilities,
  readRecord,
  readRecordIO,
  SegmentationError,
  writeRecordIO,
} from "../../src/masks.js";
import { buildPng, chunk, concat, ihdr, signature } from "../codec/png-writer.js";
import type { PngSpec } from "../codec/png-writer.js";
import { refusalOf } from "../support/refusal-of.js";

const decoders: Readonly<Record<string, (png: Uint8Array) => readonly number[]>> = {
  kernel: (png) => [...decodeMask(png).data],
  JavaScript: (png) => withoutKernel(() => [...decodeMask(png).data]),
  "kernel without zlib": (png) => withoutZlib(() => [...decodeMask(png).data]),
  "JavaScript alone": (png) => withoutZlib(() => withoutKernel(() => [...decodeMask(png).data])),
};

function expectIndices(png: Uint8Array, expected: ArrayLike<number>): void {
  for (const [name, decode] of Object.entries(decoders)) expect(decode(png), name).toEqual(Array.from(expected));
}

function expectRefusals(png: Uint8Array, code: string, message: RegExp): void {
  for (const [name, decode] of Object.entries(decoders)) {
    let found: unknown;
    try {
      decode(png);
    } catch (error) {
      found = error;
    }
    expect(SegmentationError.is(found) ? found.code : found, name).toBe(code);
    expect((found as Error).message, name).toMatch(message);
  }
}

const size = { width: 5, height: 3 };
const indices = [0, 1, 2, 255, 1, 1, 2, 2, 0, 0, 3, 3, 255, 1, 0];
const gray: PngSpec = { ...size, depth: 8, colorType: 0, samples: indices };
/** 256 grays. */
const palette = Array.from({ length: 768 }, (_, at) => Math.floor(at / 3));

/** A file with chunks put in before the palette. */
const withChunks = (png: Uint8Array, ...chunks: readonly Uint8Array[]): Uint8Array =>
  concat(png.subarray(0, 33), ...chunks, png.subarray(33));

describe("class indices", () => {
  it("keep 255, which means ignore, in gray and palette files", () => {
    expectIndices(buildPng(gray), indices);
    expectIndices(buildPng({ ...gray, colorType: 3, palette }), indices);
  });

  it("stay apart where two palette entries have one colour", () => {
    const same = new Array<number>(768).fill(200);
    expectIndices(buildPng({ ...gray, colorType: 3, palette: same }), indices);
  });

  it("are not spread over 0 to 255 in gray of 1, 2 and 4 bits, nor interlaced, nor at the ends of rows", () => {
    for (const depth of [1, 2, 4]) {
      for (let width = 1; width <= 17; width++) {
        const samples = Array.from({ length: width * 3 }, (_, at) => (at * 5 + (at >> 2)) % 2 ** depth);
        for (const interlaced of [false, true]) {
          for (const colorType of [0, 3] as const) {
            const colors = colorType === 3 ? { palette: palette.slice(0, 3 * 2 ** depth) } : {};
            const spec = { width, height: 3, depth, samples, interlaced, colorType, ...colors, paddingBit: 1 as const };
            expectIndices(buildPng(spec), samples);
          }
        }
      }
    }
  });

  it("are not cut to 8 bits in gray of 16: a value above 255 is refused", () => {
    expectIndices(buildPng({ ...gray, depth: 16 }), indices);
    const high = buildPng({ ...gray, depth: 16, samples: indices.with(7, 0x0102) });
    expectRefusals(high, "mask.index", /258 at \(2, 1\)/);
  });

  it("are not changed by transparency", () => {
    expectIndices(buildPng({ ...gray, transparency: [0, 1] }), indices);
    expectIndices(buildPng({ ...gray, colorType: 3, palette, transparency: [0, 255, 0, 128] }), indices);
    const samples = indices.flatMap((index, at) => [index, at * 16]);
    expectIndices(buildPng({ ...gray, colorType: 4, samples }), indices);
  });

  it("are not changed by gamma, colour profiles and the like", () => {
    const profile = [...Buffer.from("icc\0\0", "latin1"), ...deflateSync(Buffer.alloc(128, 1))];
    const chunks = [
      chunk("gAMA", [0, 0, 0x40, 0]),
      chunk("cHRM", new Uint8Array(32).fill(1)),
      chunk("iCCP", profile),
      chunk("sRGB", [0]),
      chunk("sBIT", [2]),
      chunk("pHYs", [0, 0, 0, 1, 0, 0, 0, 9, 0]),
      chunk("eXIf", [...Buffer.from("II*\0\x08\0\0\0\0\0", "latin1")]),
    ];
    expectIndices(withChunks(buildPng(gray), ...chunks), indices);
    expectIndices(withChunks(buildPng({ ...gray, colorType: 3, palette }), ...chunks), indices);
  });
});

describe("colours", () => {
  it("may be transparent by tRNS in files without alpha, of which only the low bits count", () => {
    const colorMap = { "#ff0000": 1, "#00ff00": 2 };
    for (const [depth, most, high] of [
      [8, 255, 7],
      [16, 65535, 255],
    ] as const) {
      const samples = [most, 0, 0, 0, most, 0];
      for (const interlaced of [false, true]) {
        const transparency = [depth === 8 ? high : 0, 0, high, 255, 0, 0];
        const png = buildPng({ width: 2, height: 1, depth, colorType: 2, samples, transparency, interlaced });
        const read = (options: object) => [...decodeMask(png, { colorMap, ...options }).data];
        for (const run of [<R>(work: () => R) => work(), withoutKernel]) {
          expect(() => run(() => read({}))).toThrow(/the colour #(00ff0000|0000ffff00000000) at \(1, 0\)/);
          expect(run(() => read({ transparent: 9 }))).toEqual([1, 9]);
          expect(run(() => read({ ignoreUnknown: true }))).toEqual([1, 255]);
        }
      }
    }
  });
});

describe("limits", () => {
  it("are refused where they are no numbers, which would be no limit", () => {
    const png = encodeMask({ width: 1, height: 1, data: Uint8Array.of(0) });
    const answer = encodeProbabilities({ shape: [1, 1, 1], data: Float32Array.of(1) });
    const unset = { maxPixels: NaN, maxChunks: NaN, maxRecords: NaN, maxEntries: NaN, maxIntegers: NaN };
    for (const name of ["maxPixels", "maxChunks"] as const)
      expect(refusalOf(() => decodeMask(png, { [name]: unset[name] }))).toMatchObject({
        code: "input.invalid",
        details: { parameter: name },
      });
    for (const name of ["maxPixels", "maxEntries", "maxIntegers"] as const)
      expect(refusalOf(() => decodeProbabilities(answer, { [name]: unset[name] }))).toMatchObject({
        code: "input.invalid",
        details: { parameter: name },
      });
    expect(refusalOf(() => readRecordIO(answer, unset))).toMatchObject({
      code: "input.invalid",
      details: { parameter: "maxRecords" },
    });
    expect(decodeMask(png, { maxPixels: Infinity }).width).toBe(1);
  });
});

describe("what is no byte array", () => {
  it("is said so", () => {
    const buffer = new ArrayBuffer(16) as unknown as Uint8Array;
    const readers: readonly ((bytes: Uint8Array) => unknown)[] = [
      decodeProbabilities,
      readRecord,
      readRecordIO,
      decodeMask,
    ];
    for (const read of readers) {
      expect(refusalOf(() => read(buffer)).code).toBe("input.invalid");
    }
    const png = encodeMask({ width: 1, height: 1, data: Uint8Array.of(0) });
    const out = new Float32Array(1) as unknown as Uint8Array;
    expect(refusalOf(() => decodeMask(png, { out })).details).toMatchObject({ parameter: "out" });
  });
});

describe("files", () => {
  it("may cut their data anywhere, with empty pieces between", () => {
    for (const level of [0, 9]) {
      const whole = buildPng({ ...gray, deflate: { level } });
      const data = whole.subarray(41, 41 + new DataView(whole.buffer).getUint32(33));
      const none = new Uint8Array(0);
      for (let at = 0; at <= data.length; at++) {
        const split = (): Uint8Array[] => [none, data.subarray(0, at), none, none, data.subarray(at), none];
        expectIndices(buildPng({ ...gray, split }), indices);
      }
      const split = (): Uint8Array[] => Array.from(data, (byte) => Uint8Array.of(byte));
      expectIndices(buildPng({ ...gray, split }), indices);
    }
  });

  it("may have filters although they are not compressed", () => {
    for (const filter of [1, 2, 3, 4]) {
      for (const first of [0, filter]) {
        const spec = { ...gray, filter: (row: number) => (row === 0 ? first : filter), deflate: { level: 0 } };
        expectIndices(buildPng(spec), indices);
      }
    }
  });

  it("may have an index without a colour in their palette, which is refused with its place", () => {
    const short = buildPng({ ...gray, colorType: 3, palette: palette.slice(0, 3 * 255) });
    expectRefusals(short, "codec.png", /\(3, 0\) has the index 255, the palette 255 entries/);
    const two = { ...size, depth: 2, samples: indices.map((index) => index & 3), colorType: 3 as const };
    expectRefusals(buildPng({ ...two, palette: palette.slice(0, 9) }), "codec.png", /\(3, 0\) has the index 3/);
  });

  it("may be damaged: chunk checksums, data checksums, missing ends", () => {
    const file = buildPng(gray);
    for (const at of [32, file.length - 13, file.length - 1]) {
      const damaged = Uint8Array.from(file);
      damaged[at]! ^= 1;
      expectRefusals(damaged, "codec.png", /checksum/);
    }
    const raw = Buffer.concat([0, 1, 2].map((row) => Buffer.from([0, ...indices.slice(row * 5, row * 5 + 5)])));
    const data = deflateSync(raw);
    const around = (body: Uint8Array): Uint8Array =>
      concat(signature, ihdr(5, 3, 8, 0), chunk("IDAT", body), chunk("IEND"));
    expectIndices(around(data), indices);
    for (let back = 1; back <= 4; back++) {
      const damaged = Uint8Array.from(data);
      damaged[damaged.length - back]! ^= 0x10;
      expectRefusals(around(damaged), "codec.png", /./);
      expectRefusals(around(data.subarray(0, data.length - back)), "codec.png", /./);
    }
    for (let length = 0; length < file.length; length++) {
      expectRefusals(file.subarray(0, length), "codec.png", /./);
    }
  });

  it("may be bombs: one pixel with megabytes of data, and headers of 2^31 pixels", () => {
    const bomb = chunk("IDAT", deflateSync(new Uint8Array(32 << 20)));
    expectRefusals(concat(signature, ihdr(1, 1, 8, 0), bomb, chunk("IEND")), "codec.png", /more than the 2 bytes/);
    const small = chunk("IDAT", deflateSync(new Uint8Array(2)));
    const most = 2 ** 31 - 1;
    expectRefusals(concat(signature, ihdr(most, most, 8, 0), small, chunk("IEND")), "codec.limit", /maxPixels/);
    expectRefusals(concat(signature, ihdr(most + 1, most + 1, 8, 0), small, chunk("IEND")), "codec.png", /width/);
    expectRefusals(concat(signature, ihdr(9000, 9000, 8, 0), small, chunk("IEND")), "codec.png", /cannot hold/);
  });
});

describe("probabilities", () => {
  const classes = defineClasses(["background", "turtle", "crab"]);
  // 37 pixels: two whole vectors of 16 and a rest.
  const planes = Float32Array.from({ length: 3 * 37 }, (_, at) => ((at * 7919) % 101) / 101);
  const expected = Array.from({ length: 37 }, (_, at) => {
    const values = [0, 1, 2].map((c) => planes[c * 37 + at]!);
    return values.indexOf(Math.max(...values));
  });

  it("may begin at any byte, in bodies of any alignment", () => {
    for (const framing of ["recordio", "bare"] as const) {
      const bytes = encodeProbabilities({ shape: [3, 1, 37], data: planes }, { framing });
      for (let shift = 0; shift < 8; shift++) {
        const memory = new Uint8Array(shift + bytes.length);
        memory.set(bytes, shift);
        const read = (): readonly number[] => [
          ...decodeProbabilities(memory.subarray(shift), { classes }).argmax().data,
        ];
        expect(read()).toEqual(expected);
        expect(withoutKernel(read)).toEqual(expected);
      }
    }
  });

  it("are followed by zeros that are no part of the record", () => {
    // An unknown field (15, one byte) makes records of every length modulo 4.
    const bare = encodeProbabilities({ shape: [3, 1, 37], data: planes }, { framing: "bare" });
    for (let filler = 0; filler < 4; filler++) {
      const field = filler === 0 ? [] : [0x7a, filler - 1, ...new Array<number>(filler - 1).fill(7)];
      const framed = writeRecordIO([Uint8Array.from([...bare, ...field])]);
      expect(framed.length % 4).toBe(0);
      expect([...decodeProbabilities(framed, { classes }).argmax().data]).toEqual(expected);
    }
  });

  it("may be negative, where comparing bit patterns would turn their order round", () => {
    const logits = planes.map((value) => value - 2);
    const bytes = encodeProbabilities({ shape: [3, 1, 37], data: logits });
    const read = (): readonly number[] => [...decodeProbabilities(bytes, { classes }).argmax().data];
    expect(read()).toEqual(expected);
    expect(withoutKernel(read)).toEqual(expected);
  });
});
