import { describe, expect, it } from "vitest";
import { decodeMask, defineClasses, encodeMask, SegmentationError } from "../../src/masks.js";
import type { DecodeMaskOptions } from "../../src/masks.js";
import { buildPng } from "../codec/png-writer.js";
import type { PngSpec } from "../codec/png-writer.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle", "crab"]);
const size = { width: 3, height: 2 };
const indices = [0, 1, 2, 255, 1, 0];

function failure(spec: PngSpec, options: DecodeMaskOptions & { classes?: typeof classes } = {}): SegmentationError {
  try {
    decodeMask(buildPng(spec), options as DecodeMaskOptions);
  } catch (error) {
    if (SegmentationError.is(error)) return error;
    throw error;
  }
  throw new Error("the mask was accepted");
}

describe("decodeMask", () => {
  it("gives the stored values of gray and palette files, never colours", () => {
    const palette = Array.from({ length: 768 }, (_, at) => at & 255);
    expect([...decodeMask(buildPng({ ...size, depth: 8, colorType: 0, samples: indices })).data]).toEqual(indices);
    const found = decodeMask(buildPng({ ...size, depth: 8, colorType: 3, samples: indices, palette }));
    expect([...found.data]).toEqual(indices);
    expect(found).toMatchObject({ width: 3, height: 2, kind: "palette" });
    expect(found.palette![1]).toEqual([3, 4, 5]);
  });

  it.each([1, 2, 4, 8])("does not scale gray of %i bits", (depth) => {
    const samples = [0, 1, 0, 1, 1, 0];
    expect([...decodeMask(buildPng({ ...size, depth, colorType: 0, samples })).data]).toEqual(samples);
  });

  it("takes gray of 16 bits and gray with alpha when the values are indices", () => {
    expect([...decodeMask(buildPng({ ...size, depth: 16, colorType: 0, samples: indices })).data]).toEqual(indices);
    const samples = indices.flatMap((index) => [index, 7]);
    expect([...decodeMask(buildPng({ ...size, depth: 8, colorType: 4, samples })).data]).toEqual(indices);
    expect(failure({ ...size, depth: 16, colorType: 0, samples: [0, 0, 0, 0, 700, 0] })).toMatchObject({
      code: "mask.index",
      details: { index: 700, x: 1, y: 1 },
    });
  });

  it("checks indices against the classes", () => {
    const mask = decodeMask(buildPng({ ...size, depth: 8, colorType: 0, samples: indices }), { classes });
    expect(mask.nameAt(1, 0)).toBe("turtle");
    const samples = [0, 1, 2, 0, 3, 0];
    const error = failure({ ...size, depth: 8, colorType: 0, samples }, { classes, name: "a.png" });
    expect(error).toMatchObject({
      code: "mask.index",
      details: { index: 3, x: 1, y: 1, classes: 3, name: "a.png" },
    });
    expect(error.message).toContain("a.png");
    const lenient = decodeMask(buildPng({ ...size, depth: 8, colorType: 0, samples }), {
      classes,
      ignoreUnknown: true,
    });
    expect([...lenient.data]).toEqual([0, 1, 2, 0, 255, 0]);
    const deep = buildPng({ ...size, depth: 16, colorType: 0, samples: [0, 1, 2, 0, 700, 0] });
    expect([...decodeMask(deep, { classes, ignoreUnknown: true }).data]).toEqual([0, 1, 2, 0, 255, 0]);
  });

  describe("colour files", () => {
    const colorMap = { "#000000": 0, "#FF8000": 1, "#00ff00": 2, "#e0e0c0": 255 };
    const rgb = [[0, 0, 0], [255, 128, 0], [0, 255, 0], [224, 224, 192], [255, 128, 0], [0, 0, 0]]; // prettier-ignore

    it("reads RGB and RGBA of 8 and 16 bits by the colour map", () => {
      const wide = rgb.map((color) => color.map((value) => value * 257));
      for (const [depth, colors] of [
        [8, rgb],
        [16, wide],
      ] as const) {
        // prettier-ignore
        const plain = buildPng({ ...size, depth, colorType: 2, samples: colors.flat() });
        expect([...decodeMask(plain, { colorMap }).data]).toEqual(indices);
        const alpha = buildPng({
          ...size,
          depth,
          colorType: 6,
          samples: colors.flatMap((color) => [...color, 2 ** depth - 1]),
        });
        expect([...decodeMask(alpha, { colorMap, classes }).data]).toEqual(indices);
      }
    });

    it("reads them by the classes' colours", () => {
      const own = defineClasses(["background", "turtle"], { colors: { background: "#000000", turtle: "#ff8000" } });
      const samples = [...rgb[0]!, ...rgb[1]!];
      const file = buildPng({ width: 2, height: 1, depth: 8, colorType: 2, samples });
      expect([...decodeMask(file, { classes: own }).data]).toEqual([0, 1]);
    });

    it("names an unknown colour with its place", () => {
      const samples = rgb.with(4, [254, 128, 0]).flat();
      expect(failure({ ...size, depth: 8, colorType: 2, samples }, { colorMap })).toMatchObject({
        code: "mask.color",
        details: { color: "#fe8000", x: 1, y: 1 },
      });
      const file = buildPng({ ...size, depth: 8, colorType: 2, samples });
      expect([...decodeMask(file, { colorMap, ignoreUnknown: true }).data]).toEqual(indices.with(4, 255));
      const between = rgb.map((color) => color.map((value) => value * 257)).with(2, [0, 65534, 0]);
      expect(failure({ ...size, depth: 16, colorType: 2, samples: between.flat() }, { colorMap })).toMatchObject({
        code: "mask.color",
        details: { color: "#0000fffe0000", x: 2, y: 0 },
      });
    });

    it("takes colours of opaque pixels only", () => {
      const samples = rgb.flatMap((color, at) => [...color, at === 1 ? 0 : 255]);
      const spec: PngSpec = { ...size, depth: 8, colorType: 6, samples };
      expect(failure(spec, { colorMap })).toMatchObject({ code: "mask.color", details: { color: "#ff800000", x: 1 } });
      expect([...decodeMask(buildPng(spec), { colorMap, transparent: 2 }).data]).toEqual(indices.with(1, 2));
      expect([...decodeMask(buildPng(spec), { colorMap, ignoreUnknown: true }).data]).toEqual(indices.with(1, 255));
      const half = { ...spec, samples: samples.with(7, 128) };
      expect(failure(half, { colorMap, transparent: 2 })).toMatchObject({ details: { color: "#ff800080" } });
      expect(failure(spec, { colorMap, transparent: 256 }).code).toBe("input.invalid");
      const palette = [255, 128, 0, 255, 128, 0];
      const graded: PngSpec = {
        width: 2,
        height: 1,
        depth: 1,
        colorType: 3,
        samples: [0, 1],
        palette,
        transparency: [0],
      };
      expect(failure(graded, { colorMap })).toMatchObject({ details: { color: "#ff800000", x: 0 } });
      expect([...decodeMask(buildPng(graded), { colorMap, transparent: 0 }).data]).toEqual([0, 1]);
      expect([...decodeMask(buildPng(graded)).data]).toEqual([0, 1]);
    });

    it("asks for a colour map", () => {
      const error = failure({ ...size, depth: 8, colorType: 2, samples: rgb.flat() });
      expect(error.code).toBe("codec.png");
      expect(error.message).toMatch(/colorMap/);
    });

    it("lets a colour map decide over a palette's own indices", () => {
      // The defect of 2020: right colours at wrong indices.
      const palette = [[0, 255, 0], [0, 0, 0], [255, 128, 0]].flat(); // prettier-ignore
      const spec: PngSpec = { ...size, depth: 8, colorType: 3, samples: [1, 2, 0, 1, 2, 0], palette };
      expect([...decodeMask(buildPng(spec), { colorMap }).data]).toEqual([0, 1, 2, 0, 1, 2]);
      expect([...decodeMask(buildPng(spec), { classes }).data]).toEqual([1, 2, 0, 1, 2, 0]);
      const unknown = { ...spec, palette: [...palette.slice(0, 6), 1, 1, 1] };
      expect(failure(unknown, { colorMap })).toMatchObject({ code: "mask.color", details: { color: "#010101", x: 1 } });
    });

    it.each<[string, Record<string, number>]>([
      ["a key that is no colour", { red: 1 }],
      ["a short key", { "#fff": 1 }],
      ["an index that is no byte", { "#ffffff": 256 }],
      ["one colour with two indices", { "#ffffff": 1, "#FFFFFF": 2 }],
    ])("refuses a colour map with %s", (_, map) => {
      expect(failure({ ...size, depth: 8, colorType: 2, samples: rgb.flat() }, { colorMap: map }).code).toBe(
        "input.invalid",
      );
    });
  });

  it("writes into given memory for every kind of file, and refuses too little", () => {
    const palette = Array.from({ length: 768 }, (_, at) => at & 255);
    const colorMap = Object.fromEntries(
      indices.map((index) => [`#${index.toString(16).padStart(2, "0").repeat(3)}`, index]),
    );
    const specs: PngSpec[] = [
      { ...size, depth: 8, colorType: 0, samples: indices },
      { ...size, depth: 16, colorType: 0, samples: indices },
      { ...size, depth: 8, colorType: 3, samples: indices, palette },
      { ...size, depth: 8, colorType: 2, samples: indices.flatMap((index) => [index, index, index]) },
      { ...size, depth: 8, colorType: 4, samples: indices.flatMap((index) => [index, 255]), interlaced: true },
    ];
    for (const spec of specs) {
      const out = new Uint8Array(10).fill(9);
      const mask = decodeMask(buildPng(spec), spec.colorType === 2 ? { out, colorMap } : { out });
      expect(mask.data.buffer).toBe(out.buffer);
      expect([...out]).toEqual([...indices, 9, 9, 9, 9]);
      expect(failure(spec, { out: new Uint8Array(5), colorMap }).code).toBe("input.invalid");
    }
  });

  it("says what a file is that is no PNG", () => {
    expect(() => decodeMask(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toThrow(/This is a JPEG image/);
    expect(() => decodeMask(new TextEncoder().encode("<?xml version='1.0'?>"))).toThrow(/XML/);
  });

  it("keeps to maxPixels", () => {
    const file = encodeMask({ width: 3, height: 2, data: new Uint8Array(6) });
    expect(() => decodeMask(file, { maxPixels: 5 })).toThrow(/more than the limit of 5/);
  });
});

describe("what only JavaScript can pass", () => {
  it("is refused with what would be right", () => {
    const png = encodeMask({ width: 1, height: 1, data: Uint8Array.of(1) });
    const decode = decodeMask as (png: unknown, options?: unknown) => unknown;
    expect(refusalOf(() => decode("mask.png"))).toMatchObject({ code: "input.invalid", details: { parameter: "png" } });
    expect(refusalOf(() => decode(png, { classes: ["a", "b"] }))).toMatchObject({ details: { parameter: "classes" } });
    const encode = encodeMask as (mask: unknown, options: unknown) => unknown;
    const mask = { width: 1, height: 1, data: Uint8Array.of(1) };
    expect(refusalOf(() => encode(mask, { kind: "pallete" }))).toMatchObject({ details: { parameter: "kind" } });
    expect(refusalOf(() => encode(mask, { compression: "best" }))).toMatchObject({
      details: { parameter: "compression" },
    });
  });
});
