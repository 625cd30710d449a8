import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "jpeg-js";
import { afterAll, describe, expect, it } from "vitest";
import { encodePng } from "../../src/codec/png/encode.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { createLocalPredictor } from "../../src/inference/local-predictor.js";
import { createMask } from "../../src/mask/mask-value.js";
import { defineClasses } from "../../src/mask/classes.js";
import { rejectionOf } from "../support/refusal-of.js";
import { brightnessModel } from "../support/tiny-onnx.js";

// The answers of these models are known beforehand (test/support/tiny-onnx.ts): the class is the brightest channel.
const classes = defineClasses(["red", "green", "blue"]);
const samples = Uint8Array.of(9, 1, 2, 1, 9, 2, 1, 2, 9, 7, 7, 7, 0, 0, 1, 200, 201, 0);
const png = encodePng({ width: 3, height: 2, colorType: "rgb", samples });
const expected = [0, 1, 2, 0, 2, 1];
const web = { classes, runtime: "web", threads: 1 } as const;

const folder = await mkdtemp(join(tmpdir(), "semseg-predictor-"));
// Starting takes longer than predicting: tests that need nothing of their own share this one.
const shared = await createLocalPredictor(brightnessModel(), { ...web, maxPixels: 1500 * 1500 });
afterAll(async () => {
  await shared.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe("createLocalPredictor", () => {
  it("predicts the mask of an image file, of pixels, and of pixels with alpha", async () => {
    const predictor = shared;
    expect(predictor.runtime).toBe("web");
    expect(predictor.metadata).toEqual({ num_classes: "3" });
    const mask = await predictor.mask(png);
    expect([mask.width, mask.height, ...mask.data]).toEqual([3, 2, ...expected]);
    expect(mask.classes).toBe(classes);
    expect([...(await predictor.mask({ width: 3, height: 2, data: samples })).data]).toEqual(expected);
    const rgba = Uint8Array.from({ length: 24 }, (_, at) => (at % 4 === 3 ? 99 : samples[(at >> 2) * 3 + (at % 4)]!));
    expect([...(await predictor.mask({ width: 3, height: 2, data: rgba })).data]).toEqual(expected);
    // The caller's bytes are still there, those of a file that Node has read as well.
    expect(png.length).toBeGreaterThan(0);
    expect(samples[0]).toBe(9);
    const file = Buffer.allocUnsafeSlow(png.length);
    file.set(png);
    for (let call = 0; call < 2; call++) expect([...(await predictor.mask(file)).data]).toEqual(expected);
  });

  it("reads an ONNX file by its path or URL", async () => {
    const path = join(folder, "model.onnx");
    await writeFile(path, brightnessModel());
    const bytes = await readFile(path);
    await using ofBytes = await createLocalPredictor(bytes, web);
    expect(bytes.length).toBeGreaterThan(0);
    expect([...(await ofBytes.mask(png)).data]).toEqual(expected);
    await using predictor = await createLocalPredictor(path, web);
    expect([...(await predictor.mask(png)).data]).toEqual(expected);
  });

  it("gives probabilities, and masks of them", async () => {
    await using predictor = await createLocalPredictor(
      brightnessModel({ outputs: ["probabilities"], metadata: {} }),
      web,
    );
    const map = await predictor.probabilities(png);
    expect(map.shape).toEqual([3, 2, 3]);
    // Softmax of 9, 1, 2.
    expect(map.at(0, 0, "red")).toBeCloseTo(Math.exp(9) / (Math.exp(9) + Math.exp(1) + Math.exp(2)), 6);
    expect([...(await predictor.mask(png)).data]).toEqual(expected);
  });

  it("is what evaluate takes", async () => {
    const predictor = shared;
    const mask = createMask(3, 2, Uint8Array.from(expected), classes);
    const report = await evaluate(predictor, [{ name: "one", image: png, mask }]);
    expect(report.meanIoU).toBe(1);
  });

  it("answers calls in their order and lets go of those that are aborted", async () => {
    const predictor = shared;
    const order: number[] = [];
    const stop = new AbortController();
    const reason = new Error("enough");
    const first = predictor.mask(png).then(() => order.push(1));
    const second = predictor.mask(png, { signal: stop.signal });
    const third = predictor.mask(png).then(() => order.push(3));
    stop.abort(reason);
    await expect(second).rejects.toBe(reason);
    await Promise.all([first, third]);
    expect(order).toEqual([1, 3]);
    await expect(predictor.mask(png, { signal: stop.signal })).rejects.toBe(reason);
  });

  it("fails calls after it was disposed of, and those that wait", async () => {
    const predictor = await createLocalPredictor(brightnessModel(), web);
    const calls = [predictor.mask(png), predictor.mask(png)];
    const refusals = Promise.all(calls.map((call) => rejectionOf(call)));
    await predictor.dispose();
    for (const refusal of await refusals) expect(refusal).toMatchObject({ code: "onnx.failed" });
    expect(await rejectionOf(predictor.mask(png))).toMatchObject({ code: "onnx.failed" });
    await predictor.dispose();
  });

  it("leaves the event loop free", async () => {
    const predictor = shared;
    const side = 1500;
    const data = new Uint8Array(side * side * 3).fill(7);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await predictor.mask({ width: side, height: side, data });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });
});

describe("what a local predictor refuses", () => {
  it.each([
    ["no model", Uint8Array.of(1, 2, 3, 4), "onnx.model"],
    ["nothing", new Uint8Array(0), "onnx.model"],
    ["a cut-off model", brightnessModel().subarray(0, 200), "onnx.model"],
    ["another input", brightnessModel({ input: "data" }), "onnx.model"],
    ["another number of classes", brightnessModel({ metadata: { num_classes: "4" } }), "onnx.model"],
  ])("as a model: %s", async (_, bytes, code) => {
    expect(await rejectionOf(createLocalPredictor(bytes, web))).toMatchObject({ code });
  });

  it("a model with another kind of mask, at the first picture", async () => {
    await using predictor = await createLocalPredictor(brightnessModel({ maskType: "int32" }), web);
    expect(await rejectionOf(predictor.mask(png))).toMatchObject({ code: "onnx.model" });
  });

  it("probabilities of a file that has none, saying what to do", async () => {
    const predictor = shared;
    const refusal = await rejectionOf(predictor.probabilities(png));
    expect(refusal).toMatchObject({ code: "onnx.model" });
    expect(String(refusal)).toContain('outputs: ["mask", "probabilities"]');
  });

  it("a class that the table has not", async () => {
    await using predictor = await createLocalPredictor(brightnessModel({ metadata: {} }), {
      ...web,
      classes: defineClasses(["red", "green"]),
    });
    expect(await rejectionOf(predictor.mask(png))).toMatchObject({
      code: "mask.index",
      details: { index: 2, x: 2, y: 0 },
    });
  });

  it("bytes that are no picture, damaged ones, and pictures above the limit", async () => {
    const predictor = shared;
    const jpeg = new Uint8Array(encode({ width: 8, height: 8, data: new Uint8Array(256).fill(80) }, 90).data);
    expect((await predictor.mask(jpeg)).data).toHaveLength(64);
    for (const bytes of [
      new TextEncoder().encode("GIF89a"),
      new Uint8Array(0),
      png.subarray(0, 50),
      jpeg.subarray(0, 90),
    ]) {
      expect(await rejectionOf(predictor.mask(bytes))).toMatchObject({ code: "prediction.body" });
    }
    const large = encodePng({ width: 1501, height: 1500, colorType: "gray", samples: new Uint8Array(1501 * 1500) });
    expect(await rejectionOf(predictor.mask(large))).toMatchObject({
      code: "codec.limit",
      details: { what: "pixels", limit: 2_250_000, actual: 2_251_500 },
    });
    const pixels = { width: 1501, height: 1500, data: new Uint8Array(1501 * 1500 * 3) };
    expect(await rejectionOf(predictor.mask(pixels))).toMatchObject({ code: "codec.limit" });
    const short = { width: 3, height: 3, data: new Uint8Array(5) };
    expect(await rejectionOf(predictor.mask(short))).toMatchObject({ code: "input.invalid" });
    // It goes on afterwards.
    expect([...(await predictor.mask(png)).data]).toEqual(expected);
  });

  it.each([{ threads: 0 }, { threads: 1.5 }, { maxPixels: 0 }])("the options %o", async (options) => {
    const refusal = await rejectionOf(createLocalPredictor(brightnessModel(), { ...web, ...options }));
    expect(refusal).toMatchObject({ code: "input.invalid" });
  });

  it("a file that is not there", async () => {
    const path = join(folder, "none.onnx");
    expect(await rejectionOf(createLocalPredictor(path, web))).toMatchObject({
      code: "artifact.source",
      details: { source: path },
    });
  });
});
