import { describe, expect, it } from "vitest";
import { annotate, consolidate } from "../../../src/local/annotators/index.js";
import { computeMetrics, createConfusionMatrix, createMask, defineClasses } from "../../../src/masks.js";
import type { IndexMask } from "../../../src/masks.js";

const classes = defineClasses(["background", "turtle", "shell"]);

/** A large and a small disc. */
function truth(width = 160, height = 120): IndexMask {
  const data = new Uint8Array(width * height);
  for (let at = 0; at < data.length; at++) {
    const x = at % width;
    const y = Math.floor(at / width);
    if (Math.hypot(x - width * 0.4, y - height * 0.5) < height * 0.3) data[at] = 1;
    if (Math.hypot(x - width * 0.8, y - height * 0.3) < height * 0.08) data[at] = 2;
  }
  return { width, height, data };
}

function meanIoU(expected: IndexMask, drawn: IndexMask): number {
  const matrix = createConfusionMatrix(classes);
  matrix.add(
    createMask(expected.width, expected.height, expected.data, classes),
    createMask(drawn.width, drawn.height, drawn.data, classes),
  );
  return computeMetrics(matrix).meanIoU;
}

const task = { truth: truth(), classes: 3, seed: 1, image: "s3://b/a.jpg", worker: 0 };

describe("annotate", () => {
  it("paints nearly the truth, but not quite", () => {
    const drawn = annotate(task);
    expect([drawn.width, drawn.height, drawn.data.length]).toEqual([160, 120, 160 * 120]);
    expect(meanIoU(task.truth, drawn)).toBeGreaterThan(0.85);
    expect(meanIoU(task.truth, drawn)).toBeLessThan(0.999);
  });

  it("gives the same for the same task, and something else for another seed, image or worker", () => {
    const { data } = annotate(task);
    expect(annotate(task).data).toEqual(data);
    expect(annotate({ ...task, seed: 2 }).data).not.toEqual(data);
    expect(annotate({ ...task, image: "s3://b/b.jpg" }).data).not.toEqual(data);
    expect(annotate({ ...task, worker: 1 }).data).not.toEqual(data);
  });

  it("decides where the truth does not: the nearest class, and background without any", () => {
    const ring = truth();
    const data = ring.data.map((index, at) =>
      index === 0 && (ring.data[at + 1] === 1 || ring.data[at - 1] === 1) ? 255 : index,
    );
    expect(annotate({ ...task, truth: { ...ring, data } }).data.every((index) => index < 3)).toBe(true);
    const nothing = { width: 9, height: 7, data: new Uint8Array(63).fill(255) };
    expect(annotate({ ...task, truth: nothing }).data).toEqual(new Uint8Array(63));
  });

  it("overlooks specks now and then", () => {
    const dotted = truth(400, 300);
    for (let at = 1000; at < 118_000; at += 997) if (dotted.data[at] === 0) dotted.data[at] = 1;
    const dots = (mask: IndexMask) => mask.data.filter((index, at) => index === 1 && at % 400 > 320).length;
    expect(dots(annotate({ ...task, truth: dotted }))).toBeLessThan(dots(dotted));
  });

  it("is careful with thin and tiny things", () => {
    const thin = { width: 60, height: 40, data: new Uint8Array(2400) };
    for (let x = 5; x < 55; x++) thin.data[20 * 60 + x] = 1;
    expect(meanIoU(thin, annotate({ ...task, truth: thin }))).toBeGreaterThan(0.85);
    expect(annotate({ ...task, truth: { width: 1, height: 1, data: Uint8Array.of(2) } }).data).toEqual(
      Uint8Array.of(2),
    );
  });
});

describe("consolidate", () => {
  const row = (...data: number[]): IndexMask => ({ width: data.length, height: 1, data: Uint8Array.from(data) });

  it("keeps a single worker's mask as drawn, with confidence 0", () => {
    const only = annotate(task);
    expect(consolidate([only], 3)).toEqual({ mask: only, confidence: 0 });
  });

  it("votes, and smooths with the neighbours", () => {
    // Middle pixel: own votes 4 + 4 for 1 against 4 for 0; neighbours add 2 x 2 x 3 for what all others see.
    const { mask } = consolidate([row(1, 1, 1), row(1, 1, 1), row(1, 0, 1)], 3);
    expect([...mask.data]).toEqual([1, 1, 1]);
    const lone = consolidate([row(0, 0, 2, 0, 0), row(0, 0, 0, 0, 0), row(0, 0, 0, 0, 0)], 3);
    expect([...lone.mask.data]).toEqual([0, 0, 0, 0, 0]);
  });

  it("is nearer to the truth than the worker who errs most, and surer the more they agree", () => {
    const drawn = [0, 1, 2].map((worker) => annotate({ ...task, worker }));
    const { mask, confidence } = consolidate(drawn, 3);
    expect(meanIoU(task.truth, mask)).toBeGreaterThan(Math.min(...drawn.map((each) => meanIoU(task.truth, each))));
    expect(confidence).toBeGreaterThan(0.5);
    expect(confidence).toBeLessThan(1);
    expect(consolidate([task.truth, task.truth], 3).confidence).toBe(1);
  });
});
