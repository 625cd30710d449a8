import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineClasses } from "../../src/mask/classes.js";
import { createConfusionMatrix } from "../../src/evaluation/confusion-matrix.js";
import type { ConfusionMatrixData } from "../../src/evaluation/confusion-matrix.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "cat", "dog"]);
const grid = (data: Uint8Array | readonly number[], width = data.length) => ({
  width,
  height: data.length / width,
  data: Uint8Array.from(data),
});

describe("createConfusionMatrix", () => {
  it("counts [truth][prediction], leaves ignored pixels out and reports predictions that are no class", () => {
    const matrix = createConfusionMatrix(classes);
    matrix.add(grid([0, 0, 1, 1, 2, 2, 255, 255, 1]), grid([0, 1, 1, 2, 2, 255, 0, 255, 7]));
    expect(matrix.toJSON()).toEqual({
      classes: ["background", "cat", "dog"],
      counts: [
        [1, 1, 0],
        [0, 1, 1],
        [0, 0, 1],
      ],
      unclassified: [0, 1, 1],
      ignored: 2,
      images: 1,
    });
    expect(matrix.count("cat", "dog")).toBe(1);
    expect(matrix.counts[1 * classes.count + 2]).toBe(1);
    expect(refusalOf(() => matrix.count("horse" as "cat", "dog")).code).toBe("classes.unknown");
  });

  it("agrees with a plain double loop, whatever the pixels, the length and the alignment", () => {
    // Runs and noise; memory that begins at any offset takes the byte path.
    const pixels = fc.array(fc.tuple(fc.constantFrom(0, 1, 2, 255), fc.nat(255), fc.integer({ min: 1, max: 30 })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(pixels, fc.nat(3), fc.nat(3), (runs, shiftTruth, shiftPrediction) => {
        const pairs = runs.flatMap(([t, p, length]) => Array.from({ length }, () => [t, p] as const));
        const shifted = (values: readonly number[], shift: number): Uint8Array => {
          const memory = new Uint8Array(values.length + shift);
          memory.set(values, shift);
          return memory.subarray(shift);
        };
        const [truth, prediction] = [pairs.map(([t]) => t), pairs.map(([, p]) => p)];
        const matrix = createConfusionMatrix(classes);
        matrix.add(
          { width: pairs.length, height: 1, data: shifted(truth, shiftTruth) },
          { width: pairs.length, height: 1, data: shifted(prediction, shiftPrediction) },
        );
        const expected = { counts: new Array<number>(9).fill(0), unclassified: [0, 0, 0], ignored: 0 };
        for (const [t, p] of pairs) {
          if (t === 255) expected.ignored++;
          else if (p > 2) expected.unclassified[t]!++;
          else expected.counts[t * 3 + p]!++;
        }
        expect([...matrix.counts]).toEqual(expected.counts);
        expect([...matrix.unclassified]).toEqual(expected.unclassified);
        expect(matrix.ignored).toBe(expected.ignored);
      }),
      { numRuns: 200 },
    );
  });

  it("holds 254 classes", () => {
    const many = defineClasses(Array.from({ length: 254 }, (_, index) => `class ${index}`));
    const matrix = createConfusionMatrix(many);
    const all = grid(Array.from({ length: 254 }, (_, index) => index));
    matrix.add(all, all);
    expect(matrix.counts.length).toBe(254 * 254);
    for (let index = 0; index < 254; index++) expect(matrix.counts[index * 255]).toBe(1);
  });

  it("takes another ignore index", () => {
    const matrix = createConfusionMatrix(defineClasses(["a", "b"], { ignoreIndex: 2 }));
    matrix.add(grid([0, 1, 2]), grid([0, 2, 0]));
    expect(matrix.toJSON()).toMatchObject({ ignored: 1, unclassified: [0, 1] });
    expect(refusalOf(() => matrix.add(grid([255]), grid([0])))).toMatchObject({
      code: "mask.index",
      details: { index: 255 },
    });
  });

  it("refuses other sizes and truth that is no class, and adds nothing then", () => {
    const matrix = createConfusionMatrix(classes);
    const before = JSON.stringify(matrix);
    expect(refusalOf(() => matrix.add(grid([0, 0, 0, 0], 2), grid([0, 0, 0, 0], 4), "a.jpg"))).toMatchObject({
      code: "mask.size",
      details: { expected: [2, 2], actual: [4, 1], name: "a.jpg" },
    });
    expect(refusalOf(() => matrix.add(grid([0, 0, 1, 9], 2), grid([0, 0, 1, 1], 2), "a.jpg"))).toMatchObject({
      code: "mask.index",
      details: { index: 9, x: 1, y: 1, classes: 3, name: "a.jpg" },
    });
    const short = { width: 2, height: 2, data: new Uint8Array(3) };
    expect(refusalOf(() => matrix.add(short, short)).code).toBe("input.invalid");
    expect(JSON.stringify(matrix)).toBe(before);
  });

  it("merges matrices and their JSON, in any order", () => {
    const add = (truth: number[], prediction: number[]) => {
      const matrix = createConfusionMatrix(classes);
      matrix.add(grid(truth), grid(prediction));
      return matrix;
    };
    const parts = [add([0, 1, 255], [0, 2, 1]), add([2, 2], [2, 200])];
    const whole = createConfusionMatrix(classes);
    for (const part of parts) whole.merge(part);
    const fromText = createConfusionMatrix(classes);
    for (const part of parts.reverse()) fromText.merge(JSON.parse(JSON.stringify(part)) as ConfusionMatrixData);
    expect(fromText.toJSON()).toEqual(whole.toJSON());
    expect(whole.toJSON()).toMatchObject({ images: 2, ignored: 1, unclassified: [0, 0, 1] });
  });

  it.each<[string, Partial<Record<keyof ConfusionMatrixData, unknown>>]>([
    ["other classes", { classes: ["background", "dog", "cat"] }],
    ["a row too few", { counts: [[0, 0, 0]] }],
    [
      "a row too short",
      {
        counts: [
          [0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
      },
    ],
    [
      "a negative count",
      {
        counts: [
          [0, 0, -1],
          [0, 0, 0],
          [0, 0, 0],
        ],
      },
    ],
    ["a count that is no number", { unclassified: [0, "1", 0] }],
    ["no ignored", { ignored: undefined }],
    ["no boundary at its place", { boundary: null }],
  ])("refuses to merge %s", (_, change) => {
    const data = { ...createConfusionMatrix(classes).toJSON(), ...change } as ConfusionMatrixData;
    expect(refusalOf(() => createConfusionMatrix(classes).merge(data)).code).toBe("input.invalid");
  });

  it("refuses to merge what is no data", () => {
    for (const data of [null, undefined, 1]) {
      const other = data as unknown as ConfusionMatrixData;
      expect(refusalOf(() => createConfusionMatrix(classes).merge(other)).code).toBe("input.invalid");
    }
  });

  it("refuses to merge a matrix of other classes", () => {
    const other = createConfusionMatrix(defineClasses(["background", "dog", "cat"]));
    expect(refusalOf(() => createConfusionMatrix(classes).merge(other)).code).toBe("input.invalid");
  });
});
