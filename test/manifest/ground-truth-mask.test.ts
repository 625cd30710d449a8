import { describe, expect, it } from "vitest";
import { defineClasses } from "../../src/mask/classes.js";
import { parseColor } from "../../src/mask/palette.js";
import type { GroundTruthColorMap } from "../../src/manifest/color-map.js";
import { decodeGroundTruthMask } from "../../src/manifest/ground-truth-mask.js";
import { pngBytes } from "../support/png-bytes.js";
import type { PngBytes } from "../support/png-bytes.js";

const classes = defineClasses(["background", "cat", "dog"]);
const white = [255, 255, 255] as const;
const green = [0x2c, 0xa0, 0x2c] as const;
const blue = [0x1f, 0x77, 0xb4] as const;

function colorMap(...entries: [index: number, name: string, color?: string][]): GroundTruthColorMap {
  return entries.map(([index, className, text]) => {
    const color = text === undefined ? undefined : parseColor(text);
    return { index, className, ...(color === undefined ? {} : { color }) };
  });
}
const pets = colorMap([0, "BACKGROUND", "#ffffff"], [1, "cat", "#2ca02c"], [2, "dog", "#1f77b4"]);

function decode(png: Omit<PngBytes, "height">, map = pets) {
  const { mask, findings } = decodeGroundTruthMask(pngBytes({ ...png, height: 1 }), map, classes, {
    uri: "s3://b/m.png",
  });
  return {
    data: [...mask.data],
    found: findings.map(({ kind, pixels, index, expectedIndex }) => ({ kind, pixels, index, expectedIndex })),
  };
}

describe("decodeGroundTruthMask", () => {
  it("gives the palette indices of a mask as Ground Truth writes it", () => {
    const palette = Array.from({ length: 256 }, (_, index) => [white, green, blue][index] ?? white);
    expect(decode({ width: 5, colorType: 3, samples: [0, 1, 1, 2, 0], palette })).toEqual({
      data: [0, 1, 1, 2, 0],
      found: [],
    });
  });

  it("maps classes by name into a table of another order, and BACKGROUND to index 0", () => {
    const other = defineClasses(["nothing", "dog", "cat", "bird"]);
    const png = pngBytes({ width: 3, height: 1, colorType: 3, samples: [0, 1, 2], palette: [white, green, blue] });
    expect([...decodeGroundTruthMask(png, pets, other).mask.data]).toEqual([0, 2, 1]);
  });

  it("follows the colour where indices are swapped or shifted (2020 defect and its first repair)", () => {
    expect(decode({ width: 3, colorType: 3, samples: [0, 1, 2], palette: [white, blue, green] })).toEqual({
      data: [0, 2, 1],
      found: [
        { kind: "index-mismatch", pixels: 1, index: 1, expectedIndex: 2 },
        { kind: "index-mismatch", pixels: 1, index: 2, expectedIndex: 1 },
      ],
    });
    expect(decode({ width: 4, colorType: 3, samples: [1, 1, 2, 3], palette: [white, white, green, blue] })).toEqual({
      data: [0, 0, 1, 2],
      found: [
        { kind: "index-mismatch", pixels: 2, index: 1, expectedIndex: 0 },
        { kind: "index-mismatch", pixels: 1, index: 2, expectedIndex: 1 },
        { kind: "index-mismatch", pixels: 1, index: 3, expectedIndex: 2 },
      ],
    });
  });

  it("reads white padding as background, also when the map has no background", () => {
    const png = { width: 2, colorType: 3, samples: [1, 3], palette: [white, green, blue, white] } as const;
    const found = [{ kind: "padding-used", pixels: 1, index: 3, expectedIndex: undefined }];
    expect(decode(png)).toEqual({ data: [1, 0], found });
    expect(decode(png, colorMap([1, "cat", "#2ca02c"]))).toEqual({ data: [1, 0], found });
    // Index 0 without an entry is what such a map means by background.
    expect(decode({ ...png, samples: [1, 0] }, colorMap([1, "cat", "#2ca02c"]))).toEqual({ data: [1, 0], found: [] });
  });

  it("refuses a colour of no class, with place and name", () => {
    const png = { width: 3, colorType: 3, samples: [0, 0, 1], palette: [white, [1, 2, 3]] } as const;
    expect(() => decode(png)).toThrow(
      expect.objectContaining({
        code: "mask.color",
        details: { color: "#010203", x: 2, y: 0, name: "s3://b/m.png" },
      }) as Error,
    );
    expect(() => decode({ width: 2, colorType: 2, samples: [...white, 9, 9, 9] })).toThrow(
      expect.objectContaining({
        code: "mask.color",
        details: { color: "#090909", x: 1, y: 0, name: "s3://b/m.png" },
      }) as Error,
    );
    // A palette entry that no pixel uses is nobody's concern.
    expect(decode({ ...png, samples: [0, 0, 0] }).data).toEqual([0, 0, 0]);
  });

  it("reads RGB and RGBA by colour, transparent pixels as background", () => {
    expect(decode({ width: 3, colorType: 2, samples: [...white, ...green, ...blue] })).toEqual({
      data: [0, 1, 2],
      found: [{ kind: "not-palette", pixels: 3 }],
    });
    const samples = [...green, 255, ...green, 128, ...green, 127, ...[7, 7, 7], 0];
    expect(decode({ width: 4, colorType: 6, samples })).toEqual({
      data: [1, 1, 0, 0],
      found: [
        { kind: "not-palette", pixels: 4 },
        { kind: "transparent", pixels: 1 },
        { kind: "half-transparent", pixels: 2 },
      ],
    });
  });

  it("reads a drawing program's palette of one colour with graded alpha", () => {
    // The shape of the Lookout for Vision samples: the map has the defect at "0" and no background.
    const defect = colorMap([0, "cat", "#23a436"]);
    const one = [0x23, 0xa4, 0x36] as const;
    const png = {
      width: 4,
      colorType: 3,
      samples: [0, 1, 2, 3],
      palette: [one, one, one, one],
      transparency: [0, 90, 200],
    } as const;
    expect(decode(png, defect)).toEqual({
      data: [0, 0, 1, 1],
      found: [
        { kind: "transparent", pixels: 1 },
        { kind: "half-transparent", pixels: 2 },
        { kind: "index-mismatch", pixels: 1, index: 2, expectedIndex: 0 },
        { kind: "index-mismatch", pixels: 1, index: 3, expectedIndex: 0 },
      ],
    });
  });

  it("goes by index where there are no colours: oldest maps, gray masks", () => {
    const oldest = colorMap([5, "dog"], [2, "cat"]);
    const palette = Array.from({ length: 6 }, () => [9, 9, 9] as const);
    const found = [{ kind: "no-colors", pixels: 3 }];
    expect(decode({ width: 3, colorType: 3, samples: [0, 2, 5], palette }, oldest)).toEqual({ data: [0, 1, 2], found });
    expect(decode({ width: 3, colorType: 0, samples: [0, 2, 5] }, oldest)).toEqual({ data: [0, 1, 2], found });
    for (const png of [{ colorType: 3, palette }, { colorType: 0 }] as const) {
      expect(() => decode({ width: 2, samples: [0, 4], ...png }, oldest)).toThrow(
        expect.objectContaining({
          code: "mask.index",
          details: { index: 4, x: 1, y: 0, classes: 3, name: "s3://b/m.png" },
        }) as Error,
      );
    }
    // 255 in a gray mask may be white or "ignore": not for us to guess.
    expect(() => decode({ width: 1, colorType: 0, samples: [255] })).toThrow(
      expect.objectContaining({ code: "mask.index" }) as Error,
    );
    expect(() => decode({ width: 1, colorType: 2, samples: [0, 0, 0] }, oldest)).toThrow(
      expect.objectContaining({ code: "manifest.color-map" }) as Error,
    );
  });

  it.each<[string, GroundTruthColorMap, number]>([
    ["a class that the table lacks", colorMap([0, "BACKGROUND", "#ffffff"], [1, "horse", "#2ca02c"]), 1],
    ["two indices of one class", colorMap([1, "cat", "#2ca02c"], [2, "cat", "#1f77b4"]), 2],
    ["a class that is the background", colorMap([0, "BACKGROUND", "#ffffff"], [1, "background", "#2ca02c"]), 1],
    [
      "two classes of one colour that the index cannot tell apart",
      colorMap([1, "cat", "#2ca02c"], [2, "dog", "#2ca02c"]),
      2,
    ],
  ])("refuses %s", (_, map, index) => {
    const png = { width: 1, colorType: 3, samples: [0], palette: [green] } as const;
    expect(() => decode(png, map)).toThrow(
      expect.objectContaining({
        code: "manifest.color-map",
        details: expect.objectContaining({ index, uri: "s3://b/m.png" }) as object,
      }) as Error,
    );
  });

  it("tells two classes of one colour apart by their own indices", () => {
    const map = colorMap([1, "cat", "#2ca02c"], [2, "dog", "#2ca02c"]);
    expect(decode({ width: 3, colorType: 3, samples: [0, 1, 2], palette: [white, green, green] }, map).data).toEqual([
      0, 1, 2,
    ]);
  });

  it("passes on what is wrong with the file, and the limit", () => {
    expect(() => decodeGroundTruthMask(new TextEncoder().encode("<Error/>"), pets, classes)).toThrow(
      expect.objectContaining({ code: "codec.png" }) as Error,
    );
    const png = pngBytes({ width: 3, height: 1, colorType: 3, samples: [0, 0, 0], palette: [white] });
    expect(() => decodeGroundTruthMask(png, pets, classes, { maxPixels: 2 })).toThrow(
      expect.objectContaining({ code: "codec.limit" }) as Error,
    );
  });
});
