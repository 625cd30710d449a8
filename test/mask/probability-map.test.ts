import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { createProbabilityMap, decodeProbabilities, defineClasses, encodeProbabilities } from "../../src/masks.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle", "crab"]);
// Three planes of 2 rows by 2 columns.
const data = Float32Array.of(0.5, 0.25, 0.125, 1, 0.5, 0.75, 0.25, 0, 0, 0, 0.625, 0);
const map = createProbabilityMap(2, 2, data, classes);

/** The rule in words: the first NaN, else the first of the highest. */
function argmaxOf(values: readonly number[]): number {
  const nan = values.findIndex(Number.isNaN);
  return nan >= 0 ? nan : values.indexOf(Math.max(...values));
}

describe("createProbabilityMap", () => {
  it("answers by class and pixel", () => {
    expect(map.shape).toEqual([3, 2, 2]);
    expect([...map.plane("crab")]).toEqual([0, 0, 0.625, 0]);
    expect(map.plane("crab").buffer).toBe(data.buffer);
    expect(map.at(1, 0, "turtle")).toBe(0.75);
    expect(() => map.at(2, 0, "turtle")).toThrow(/0 to 1/);
    expect(() => map.plane("whale" as "crab")).toThrow(/no class/);
  });

  it("gives the most probable class, ties to the lowest, and its probability", () => {
    expect([...map.argmax().data]).toEqual([0, 1, 2, 0]);
    expect([...map.confidence()]).toEqual([0.5, 0.75, 0.625, 1]);
    const { mask, confidence } = map.argmax({ confidence: true });
    expect([...mask.data]).toEqual([0, 1, 2, 0]);
    expect([...confidence]).toEqual([0.5, 0.75, 0.625, 1]);
  });

  it("follows NumPy where values are NaN: the first NaN's class", () => {
    const odd = createProbabilityMap(1, 1, Float32Array.of(0.9, NaN, NaN), classes);
    expect([...odd.argmax().data]).toEqual([1]);
    expect([...odd.confidence()]).toEqual([NaN]);
    expect([...createProbabilityMap(1, 1, Float32Array.of(NaN, 1, 2), classes).argmax().data]).toEqual([0]);
  });

  it("agrees with the rule on any values, also beyond one tile", () => {
    const value = fc.constantFrom(-Infinity, -1, -0, 0, 0.25, 0.5, 1, Infinity, NaN);
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 30 }), (pixels) => {
        const repeat = 300;
        const count = pixels.length * repeat;
        const planes = new Float32Array(3 * count);
        for (let p = 0; p < count; p++)
          for (let c = 0; c < 3; c++) planes[c * count + p] = pixels[p % pixels.length]![c]!;
        const found = createProbabilityMap(count, 1, planes, classes);
        const expected = pixels.map((values) => argmaxOf(values));
        expect(found.argmax().data).toEqual(Uint8Array.from({ length: count }, (_, p) => expected[p % pixels.length]!));
        const highest = Array.from({ length: count }, (_, p) => Math.max(...pixels[p % pixels.length]!) + 0);
        // Adding 0 makes 0 of -0, which are equal here.
        expect(found.confidence().map((one) => one + 0)).toEqual(Float32Array.from(highest));
        const both = found.argmax({ confidence: true });
        expect(both.mask.data).toEqual(found.argmax().data);
        expect(both.confidence).toEqual(found.confidence());
        expect(withoutKernel(() => found.argmax({ confidence: true }).confidence)).toEqual(both.confidence);
      }),
      { numRuns: 20 },
    );
  });

  it("refuses data that does not fit", () => {
    expect(() => createProbabilityMap(2, 2, new Float32Array(8), classes)).toThrow(/12 values \(3 x 2 x 2\)/);
  });
});

describe("decodeProbabilities", () => {
  it("reads what encodeProbabilities writes, with and without classes", () => {
    const bytes = encodeProbabilities(map);
    expect(decodeProbabilities(bytes)).toMatchObject({ width: 2, height: 2, shape: [3, 2, 2] });
    const found = decodeProbabilities(bytes, { classes });
    expect(found.data).toEqual(data);
    expect(found.argmax().nameAt(0, 1)).toBe("crab");
    expect(decodeProbabilities(encodeProbabilities(map, { framing: "bare" }), { classes }).data).toEqual(data);
  });

  it("refuses answers above maxPixels, before the mask is made", () => {
    const bytes = encodeProbabilities(map);
    expect(decodeProbabilities(bytes, { maxPixels: 4 }).width).toBe(2);
    for (const read of [
      () => decodeProbabilities(bytes, { maxPixels: 3 }),
      () => decodeProbabilities(bytes, { classes, maxPixels: 3 }),
    ]) {
      expect(refusalOf(read)).toMatchObject({ code: "codec.limit", details: { what: "pixels", limit: 3, actual: 4 } });
    }
    expect(refusalOf(() => decodeProbabilities(bytes, { maxEntries: 1 })).code).toBe("codec.limit");
    expect(refusalOf(() => decodeProbabilities(bytes, { maxIntegers: 3 })).code).toBe("codec.limit");
  });

  it("refuses an answer with another number of classes", () => {
    expect(() => decodeProbabilities(encodeProbabilities(map), { classes: defineClasses(["a", "b"]) })).toThrow(
      /3 classes. Expected 2 classes: a, b/,
    );
  });
});
