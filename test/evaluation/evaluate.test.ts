import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import type { EvaluationSample, MaskPredictor } from "../../src/evaluation/sample.js";
import { defineClasses } from "../../src/mask/classes.js";
import type { LabeledImage } from "../../src/mask/labeled-image.js";
import { createMask } from "../../src/mask/mask-value.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "cat"]);
type Name = "background" | "cat";
const maskOf = (...data: number[]) => createMask(data.length, 1, Uint8Array.from(data), classes);

/** An image whose bytes are what is to be predicted for it, so that a predictor can be written in a line. */
const sample = (name: string, truth: number[], predicted: number[]): EvaluationSample<Name> => ({
  name,
  image: Uint8Array.from(predicted),
  mask: maskOf(...truth),
});
const echo: MaskPredictor<Name> = { mask: (image) => Promise.resolve(maskOf(...image)) };

describe("evaluate", () => {
  it("scores all pixels together, and each image, the worst first", async () => {
    const samples = [
      sample("good", [0, 1, 1, 1], [0, 1, 1, 1]),
      sample("bad", [0, 0, 1, 1], [1, 1, 0, 0]),
      sample("half", [0, 0, 1, 1], [0, 1, 1, 1]),
      sample("bad too", [0, 1], [1, 0]),
      sample("nothing counts", [255, 255], [0, 1]),
    ];
    const report = await evaluate(echo, samples, { worst: 2 });
    expect(report.images.map(({ name, meanIoU }) => [name, meanIoU])).toEqual([
      ["bad", 0],
      ["bad too", 0],
      ["half", (1 / 2 + 2 / 3) / 2],
      ["good", 1],
      ["nothing counts", NaN],
    ]);
    expect(report.images[2]!.iou).toEqual({ background: 1 / 2, cat: 2 / 3 });
    expect(report.worst.map(({ name }) => name)).toEqual(["bad", "bad too"]);
    expect([...report.worst[0]!.prediction.data]).toEqual([1, 1, 0, 0]);
    const { confusion } = report;
    expect(confusion.toJSON()).toMatchObject({
      counts: [
        [2, 4],
        [3, 5],
      ],
      ignored: 2,
      images: 5,
    });
    expect(report.perClass.cat.iou).toBe(5 / (5 + 4 + 3));
    expect(report.meanIoU).toBeCloseTo((2 / 9 + 5 / 12) / 2, 12);
    expect(report.classes).toBe(classes);
  });

  it("takes lazy samples, PNG truth and an async iterable; gives the signal on", async () => {
    const seen: unknown[] = [];
    const { signal } = new AbortController();
    // A class with state: its methods must be called on it.
    class Stored implements LabeledImage<Name> {
      constructor(
        readonly name: string,
        private readonly data: number[],
      ) {}
      image(given?: AbortSignal): Promise<Uint8Array> {
        seen.push(given);
        return Promise.resolve(Uint8Array.from(this.data));
      }
      mask(given?: AbortSignal) {
        seen.push(given);
        return Promise.resolve(maskOf(...this.data));
      }
    }
    async function* samples(): AsyncGenerator<EvaluationSample<Name>> {
      yield await Promise.resolve(new Stored("lazy", [0, 1]));
      yield { name: "png", image: Uint8Array.of(0, 1, 1), mask: maskOf(0, 1, 1).toPng() };
    }
    const predictor: MaskPredictor<Name> = {
      mask: (image, options) => {
        seen.push(options?.signal);
        return Promise.resolve(maskOf(...image));
      },
    };
    const report = await evaluate(predictor, samples(), { signal, concurrency: 1 });
    expect(report.meanIoU).toBe(1);
    expect(seen).toEqual([signal, signal, signal, signal]);
  });

  it("gives the same report whichever image is ready first, and keeps to the concurrency", async () => {
    const samples = Array.from({ length: 30 }, (_, at) =>
      sample(`image ${at}`, [0, 0, 1, 1], [at % 2, 0, 1, at % 3 === 0 ? 0 : 1]),
    );
    let running = 0;
    let highest = 0;
    const slow = (delay: (at: number) => number): MaskPredictor<Name> => {
      let call = 0;
      return {
        async mask(image) {
          highest = Math.max(highest, ++running);
          await new Promise((resolve) => setTimeout(resolve, delay(call++)));
          running--;
          return maskOf(...image);
        },
      };
    };
    const one = await evaluate(
      slow((at) => at % 4),
      samples,
      { concurrency: 5, worst: 7 },
    );
    expect(highest).toBe(5);
    const other = await evaluate(
      slow((at) => (at * 7) % 5),
      samples,
      { concurrency: 3, worst: 7 },
    );
    expect(other.toHtml()).toBe(one.toHtml());
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  it("reports progress in numbers", async () => {
    const seen: unknown[] = [];
    await evaluate(echo, [sample("a", [0], [0]), sample("b", [0], [0])], {
      concurrency: 1,
      progress: (progress) => seen.push(progress),
    });
    expect(seen).toEqual([
      { task: "evaluate", done: 1, unit: "images", detail: "a" },
      { task: "evaluate", done: 2, unit: "images", detail: "b" },
    ]);
  });

  it("throws the first failure, or hands it to onError and goes on", async () => {
    const broken = new RangeError("no answer");
    const predictor: MaskPredictor<Name> = {
      mask: (image) => (image.length === 3 ? Promise.reject(broken) : Promise.resolve(maskOf(...image))),
    };
    const samples = [sample("a", [0, 1], [0, 1]), sample("b", [0, 0, 0], [0, 0, 0]), sample("c", [0], [0, 1])];
    await expect(evaluate(predictor, samples)).rejects.toBe(broken);
    const errors: string[] = [];
    const report = await evaluate(predictor, samples, { onError: (_, name) => errors.push(name), concurrency: 1 });
    expect(errors).toEqual(["b", "c"]);
    expect(report.failed).toMatchObject([
      { name: "b", error: broken },
      { name: "c", error: { code: "mask.size", details: { name: "c" } } },
    ]);
    expect(report.confusion.images).toBe(1);
    expect(report.toJSON().failed).toMatchObject([{ name: "b", message: "no answer" }, { name: "c" }]);
    expect(report.toHtml()).toContain("no answer");
    const rethrow = evaluate(predictor, samples, {
      onError: (error) => {
        throw error as Error;
      },
    });
    await expect(rethrow).rejects.toBe(broken);
  });

  it("ends with the signal's own reason, also with onError", async () => {
    const reason = new RangeError("enough");
    const controller = new AbortController();
    const predictor: MaskPredictor<Name> = {
      mask: () => {
        controller.abort(reason);
        return Promise.reject(new Error("aborted by the client"));
      },
    };
    const run = evaluate(predictor, [sample("a", [0], [0])], { signal: controller.signal, onError: () => undefined });
    await expect(run).rejects.toBe(reason);
  });

  it("refuses nothing to score, other classes and options out of range", async () => {
    expect(await rejectionOf(evaluate(echo, []))).toMatchObject({ code: "evaluation.empty", details: { samples: 0 } });
    const wrong = [sample("c", [0], [0, 1])];
    expect(await rejectionOf(evaluate(echo, wrong, { onError: () => undefined }))).toMatchObject({
      code: "evaluation.empty",
      details: { samples: 1 },
    });
    const dogs = createMask(1, 1, Uint8Array.of(0), defineClasses(["background", "dog"]));
    const others = [{ name: "a", image: Uint8Array.of(0), mask: dogs as unknown as ReturnType<typeof maskOf> }];
    expect((await rejectionOf(evaluate(echo, others))).code).toBe("input.invalid");
    for (const options of [{ concurrency: 0 }, { concurrency: 1.5 }, { worst: -1 }, { worst: NaN }]) {
      expect((await rejectionOf(evaluate(echo, wrong, options))).code).toBe("input.invalid");
    }
  });
});

describe("writeHtml", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("writes a whole page into a folder that it makes, over an older one, and leaves no draft", async () => {
    const report = await evaluate(echo, [sample("a", [0, 1], [0, 1])]);
    const path = join(folder, "deep", "er", "report.html");
    await report.writeHtml(path, { title: "Turtles" });
    expect(await readFile(path, "utf8")).toBe(report.toHtml({ title: "Turtles" }));
    await report.writeHtml(path);
    expect(await readFile(path, "utf8")).toBe(report.toHtml());
    expect(await readdir(join(folder, "deep", "er"))).toEqual(["report.html"]);
  });

  it("keeps what was there when the page cannot be put in place", async () => {
    const report = await evaluate(echo, [sample("a", [0, 1], [0, 1])]);
    const path = join(folder, "taken");
    await writeFile(join(folder, "file"), "text");
    await expect(report.writeHtml(join(folder, "file", "report.html"))).rejects.toThrow();
    // A folder that is not empty cannot be replaced by a file.
    await report.writeHtml(join(path, "inner.html"));
    await expect(report.writeHtml(path)).rejects.toThrow();
    expect((await readdir(folder)).sort()).toEqual(["file", "taken"]);
  });
});
