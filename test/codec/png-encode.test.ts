import { decode as fastPngDecode } from "fast-png";
import fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png/decode.js";
import { encodePng } from "../../src/codec/png/encode.js";
import { toRgba } from "../../src/codec/png/rgba.js";
import { buildPng } from "./png-writer.js";
import type { PngSpec } from "./png-writer.js";

const channelsOf = { gray: 1, palette: 1, rgb: 3, rgba: 4 } as const;

const source = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 9 }),
    colorType: fc.constantFrom("gray", "palette", "rgb", "rgba"),
    compression: fc.constantFrom("stored", "fast", "small"),
  })
  .chain((spec) => {
    const length = spec.width * spec.height * channelsOf[spec.colorType];
    return fc.tuple(fc.constant(spec), fc.uint8Array({ minLength: length, maxLength: length }));
  });

const palette = Uint8Array.from({ length: 768 }, (_, at) => (at * 5) & 255);

describe("encodePng", () => {
  it("writes what our decoder, fast-png and pngjs read back", () => {
    fc.assert(
      fc.property(source, ([{ compression, ...size }, samples]) => {
        const file = encodePng({ ...size, samples, palette }, compression);
        const image = decodePng(file);
        expect(image).toMatchObject({ width: size.width, height: size.height, colorType: size.colorType, bitDepth: 8 });
        expect(image.samples).toEqual(samples);
        expect(new Uint8Array(fastPngDecode(file, { checkCrc: true }).data)).toEqual(samples);
        expect(new Uint8Array(PNG.sync.read(Buffer.from(file)).data)).toEqual(toRgba(image));
      }),
      { numRuns: 150 },
    );
  });

  it("writes only IHDR, PLTE, one IDAT and IEND", () => {
    const size = { width: 600, height: 600 };
    const file = encodePng({ ...size, colorType: "palette", samples: new Uint8Array(360_000), palette }, "stored");
    const types: string[] = [];
    const view = new DataView(file.buffer);
    for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
      types.push(Buffer.from(file.subarray(at + 4, at + 8)).toString("latin1"));
    }
    expect(types).toEqual(["IHDR", "PLTE", "IDAT", "IEND"]);
  });
});

describe("toRgba", () => {
  it.each<[string, PngSpec]>([
    [
      "a palette with alpha for its first entries",
      {
        width: 3,
        height: 1,
        depth: 2,
        colorType: 3,
        samples: [0, 1, 2],
        palette: [...palette.subarray(0, 9)],
        transparency: [0, 99],
      },
    ],
    ["gray of 2 bits", { width: 4, height: 1, depth: 2, colorType: 0, samples: [0, 1, 2, 3] }],
    [
      "gray with a clear value",
      { width: 3, height: 1, depth: 8, colorType: 0, samples: [1, 2, 3], transparency: [0, 2] },
    ],
    ["gray and alpha", { width: 2, height: 1, depth: 8, colorType: 4, samples: [1, 2, 3, 255] }],
    [
      "RGB with a clear colour",
      { width: 2, height: 1, depth: 8, colorType: 2, samples: [1, 2, 3, 1, 2, 4], transparency: [0, 1, 0, 2, 0, 3] },
    ],
  ])("agrees with pngjs on %s", (_, spec) => {
    const file = buildPng(spec);
    const rgba = toRgba(decodePng(file));
    const other = new Uint8Array(PNG.sync.read(Buffer.from(file)).data);
    // pngjs blackens clear pixels; the specification only wants them clear.
    for (let at = 0; at < rgba.length; at += 4) if (rgba[at + 3] === 0) rgba.set(other.subarray(at, at + 3), at);
    expect(rgba).toEqual(other);
  });

  it("takes the high byte of 16-bit samples", () => {
    const file = buildPng({ width: 1, height: 1, depth: 16, colorType: 6, samples: [0x1234, 0xff00, 0x00ff, 0x8001] });
    expect([...toRgba(decodePng(file))]).toEqual([0x12, 0xff, 0x00, 0x80]);
  });
});
