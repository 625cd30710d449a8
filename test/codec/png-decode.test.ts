import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { decodePng } from "../../src/codec/png/decode.js";
import type { DecodePngOptions } from "../../src/codec/png/decode.js";
import { SegmentationError } from "../../src/core/errors.js";
import { buildPng, channelsOf, chunk, concat, ihdr, signature } from "./png-writer.js";
import type { PngSpec } from "./png-writer.js";

const kinds: readonly (readonly [PngSpec["colorType"], number])[] = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
];

const anyPng = fc
  .record({
    kind: fc.constantFrom(...kinds),
    width: fc.integer({ min: 1, max: 35 }),
    height: fc.integer({ min: 1, max: 19 }),
    interlaced: fc.boolean(),
    filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 7 }),
    pieces: fc.array(fc.nat(40), { maxLength: 4 }),
    paddingBit: fc.constantFrom<0 | 1>(0, 1),
  })
  .chain(({ kind: [colorType, depth], filters, pieces, ...rest }) =>
    fc.record({
      samples: fc.array(fc.nat(2 ** depth - 1), {
        minLength: rest.width * rest.height * channelsOf[colorType],
        maxLength: rest.width * rest.height * channelsOf[colorType],
      }),
      spec: fc.constant({
        ...rest,
        colorType,
        depth,
        ...(colorType === 3 ? { palette: Array.from({ length: 3 * 2 ** depth }, (_, at) => at & 255) } : {}),
        filter: (row: number) => filters[row % filters.length]!,
        split: (data: Uint8Array) => cut(data, pieces),
      }),
    }),
  )
  .map(({ samples, spec }): PngSpec => ({ ...spec, samples }));

function cut(data: Uint8Array, pieces: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const length of pieces) parts.push(data.subarray(at, (at += length)));
  return [...parts, data.subarray(at)];
}

const tiny: PngSpec = { width: 4, height: 3, depth: 8, colorType: 0, samples: [0, 1, 2, 1, 2, 2, 0, 0, 1, 0, 1, 2] };

function failure(bytes: Uint8Array, options?: DecodePngOptions): SegmentationError {
  try {
    decodePng(bytes, options);
  } catch (error) {
    if (SegmentationError.is(error)) return error;
    throw error;
  }
  throw new Error("the file was accepted");
}

describe("decodePng", () => {
  it("gives the raw samples of every kind, depth, filter, interlacing and IDAT split", () => {
    fc.assert(
      fc.property(anyPng, (spec) => {
        const image = decodePng(buildPng(spec));
        expect(image).toMatchObject({ width: spec.width, height: spec.height, bitDepth: spec.depth });
        expect([...image.samples]).toEqual(spec.samples);
      }),
      { numRuns: 300 },
    );
  });

  it("writes 8-bit samples into given memory", () => {
    const out = new Uint8Array(20).fill(77);
    const image = decodePng(buildPng(tiny), { out });
    expect(image.samples.buffer).toBe(out.buffer);
    expect([...out]).toEqual([...(tiny.samples as number[]), ...new Array<number>(8).fill(77)]);
  });

  it("gives results that share no memory", () => {
    const first = decodePng(buildPng(tiny));
    const second = decodePng(buildPng(tiny));
    expect(first.samples.buffer).not.toBe(second.samples.buffer);
    expect(first.samples.buffer.byteLength).toBeLessThan(200);
  });

  it("ignores what follows IEND and unknown ancillary chunks", () => {
    const file = buildPng(tiny);
    const withChunk = concat(file.subarray(0, 33), chunk("prVt", [1, 2, 3]), file.subarray(33), Uint8Array.of(1, 2, 3));
    expect([...decodePng(withChunk).samples]).toEqual(tiny.samples);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["no bytes", new Uint8Array(0), /This is empty, not a PNG/],
    ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /This is a JPEG image, not a PNG/],
    ["an S3 error", new TextEncoder().encode("<?xml version='1.0'?><Error/>"), /an XML document/],
    ["a damaged signature", concat(Uint8Array.of(137, 80, 78, 71, 10, 26, 10, 0), buildPng(tiny)), /signature/],
    ["only the signature", signature, /ends before the IEND/],
    ["IHDR not first", concat(signature, chunk("tEXt"), buildPng(tiny).subarray(8)), /first chunk is not IHDR/],
    ["width 0", concat(signature, ihdr(0, 3, 8, 0), chunk("IEND")), /width is 0/],
    ["height 2^31", concat(signature, ihdr(1, 2 ** 31, 8, 0), chunk("IEND")), /height is 2147483648/],
    ["colour type 1", concat(signature, ihdr(4, 3, 8, 1), chunk("IEND")), /colour type is 1/],
    ["palette of 16 bits", concat(signature, ihdr(4, 3, 16, 3), chunk("IEND")), /bit depth is 16/],
    ["compression 1", concat(signature, ihdr(4, 3, 8, 0, [1, 0, 0]), chunk("IEND")), /compression method/],
    ["filter method 1", concat(signature, ihdr(4, 3, 8, 0, [0, 1, 0]), chunk("IEND")), /filter method/],
    ["interlace 2", concat(signature, ihdr(4, 3, 8, 0, [0, 0, 2]), chunk("IEND")), /interlace method/],
    ["no IDAT", concat(signature, ihdr(4, 3, 8, 0), chunk("IEND")), /no image data/],
    ["an unknown critical chunk", concat(signature, ihdr(4, 3, 8, 0), chunk("ABCD"), chunk("IEND")), /critical chunk/],
    ["a chunk type with digits", concat(signature, ihdr(4, 3, 8, 0), chunk("AB1D"), chunk("IEND")), /four letters/],
    ["IHDR twice", concat(signature, ihdr(4, 3, 8, 0), buildPng(tiny).subarray(8)), /twice/],
    ["a filter type 5", buildPng({ ...tiny, filter: (row) => (row === 1 ? 5 : 0) }), /Row 1 has the filter type 5/],
    ["no palette", buildPng({ ...tiny, colorType: 3 }), /palette is missing/],
    ["an empty palette", buildPng({ ...tiny, colorType: 3, palette: [] }), /palette has 0 bytes/],
    ["a palette of 10 bytes", buildPng({ ...tiny, colorType: 3, palette: new Array<number>(10).fill(0) }), /10 bytes/],
    [
      "an index beyond the palette",
      buildPng({ ...tiny, colorType: 3, palette: [0, 0, 0, 1, 1, 1] }),
      /pixel at \(2, 0\) has the index 2, the palette 2 entries/,
    ],
    [
      "split image data with a chunk between",
      concat(signature, ihdr(1, 1, 8, 0), chunk("IDAT", deflateSync(new Uint8Array(2))), chunk("tEXt"), chunk("IDAT")),
      /wrong place/,
    ],
  ])("refuses %s", (_, bytes, message) => {
    const error = failure(bytes);
    expect(error.code).toBe("codec.png");
    expect(error.message).toMatch(message);
    expect(error.details).toHaveProperty("offset");
  });

  it("says where the image data begins when a filter type is none, with and without the kernel", () => {
    for (const interlaced of [false, true]) {
      const file = buildPng({ ...tiny, interlaced, filter: () => 5 });
      // Signature and IHDR have 33 bytes.
      for (const error of [failure(file), withoutKernel(() => failure(file))]) {
        expect(error.details).toMatchObject({ offset: 33, chunk: "IDAT" });
      }
    }
  });

  it("refuses wrong checksums of chunks and of the data", () => {
    const file = buildPng(tiny);
    for (const offset of [32, file.length - 13, file.length - 1]) {
      const damaged = Uint8Array.from(file);
      damaged[offset]! ^= 1;
      expect(failure(damaged).message).toMatch(/checksum/);
    }
    const data = deflateSync(new Uint8Array(15));
    data[data.length - 1]! ^= 1;
    const badAdler = concat(signature, ihdr(4, 3, 8, 0), chunk("IDAT", data), chunk("IEND"));
    expect(failure(badAdler).message).toMatch(/cannot be inflated/);
  });

  it("refuses every truncation", () => {
    const file = buildPng({ ...tiny, colorType: 3, palette: [0, 0, 0, 1, 1, 1, 2, 2, 2] });
    for (let length = 0; length < file.length; length++)
      expect(failure(file.subarray(0, length)).code).toBe("codec.png");
  });

  it("stops decompression bombs and sizes that the data cannot hold before taking memory", () => {
    const bomb = deflateSync(new Uint8Array(16 << 20));
    const before = process.memoryUsage().arrayBuffers;
    expect(failure(concat(signature, ihdr(4, 3, 8, 0), chunk("IDAT", bomb), chunk("IEND"))).message).toMatch(
      /more than the 15 bytes/,
    );
    const empty = chunk("IDAT", deflateSync(new Uint8Array(9)));
    expect(failure(concat(signature, ihdr(9000, 9000, 8, 6), empty, chunk("IEND"))).message).toMatch(/cannot hold/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
  });

  it("refuses pictures above maxPixels, by default above 100 million", () => {
    expect(failure(buildPng(tiny), { maxPixels: 11 })).toMatchObject({
      code: "codec.limit",
      details: { what: "pixels", limit: 11, actual: 12 },
    });
    expect(decodePng(buildPng(tiny), { maxPixels: 12 }).width).toBe(4);
    expect(failure(concat(signature, ihdr(10001, 10000, 8, 0), chunk("IEND"))).code).toBe("codec.limit");
    expect(failure(concat(signature, ihdr(10000, 10000, 8, 0), chunk("IEND"))).code).toBe("codec.png");
  });

  it("refuses files of more chunks than maxChunks, by default 100,000", () => {
    const pieces = (count: number): Uint8Array =>
      buildPng({ ...tiny, split: (data) => [...new Array<Uint8Array>(count).fill(new Uint8Array(0)), data] });
    // IHDR, IDAT and IEND beside the pieces.
    expect(decodePng(pieces(7), { maxChunks: 10 }).samples).toEqual(Uint8Array.from(tiny.samples));
    expect(failure(pieces(8), { maxChunks: 10 })).toMatchObject({
      code: "codec.limit",
      details: { what: "chunks", limit: 10, actual: 11 },
    });
    expect(decodePng(pieces(99_997)).width).toBe(4);
    expect(failure(pieces(99_998)).code).toBe("codec.limit");
  });

  it("gives an image or a typed error for any damage", () => {
    fc.assert(
      fc.property(
        anyPng,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (spec, edits, repair) => {
          const file = buildPng(spec);
          for (const [at, value] of edits) file[at % file.length] = value;
          const damaged = repair ? repairChecksums(file) : file;
          try {
            const image = decodePng(damaged, { maxPixels: 100_000 });
            expect(image.samples.length).toBe(image.width * image.height * image.channels);
          } catch (error) {
            if (!SegmentationError.is(error, "codec")) throw error;
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Sets every chunk's checksum right, so that damage reaches the inner code. */
function repairChecksums(file: Uint8Array): Uint8Array {
  const parts = [file.subarray(0, 8)];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    if (at + 12 + length > file.length) return file;
    const type = Buffer.from(file.subarray(at + 4, at + 8)).toString("latin1");
    parts.push(chunk(type, file.subarray(at + 8, at + 8 + length)));
    at += 12 + length;
  }
  return concat(...parts);
}
