import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitImages } from "../../src/dataset/split.js";
import { refusalOf } from "../support/refusal-of.js";

const images = (count: number): { name: string; imageUri: string }[] =>
  Array.from({ length: count }, (_, at) => ({ name: `img${at}`, imageUri: `s3://b/in/img${at}.jpg` }));
const countOf = (halves: readonly unknown[], half: unknown): number => halves.filter((found) => found === half).length;

describe("by shares", () => {
  it("is exact to one image", () => {
    const halves = splitImages(images(1000), { train: 0.7, validation: 0.2, seed: 3 });
    expect([countOf(halves, "train"), countOf(halves, "validation"), countOf(halves, undefined)]).toEqual([
      700, 200, 100,
    ]);
  });

  it("is 80 to 20 by default, and fills up what one share leaves", () => {
    expect(countOf(splitImages(images(10), {}), "validation")).toBe(2);
    expect(countOf(splitImages(images(10), { train: 0.6 }), "validation")).toBe(4);
    expect(countOf(splitImages(images(10), { validation: 0.3 }), "train")).toBe(7);
  });

  it("depends on names and seed, not on the order", () => {
    const byName = (list: readonly { name: string; imageUri: string }[], seed: number): Record<string, unknown> => {
      const halves = splitImages(list, { seed });
      return Object.fromEntries(list.map(({ name }, at) => [name, halves[at]]));
    };
    expect(byName(images(50).reverse(), 1)).toEqual(byName(images(50), 1));
    expect(byName(images(50), 2)).not.toEqual(byName(images(50), 1));
  });

  it("does not cut a sorted list in two", () => {
    const halves = splitImages(images(100), { train: 0.5, validation: 0.5 });
    const first = countOf(halves.slice(0, 50), "validation");
    // Drawing 50 of 100 without order, 15 or less in the first half would be a matter of one in 10,000.
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(35);
  });

  it("gives each half at least one image, whatever the shares", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer(),
        (count, train, seed) => {
          const halves = splitImages(images(count), { train, validation: 1 - train, seed });
          expect(countOf(halves, undefined)).toBe(0);
          expect(countOf(halves, "train")).toBeGreaterThan(0);
          expect(countOf(halves, "validation")).toBeGreaterThan(0);
        },
      ),
    );
    expect(countOf(splitImages(images(3), { train: 0.01, validation: 0.01 }), "train")).toBe(1);
  });

  it("needs two images", () => {
    expect(refusalOf(() => splitImages(images(1), {}))).toMatchObject({
      code: "dataset.empty",
      details: { channel: "train" },
    });
  });
});

describe("by names", () => {
  it("takes names with and without extension and full addresses; the others train", () => {
    const halves = splitImages(images(4), { validation: ["img0", "img1.jpg", "s3://b/in/img3.jpg"] });
    expect(halves).toEqual(["validation", "validation", "train", "validation"]);
  });

  it("leaves out what neither list names", () => {
    expect(splitImages(images(3), { validation: ["img0"], train: ["img1"] })).toEqual([
      "validation",
      "train",
      undefined,
    ]);
  });

  it.each([
    ["an unknown name", { validation: ["nobody"] }],
    ["a name in both lists", { validation: ["img0"], train: ["img0"] }],
  ])("refuses %s", (_, split) => {
    expect(refusalOf(() => splitImages(images(3), split)).code).toBe("input.invalid");
  });

  it("refuses a name that two images have", () => {
    const twins = [
      { name: "x_1", imageUri: "s3://b/x/1.jpg" },
      { name: "y_1", imageUri: "s3://b/y/1.jpg" },
    ];
    expect(refusalOf(() => splitImages(twins, { validation: ["1.jpg"] })).code).toBe("input.invalid");
    expect(splitImages(twins, { validation: ["s3://b/y/1.jpg"] })).toEqual(["train", "validation"]);
  });

  it("refuses to leave a half empty", () => {
    expect(refusalOf(() => splitImages(images(2), { validation: [] })).code).toBe("dataset.empty");
    expect(refusalOf(() => splitImages(images(2), { validation: ["img0", "img1"] })).code).toBe("dataset.empty");
  });
});
