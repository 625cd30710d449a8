import fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import {
  createMask,
  decodeMask,
  defineClasses,
  encodeMask,
  parseColor,
  resizeMask,
  SegmentationError,
} from "../../src/masks.js";
import type { IndexMask } from "../../src/masks.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle", "crab"]);
const data = Uint8Array.of(0, 1, 1, 255, 2, 1);
const mask = createMask(3, 2, data, classes);

describe("createMask", () => {
  it("answers by pixel", () => {
    expect([mask.at(0, 0), mask.at(2, 0), mask.at(0, 1), mask.at(1, 1)]).toEqual([0, 1, 255, 2]);
    expect([mask.nameAt(2, 1), mask.nameAt(0, 1)]).toEqual(["sea turtle", undefined]);
    for (const [x, y] of [
      [3, 0],
      [0, 2],
      [-1, 0],
      [0.5, 0],
      [NaN, 0],
    ] as const) {
      // prettier-ignore
      expect(() => mask.at(x, y)).toThrow(SegmentationError);
    }
  });

  it("counts pixels; shares leave ignored ones out", () => {
    expect({ ...mask.counts() }).toEqual({ background: 1, "sea turtle": 3, crab: 1 });
    expect(mask.ignored()).toBe(1);
    expect(mask.share("sea turtle")).toBe(3 / 5);
    expect(createMask(1, 1, Uint8Array.of(255), classes).share("crab")).toBe(0);
    expect(() => mask.share("whale" as "crab")).toThrow(/no class/);
  });

  it("counts like a plain count, whatever the runs", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2, 255), { minLength: 1, maxLength: 200 }), (values) => {
        const found = createMask(values.length, 1, Uint8Array.from(values), classes);
        const count = (index: number) => values.filter((value) => value === index).length;
        expect(Object.values(found.counts())).toEqual([count(0), count(1), count(2)]);
        expect(found.ignored()).toBe(count(255));
      }),
    );
  });

  it("takes class names of the prototype for ordinary names", () => {
    const odd = defineClasses(["constructor", "__proto__", "toString"]);
    const counts = createMask(2, 1, Uint8Array.of(1, 1), odd).counts();
    expect(Object.entries(counts)).toEqual([
      ["constructor", 0],
      ["__proto__", 2],
      ["toString", 0],
    ]);
    expect(Object.getPrototypeOf(counts)).toBeNull();
  });

  it("refuses indices that are no class, and sizes that do not fit", () => {
    expect(() => createMask(3, 2, Uint8Array.of(0, 0, 0, 0, 3, 0), classes)).toThrow(/index 3 at \(1, 1\)/);
    expect(() => createMask(3, 3, data, classes)).toThrow(/6 values/);
    expect(() => createMask(0, 0, new Uint8Array(0), classes)).toThrow(/width is 0/);
    const other = defineClasses(["a"], { ignoreIndex: 7 });
    expect(createMask(2, 1, Uint8Array.of(0, 7), other).ignored()).toBe(1);
    expect(() => createMask(1, 1, Uint8Array.of(255), other)).toThrow(/0 to 0 or 7/);
  });
});

describe("encodeMask", () => {
  it.each([
    ["gray", 2, 1],
    ["gray", 3, 2],
    ["gray", 16, 4],
    ["gray", 17, 8],
    ["palette", 4, 2],
    ["palette", 5, 4],
  ] as const)("writes %s of %i classes with %i bits on demand", (kind, count, bits) => {
    const grid = { width: 37, height: 3, data: Uint8Array.from({ length: 111 }, (_, at) => at % count) };
    const png = encodeMask(grid, { kind, depth: "smallest" });
    // IHDR's bit depth.
    expect(png[24]).toBe(bits);
    expect(decodeMask(png).data).toEqual(grid.data);
    expect(encodeMask(grid, { kind })[24]).toBe(8);
  });

  it("keeps the indices in every kind and compression", () => {
    const any = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 })).chain(([width, height]) =>
      fc.record({
        width: fc.constant(width),
        height: fc.constant(height),
        data: fc.uint8Array({ minLength: width * height, maxLength: width * height }),
      }),
    );
    fc.assert(
      fc.property(
        any,
        fc.constantFrom("gray", "palette"),
        fc.constantFrom("stored", "fast", "small"),
        (grid, kind, compression) => {
          const found = decodeMask(encodeMask(grid, { kind, compression }));
          expect(found.data).toEqual(grid.data);
          expect(found.kind).toBe(kind);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("shows the classes' colours in any viewer", () => {
    const { data: rgba } = PNG.sync.read(Buffer.from(mask.toPng()));
    const pixel = (at: number) => [...rgba.subarray(at * 4, at * 4 + 3)];
    // Ground Truth's colours for background and the first two classes.
    expect([pixel(0), pixel(1), pixel(4)]).toEqual([
      [255, 255, 255],
      [0x2c, 0xa0, 0x2c],
      [0x1f, 0x77, 0xb4],
    ]);
    // Ignored pixels have PASCAL VOC's cream.
    expect(pixel(3)).toEqual([224, 224, 192]);
  });

  it("writes Ground Truth's palette: 256 entries, unused ones white", () => {
    const plain = createMask(2, 1, Uint8Array.of(0, 1), classes);
    const palette = decodeMask(plain.toPng({ paletteEntries: 256 })).palette!;
    expect(palette).toHaveLength(256);
    expect(palette.slice(0, 3)).toEqual(classes.colors);
    expect(new Set(palette.slice(3).map(String))).toEqual(new Set(["255,255,255"]));
    expect(decodeMask(plain.toPng()).palette).toHaveLength(3);
  });

  it("gives the same bytes for the same mask", () => {
    expect(mask.toPng()).toEqual(createMask(3, 2, data.slice(), classes).toPng());
  });

  it("refuses grids whose size does not fit", () => {
    expect(() => encodeMask({ width: 2, height: 2, data: new Uint8Array(5) })).toThrow(/2 x 2 values/);
    expect(() => encodeMask({ width: 0, height: 2, data: new Uint8Array(0) })).toThrow(SegmentationError);
  });
});

describe("resizeMask", () => {
  it("takes the pixel whose centre is nearest", () => {
    const row = createMask(4, 1, Uint8Array.of(0, 1, 2, 255), classes);
    // Centres of 2 pixels over 4: 1 and 3, each on the border to the right pixel.
    expect([...resizeMask(row, 2, 1).data]).toEqual([1, 255]);
    expect([...resizeMask(row, 8, 1).data]).toEqual([0, 0, 1, 1, 2, 2, 255, 255]);
    // Centres of 3 over 4: 0.67, 2, 3.33.
    expect([...resizeMask(row, 3, 2).data]).toEqual([0, 2, 255, 0, 2, 255]);
  });

  it("keeps the mask at its own size and its classes", () => {
    const same = resizeMask(mask, 3, 2);
    expect(same.data).toEqual(mask.data);
    expect(same.classes).toBe(classes);
    expect(resizeMask({ width: 1, height: 1, data: Uint8Array.of(9) }, 2, 2)).toEqual({
      width: 2,
      height: 2,
      data: Uint8Array.of(9, 9, 9, 9),
    });
  });

  it("refuses sizes that are no positive integers, and huge ones", () => {
    for (const width of [0, -1, 1.5, NaN, 2 ** 31]) expect(() => resizeMask(mask, width, 2)).toThrow(SegmentationError);
  });
});

describe("sizes, colours and words", () => {
  it("are refused where they are none, instead of a file that is wrong or a work without end", () => {
    const grid = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
    const wrongs: readonly (readonly [IndexMask, object])[] = [
      [{ width: 1.5, height: 2, data: new Uint8Array(3) }, {}],
      [{ width: 2 ** 31, height: 0, data: new Uint8Array(0) }, {}],
      [grid, { colors: [[1, 2, 3, 4]] }],
      [grid, { colors: [[1, 2, 300]] }],
      [grid, { depth: 4 }],
      [grid, { paletteEntries: 16 }],
      [grid, { compression: "best" }],
      [grid, { kind: "rgb" }],
    ];
    for (const [wrong, options] of wrongs) {
      expect(refusalOf(() => encodeMask(wrong, options)).code, JSON.stringify(options)).toBe("input.invalid");
    }
    expect(refusalOf(() => resizeMask({ width: 4, height: 4, data: new Uint8Array(3) }, 2, 2)).code).toBe(
      "input.invalid",
    );
  });

  it("white stands for indices without a colour, and no class has the colour of ignored pixels", () => {
    const png = encodeMask({ width: 2, height: 1, data: Uint8Array.of(0, 2) }, { colors: [[1, 2, 3]] });
    expect(decodeMask(png).palette).toEqual([
      [1, 2, 3],
      [255, 255, 255],
      [255, 255, 255],
    ]);
    const colors = { a: "#e0e0c0", b: "#808080", c: "#000000", d: "#ffffff" };
    const four = defineClasses(["a", "b", "c", "d"], { colors });
    const { palette = [] } = decodeMask(createMask(1, 1, Uint8Array.of(255), four).toPng());
    const own = Object.values(colors).map((color) => parseColor(color));
    expect(own).not.toContainEqual(palette[255]);
  });
});
