import { describe, expect, it } from "vitest";
import { boundaryDistance } from "../../src/evaluation/boundary-counts.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { computeMetrics, createConfusionMatrix, createMask, defineClasses } from "../../src/masks.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "cat"]);

/** A mask drawn with letters: `.` background, `c` cat, `-` ignored. */
function draw(...rows: readonly string[]) {
  const data = Uint8Array.from(rows.join(""), (letter) => ({ ".": 0, c: 1, "-": 255 })[letter] ?? 7);
  return createMask(rows[0]!.length, rows.length, data, classes);
}

const truth = draw("........", "........", "..ccccc.", "..ccccc.", "..ccccc.", "..ccccc.", "..ccccc.", "........");
/** The same a column to the left. */
const prediction = draw("........", "........", ".ccccc..", ".ccccc..", ".ccccc..", ".ccccc..", ".ccccc..", "........");

describe("boundary IoU", () => {
  it("gives the numbers that one gets by hand", () => {
    const matrix = createConfusionMatrix(classes, { boundary: true });
    matrix.add(truth, prediction, "one");
    // 2 % of 11.3 pixels are less than one: the ring of one pixel. A ring of 5 x 5 has 16 pixels; moved by a column, top
    // and bottom rows share 4 each, and of the upright sides nothing but what stands in those rows.
    expect(matrix.boundary).toMatchObject({
      ratio: 0.02,
      truth: [expect.any(Number), 16],
      prediction: [expect.any(Number), 16],
    });
    expect(matrix.boundary?.both[1]).toBe(8);
    const metrics = computeMetrics(matrix);
    expect(metrics.perClass.cat.boundaryIoU).toBe(8 / 24);
    expect(metrics.perClass.cat.iou).toBe(20 / 30);
    expect(metrics.meanBoundaryIoU).toBe((8 / 24 + metrics.perClass.background.boundaryIoU!) / 2);
    expect(metrics.rules.at(-1)).toMatch(/boundary IoU.*Cheng et al., 2021.*2 % of the image's diagonal/);
  });

  it("is 1 for a perfect prediction, also beside ignored pixels, whatever was predicted there", () => {
    const partly = draw("--cccccc", "--cccccc", "--cccccc", "........", "........");
    const guess = draw("cccccccc", "..cccccc", "--cccccc", "........", "........");
    const matrix = createConfusionMatrix(classes, { boundary: { ratio: 0.1 } });
    matrix.add(partly, guess);
    expect(computeMetrics(matrix)).toMatchObject({ meanBoundaryIoU: 1, meanIoU: 1 });
  });

  it("counts the image's edge as contour and has no value for a class that is nowhere", () => {
    const matrix = createConfusionMatrix(defineClasses(["background", "cat", "dog"]), { boundary: true });
    const all = { width: 4, height: 4, data: new Uint8Array(16) };
    matrix.add(all, all);
    expect(matrix.boundary).toEqual({ ratio: 0.02, truth: [12, 0, 0], prediction: [12, 0, 0], both: [12, 0, 0] });
    expect(computeMetrics(matrix).perClass.dog).toHaveProperty("boundaryIoU", undefined);
  });

  it("leaves predictions that are no class out of the classes' boundaries", () => {
    const matrix = createConfusionMatrix(classes, { boundary: true });
    matrix.add(
      { width: 3, height: 1, data: Uint8Array.of(0, 0, 1) },
      { width: 3, height: 1, data: Uint8Array.of(0, 9, 255) },
    );
    expect(matrix.boundary).toMatchObject({ truth: [2, 1], prediction: [1, 0], both: [1, 0] });
  });

  it("rounds the distance as the authors' code does, halves to even", () => {
    // 0.02 * 125 = 2.5; 0.02 * 175 = 3.5.
    expect(boundaryDistance(75, 100, 0.02)).toBe(2);
    expect(boundaryDistance(105, 140, 0.02)).toBe(4);
    expect(boundaryDistance(640, 480, 0.02)).toBe(16);
    expect(boundaryDistance(1, 1, 0.02)).toBe(1);
  });

  it("is merged across workers as plain data, and only where it fits", () => {
    const options = { boundary: { ratio: 0.05 } };
    const [one, other, both] = [options, options, options].map((option) => createConfusionMatrix(classes, option));
    one!.add(truth, prediction);
    other!.add(prediction, truth);
    both!.add(truth, prediction);
    both!.add(prediction, truth);
    const sent = structuredClone(other!.toJSON());
    one!.merge(sent);
    expect(one!.toJSON()).toEqual(both!.toJSON());
    const plain = createConfusionMatrix(classes);
    expect(plain.toJSON()).not.toHaveProperty("boundary");
    for (const wrong of [plain, createConfusionMatrix(classes, { boundary: true })]) {
      expect(refusalOf(() => one!.merge(wrong)).code).toBe("input.invalid");
      expect(refusalOf(() => wrong.merge(one!)).code).toBe("input.invalid");
    }
    expect(refusalOf(() => one!.merge({ ...sent, boundary: { ...sent.boundary!, both: [-1, 0] } })).code).toBe(
      "input.invalid",
    );
    expect(one!.toJSON()).toEqual(both!.toJSON());
  });

  it("refuses other ratios", () => {
    for (const ratio of [0, -1, 1.1, NaN]) {
      expect(refusalOf(() => createConfusionMatrix(classes, { boundary: { ratio } })).code).toBe("input.invalid");
    }
    expect(createConfusionMatrix(classes, { boundary: {} }).boundary?.ratio).toBe(0.02);
    expect(createConfusionMatrix(classes, { boundary: false }).boundary).toBeUndefined();
  });

  it("is in the report when evaluate is asked for it", async () => {
    const predictor = { mask: () => Promise.resolve(prediction) };
    const samples = [{ name: "one", image: new Uint8Array(1), mask: truth }];
    const report = await evaluate(predictor, samples, { boundary: true });
    expect(report.perClass.cat.boundaryIoU).toBe(8 / 24);
    expect(report.toJSON()).toMatchObject({ meanBoundaryIoU: report.meanBoundaryIoU });
    expect(report.toHtml()).toMatch(/mean boundary IoU/);
    expect((await evaluate(predictor, samples)).toHtml()).not.toMatch(/boundary/);
  });
});
