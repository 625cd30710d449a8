import { describe, expect, it } from "vitest";
import { defineClasses } from "../../src/mask/classes.js";
import { createConfusionMatrix } from "../../src/evaluation/confusion-matrix.js";
import { computeMetrics } from "../../src/evaluation/metrics.js";

function metricsOf(names: readonly string[], truth: readonly number[], prediction: readonly number[]) {
  const matrix = createConfusionMatrix(defineClasses(names));
  const grid = (data: readonly number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });
  matrix.add(grid(truth), grid(prediction));
  return computeMetrics(matrix);
}

describe("computeMetrics", () => {
  it("gives the numbers that one gets by hand", () => {
    // Truth: 4 background, 3 cat, 3 dog. Right: 3, 2, 1.
    const metrics = metricsOf(
      ["background", "cat", "dog"],
      [0, 0, 0, 0, 1, 1, 1, 2, 2, 2],
      [0, 0, 0, 1, 1, 1, 2, 2, 0, 1],
    );
    // Unions: background 4 + 4 - 3 = 5, cat 3 + 4 - 2 = 5, dog 3 + 2 - 1 = 4.
    expect(metrics.perClass.background).toEqual({
      iou: 3 / 5,
      precision: 3 / 4,
      recall: 3 / 4,
      f1: 6 / 8,
      absent: false,
      truePixels: 4,
      predictedPixels: 4,
    });
    expect(metrics.perClass.cat).toMatchObject({ iou: 2 / 5, precision: 2 / 4, recall: 2 / 3, f1: 4 / 7 });
    expect(metrics.perClass.dog).toMatchObject({ iou: 1 / 4, precision: 1 / 2, recall: 1 / 3, f1: 2 / 5 });
    expect(metrics.meanIoU).toBeCloseTo((3 / 5 + 2 / 5 + 1 / 4) / 3, 12);
    expect(metrics.frequencyWeightedIoU).toBeCloseTo((4 * (3 / 5) + 3 * (2 / 5) + 3 * (1 / 4)) / 10, 12);
    expect(metrics.pixelAccuracy).toBeCloseTo(6 / 10, 12);
    expect(metrics.meanAccuracy).toBeCloseTo((3 / 4 + 2 / 3 + 1 / 3) / 3, 12);
    expect(metrics).toMatchObject({ pixels: 10, ignoredPixels: 0, unclassifiedPixels: 0, absentClasses: [] });
  });

  it("leaves a class out that is nowhere, and says so", () => {
    const metrics = metricsOf(["background", "cat", "dog"], [0, 0, 1, 1], [0, 1, 1, 1]);
    expect(metrics.perClass.dog).toEqual({
      iou: undefined,
      precision: undefined,
      recall: undefined,
      f1: undefined,
      absent: true,
      truePixels: 0,
      predictedPixels: 0,
    });
    expect(metrics.absentClasses).toEqual(["dog"]);
    expect(metrics.meanIoU).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
  });

  it("counts a class with IoU 0 that was predicted but is nowhere in the truth", () => {
    const metrics = metricsOf(["background", "cat"], [0, 0], [0, 1]);
    expect(metrics.perClass.cat).toMatchObject({ iou: 0, precision: 0, recall: undefined, f1: 0, absent: false });
    expect(metrics.meanIoU).toBeCloseTo((1 / 2 + 0) / 2, 12);
    // Only the background is in the truth.
    expect(metrics.meanAccuracy).toBe(1 / 2);
    expect(metrics.frequencyWeightedIoU).toBe(1 / 2);
  });

  it("drops ignored pixels and counts predictions that are no class as missed", () => {
    const metrics = metricsOf(["background", "cat"], [255, 255, 0, 1, 1], [0, 1, 0, 1, 255]);
    expect(metrics).toMatchObject({ pixels: 3, ignoredPixels: 2, unclassifiedPixels: 1, pixelAccuracy: 2 / 3 });
    expect(metrics.perClass.background).toMatchObject({ iou: 1, predictedPixels: 1 });
    expect(metrics.perClass.cat).toMatchObject({ iou: 1 / 2, precision: 1, recall: 1 / 2, truePixels: 2 });
  });

  it("has no numbers where no pixel counts", () => {
    const metrics = metricsOf(["background", "cat"], [255, 255], [0, 1]);
    expect(metrics).toMatchObject({ meanIoU: NaN, pixelAccuracy: NaN, frequencyWeightedIoU: NaN, meanAccuracy: NaN });
    expect(metrics.absentClasses).toEqual(["background", "cat"]);
  });

  it("takes any class name", () => {
    const names = ["background", "__proto__", "constructor", "toString"] as const;
    const metrics = metricsOf(names, [0, 1, 2], [0, 1, 1]);
    expect(Object.keys(metrics.perClass)).toEqual(names);
    expect(metrics.perClass["__proto__"]).toMatchObject({ iou: 1 / 2 });
    expect(metrics.perClass["constructor"]).toMatchObject({ iou: 0 });
    expect(Object.entries(metrics.perClass)[3]).toMatchObject(["toString", { absent: true }]);
  });

  it("carries its rules", () => {
    const { rules } = metricsOf(["a", "b"], [0], [0]);
    expect(rules.join(" ")).toMatch(/ignores count for nothing.*absent.*IoU 0/s);
    // Every score of the result has its rule.
    expect(rules.join(" ")).toMatch(
      /precision.*recall.*F1.*mean accuracy.*classes that are in the truth.*pixel accuracy.*frequency-weighted/s,
    );
  });
});
