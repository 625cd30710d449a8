/**
 * Our scores of random masks beside those of scikit-learn, beside the rules of torchmetrics, and of the boundary IoU as its authors
 * compute it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { computeMetrics, createConfusionMatrix, defineClasses } from "../../src/masks.js";
import type { ClassTable } from "../../src/masks.js";
import { pythonWith, runPython, writeJson } from "../support/peers-python.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-metrics-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWith(["numpy", "sklearn", "cv2"], ["numpy", "scikit-learn", "opencv-python-headless"]);

type Scores = Readonly<Record<"iou" | "precision" | "recall" | "f1" | "boundaryIoU", readonly (number | null)[]>> &
  Readonly<Record<"meanIoU" | "frequencyWeightedIoU" | "pixelAccuracy" | "meanAccuracy", number>> & {
    readonly torchmetrics: Readonly<
      Record<"macroJaccard" | "weightedJaccard" | "microAccuracy" | "macroAccuracy" | "macroF1", number>
    > & { readonly jaccard: readonly number[] };
  };

/** Blocks of classes, and a prediction that strays at the edges and here and there. */
function pair(width: number, height: number, classes: number, seed: number) {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * limit);
  };
  const truth = new Uint8Array(width * height);
  for (let block = 0; block < 8; block++) {
    const [left, top, wide, high] = [below(width), below(height), 1 + below(width), 1 + below(height)];
    const index = block % 4 === 3 ? 255 : below(classes);
    for (let y = top; y < Math.min(height, top + high); y++)
      truth.fill(index, y * width + left, y * width + Math.min(width, left + wide));
  }
  const found = truth.map((index, at) => {
    const moved = truth[Math.max(0, at - 2)]!;
    const odd = below(60);
    // 255 and an index beyond the classes are no class.
    return odd === 0 ? below(classes) : odd === 1 ? 255 : odd === 2 ? classes : moved === 255 ? index % classes : moved;
  });
  return { width, height, truth, found };
}

/** Pixels whose prediction is no class are left out, since torchmetrics refuses them. */
function checkTorchmetrics(
  expected: Scores["torchmetrics"],
  table: ClassTable<string>,
  images: readonly ReturnType<typeof pair>[],
): void {
  const matrix = createConfusionMatrix(table);
  for (const { truth, found, ...size } of images) {
    const data = truth.map((index, at) => (found[at]! < table.count ? index : 255));
    matrix.add({ ...size, data }, { ...size, data: found });
  }
  const metrics = computeMetrics(matrix);
  const scores = table.names.map((name) => metrics.perClass[name]!);
  expect(metrics.meanIoU).toBeCloseTo(expected.macroJaccard, 12);
  expect(metrics.frequencyWeightedIoU).toBeCloseTo(expected.weightedJaccard, 12);
  expect(metrics.pixelAccuracy).toBeCloseTo(expected.microAccuracy, 12);
  // Where we say that there is no number, torchmetrics says 0.
  for (const [index, { iou = 0 }] of scores.entries()) expect(iou).toBeCloseTo(expected.jaccard[index]!, 12);
  // Our mean accuracy is over the classes of the truth; theirs counts those that were only predicted, with 0.
  const counting = scores.filter(({ absent }) => !absent);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(counting.map(({ recall = 0 }) => recall))).toBeCloseTo(expected.macroAccuracy, 12);
  expect(mean(counting.map(({ f1 = 0 }) => f1))).toBeCloseTo(expected.macroF1, 12);
  if (counting.every(({ recall }) => recall !== undefined))
    expect(metrics.meanAccuracy).toBeCloseTo(expected.macroAccuracy, 12);
}

describe.skipIf(python === undefined)("scores", () => {
  it("are those of scikit-learn and of the rules of torchmetrics, and the boundary IoU is that of its authors' code", () => {
    const cases = Array.from({ length: 30 }, (_, number) => {
      const classes = 2 + (number % 6);
      const ratio = number % 3 === 0 ? 0.02 : 0.05;
      const images = Array.from({ length: 1 + (number % 3) }, (__, image) => {
        // 75 x 100 and 105 x 140 have distances that end in a half.
        const [width, height] = [
          [75, 100],
          [105, 140],
          [17, 9],
          [64, 64],
          [1, 30],
        ][(number + image) % 5] as [number, number];
        const made = pair(width, height, classes, number * 10 + image + 1);
        const [truth, found] = [`${number}-${image}-truth.raw`, `${number}-${image}-found.raw`];
        writeFileSync(join(folder, truth), made.truth);
        writeFileSync(join(folder, found), made.found);
        return { truth, found, width, height, made };
      });
      return { classes, ratio, images };
    });
    writeJson(
      folder,
      "cases.json",
      cases.map(({ classes, ratio, images }) => ({
        classes,
        ratio,
        ignore: 255,
        images: images.map(({ made, ...image }) => ({ ...image, pixels: made.truth.length })),
      })),
    );
    const said = runPython(python!, "metrics.py", folder) as unknown as { results: Scores[]; versions: object };
    for (const [number, { classes, ratio, images }] of cases.entries()) {
      const table = defineClasses(Array.from({ length: classes }, (_, index) => `class ${index}`));
      const matrix = createConfusionMatrix(table, { boundary: { ratio } });
      for (const { made } of images) {
        // As workers do: each image in a matrix of its own, sent as plain data.
        const own = createConfusionMatrix(table, { boundary: { ratio } });
        own.add({ ...made, data: made.truth }, { ...made, data: made.found });
        matrix.merge(structuredClone(own.toJSON()));
      }
      checkTorchmetrics(
        said.results[number]!.torchmetrics,
        table,
        images.map(({ made }) => made),
      );
      const metrics = computeMetrics(matrix);
      const expected = said.results[number]!;
      for (const name of ["meanIoU", "frequencyWeightedIoU", "pixelAccuracy", "meanAccuracy"] as const) {
        expect(metrics[name], `case ${number}, ${name}`).toBeCloseTo(expected[name], 12);
      }
      for (const [index, key] of table.names.entries()) {
        for (const name of ["iou", "precision", "recall", "f1", "boundaryIoU"] as const) {
          const value = metrics.perClass[key]![name];
          const wanted = expected[name][index]!;
          const what = `case ${number}, ${key}, ${name}`;
          if (value === undefined) expect(wanted, what).toBeNull();
          else expect(value, what).toBeCloseTo(wanted, 12);
        }
      }
    }
    console.log(`${cases.length} cases beside ${JSON.stringify(said.versions)}`);
  });
});
