import { describe, expect, test } from "vitest";
import { quantize } from "../../demo/quantize.js";
import { Sheet } from "../../demo/sheet.js";

describe("few colours", () => {
  test("keep a picture of few colours as it is", () => {
    const rgb = Uint8Array.of(255, 255, 255, 200, 30, 10, 0, 0, 0, 200, 30, 10);
    const { palette, indices } = quantize(rgb);
    expect([...indices].flatMap((index) => [...palette[index]!])).toEqual([...rgb]);
    expect(palette).toHaveLength(3);
  });

  test("come near every colour of a picture of many", () => {
    const rgb = Uint8Array.from({ length: 3 * 40_000 }, (_, at) => (at * 7919) % 256);
    const { palette, indices } = quantize(rgb);
    expect(palette.length).toBeLessThanOrEqual(256);
    let sum = 0;
    for (const [pixel, index] of indices.entries()) {
      for (let c = 0; c < 3; c++) sum += Math.abs(palette[index]![c]! - rgb[pixel * 3 + c]!);
    }
    expect(sum / rgb.length).toBeLessThan(24);
  });
});

describe("the sheet", () => {
  test("shrinks a picture by averaging and puts it into the middle of its box", () => {
    const sheet = new Sheet(4, 2);
    // A 4 x 2 picture of black and white columns into a 2 x 2 box: 2 x 1 grays in the upper row.
    const data = Uint8Array.from({ length: 32 }, (_, at) => ((at >> 2) % 2 === 0 ? 0 : 200));
    sheet.place({ width: 4, height: 2, data }, 1, 0, 2, 2);
    const grays = Array.from({ length: 8 }, (_, pixel) => sheet.rgb[pixel * 3]);
    expect(grays).toEqual([255, 100, 100, 255, 255, 255, 255, 255]);
  });

  test("leaves small pictures as they are", () => {
    const sheet = new Sheet(3, 1);
    sheet.place({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3, 255) }, 0, 0, 3, 1);
    expect([...sheet.rgb]).toEqual([255, 255, 255, 1, 2, 3, 255, 255, 255]);
  });
});
