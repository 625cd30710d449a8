import fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import {
  createMask,
  defineClasses,
  difference,
  differenceColors,
  overlay,
  resizeMask,
  SegmentationError,
} from "../../src/masks.js";

const classes = defineClasses(["background", "sea turtle"], { colors: { "sea turtle": "#ff8000" } });
const mask = createMask(2, 2, Uint8Array.of(0, 1, 255, 1), classes);
const gray = { width: 2, height: 2, data: new Uint8Array(12).fill(100) };

const pixels = ({ data }: { readonly data: Uint8Array }) =>
  Array.from({ length: data.length / 4 }, (_, at) => [...data.subarray(at * 4, at * 4 + 4)]);

describe("toPng of a picture", () => {
  it("refuses a misspelt compression", () => {
    const compression = "smal" as "small";
    expect(() => overlay(gray, mask).toPng({ compression })).toThrow(/compression cannot be written. Expected stored/);
  });
});

describe("overlay", () => {
  it("mixes the class colour in and leaves background and ignored pixels as they are", () => {
    const half = [178, 114, 50, 255]; // (100 + 255) / 2, (100 + 128) / 2, 100 / 2, halves rounded up
    const plain = [100, 100, 100, 255];
    const picture = overlay(gray, mask);
    expect(pixels(picture)).toEqual([plain, half, plain, half]);
    expect(picture.legend).toEqual([{ label: "sea turtle", color: [255, 128, 0] }]);
  });

  it("follows its options", () => {
    expect(pixels(overlay(gray, mask, { alpha: 1, background: true, ignored: true }))).toEqual([
      [255, 255, 255, 255],
      [255, 128, 0, 255],
      [224, 224, 192, 255],
      [255, 128, 0, 255],
    ]);
    expect(pixels(overlay(gray, mask, { alpha: 0 }))).toEqual(new Array(4).fill([100, 100, 100, 255]));
    const all = overlay(gray, mask, { background: true, ignored: true });
    expect(all.legend.map(({ label }) => label)).toEqual(["background", "sea turtle", "(ignored)"]);
  });

  it("draws contours inside of painted regions, uncovered; the picture's edge is none", () => {
    // A block that touches the right edge.
    const rows = [".......", "..ccccc", "..ccccc", "..ccccc", "..ccccc", "..ccccc", "......."];
    const block = createMask(
      7,
      7,
      Uint8Array.from(rows.join(""), (letter) => (letter === "c" ? 1 : 0)),
      classes,
    );
    const image = { width: 7, height: 7, data: new Uint8Array(147).fill(100) };
    const drawn = (options: object) => {
      const letters = new Map([
        ["100,100,100,255", "."],
        ["255,128,0,255", "#"],
        ["178,114,50,255", "c"],
      ]);
      const text = pixels(overlay(image, block, options)).map((pixel) => letters.get(String(pixel)));
      return rows.map((_, y) => text.slice(y * 7, (y + 1) * 7).join(""));
    };
    expect(drawn({ contour: { width: 1 } })).toEqual([
      ".......",
      "..#####",
      "..#cccc",
      "..#cccc",
      "..#cccc",
      "..#####",
      ".......",
    ]);
    expect(drawn({ contour: {} })).toEqual([
      ".......",
      "..#####",
      "..#####",
      "..##ccc",
      "..#####",
      "..#####",
      ".......",
    ]);
    expect(drawn({ contour: { width: 1 }, alpha: 0 })).toEqual([
      ".......",
      "..#####",
      "..#....",
      "..#....",
      "..#....",
      "..#####",
      ".......",
    ]);
    for (const width of [0, -1, 1.5, NaN, 1001]) {
      expect(() => overlay(image, block, { contour: { width } })).toThrow(/contour.width.*1 to 1000/);
    }
  });

  it("takes RGBA images", () => {
    const rgba = Uint8Array.from({ length: 16 }, (_, at) => (at % 4 === 3 ? 7 : 100));
    expect(overlay({ width: 2, height: 2, data: rgba }, mask).data).toEqual(overlay(gray, mask).data);
  });

  it("refuses other sizes, data and alphas", () => {
    expect(() => overlay({ ...gray, width: 4, height: 1 }, mask)).toThrow(/4 x 1 pixels, the mask 2 x 2/);
    expect(() => overlay({ ...gray, data: new Uint8Array(8) }, mask)).toThrow(/12 bytes \(RGB\) or 16 \(RGBA\)/);
    for (const alpha of [-0.1, 1.1, NaN]) expect(() => overlay(gray, mask, { alpha })).toThrow(SegmentationError);
  });

  it("writes a PNG that pngjs reads", () => {
    const picture = overlay(gray, mask);
    const read = PNG.sync.read(Buffer.from(picture.toPng()));
    expect(new Uint8Array(read.data)).toEqual(picture.data);
  });

  it("draws a legend below on request", () => {
    const wide = { width: 400, height: 10, data: new Uint8Array(12_000) };
    const wideMask = createMask(400, 10, new Uint8Array(4000).fill(1), classes);
    const picture = overlay(wide, wideMask, { alpha: 1, legend: true });
    expect(picture.width).toBe(400);
    expect(picture.height).toBeGreaterThan(10);
    const colors = new Set(pixels(picture).slice(4000).map(String));
    // White ground, rim, class colour, letters.
    expect(colors).toEqual(new Set(["255,255,255,255", "96,96,96,255", "255,128,0,255", "16,16,16,255"]));
    // Narrow pictures are widened, long names cut.
    const long = defineClasses(["background", "x".repeat(256)]);
    const narrow = overlay(gray, createMask(2, 2, new Uint8Array(4).fill(1), long), { legend: true });
    expect(narrow.width).toBeGreaterThan(200);
    expect(narrow.width).toBeLessThan(400);
  });
});

describe("difference", () => {
  const truth = createMask(5, 1, Uint8Array.of(0, 1, 0, 1, 255), classes);
  const prediction = createMask(5, 1, Uint8Array.of(0, 1, 1, 255, 0), classes);

  it("draws right, wrong and ignored pixels in stated colours", () => {
    const { background, correct, wrong, ignored } = differenceColors;
    const picture = difference(truth, prediction);
    expect(pixels(picture)).toEqual([background, correct, wrong, wrong, ignored].map((color) => [...color, 255]));
    expect(picture.legend.map(({ label }) => label)).toEqual(["correct", "wrong", "correct background", "ignored"]);
    const red = difference(truth, prediction, { colors: { wrong: [255, 0, 0] } });
    expect(pixels(red)[2]).toEqual([255, 0, 0, 255]);
  });

  it("refuses masks of other sizes and classes", () => {
    expect(() => difference(truth, mask)).toThrow(/5 x 1 pixels, the prediction 2 x 2/);
    const others = createMask(5, 1, new Uint8Array(5), defineClasses(["background", "crab"]));
    expect(() => difference(truth, others as unknown as typeof truth)).toThrow(/different classes/);
  });
});

describe("resizeMask", () => {
  it("takes for every pixel the one whose area its centre lies in", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, size, size, (w, h, width, height) => {
        const data = Uint8Array.from({ length: w * h }, (_, at) => at);
        const found = resizeMask({ width: w, height: h, data }, width, height);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            // Centre (x + 0.5, y + 0.5), scaled, cut to whole numbers; in fractions, so that nothing is rounded.
            const column = Math.floor(((2 * x + 1) * w) / (2 * width));
            const row = Math.floor(((2 * y + 1) * h) / (2 * height));
            expect(found.data[y * width + x]).toBe(data[row * w + column]);
          }
        }
      }),
    );
    const four = resizeMask({ width: 2, height: 1, data: Uint8Array.of(3, 9) }, 4, 2);
    expect([...four.data]).toEqual([3, 3, 9, 9, 3, 3, 9, 9]);
    expect([...resizeMask({ width: 5, height: 1, data: Uint8Array.of(0, 1, 2, 3, 4) }, 1, 1).data]).toEqual([2]);
  });
});
