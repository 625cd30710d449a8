import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodePng } from "../../src/codec/png/encode.js";
import { compare } from "../../src/inference/compare.js";
import { createLocalPredictor } from "../../src/inference/local-predictor.js";
import { startLocal } from "../../src/local.js";
import type { LocalBackend } from "../../src/local.js";
import { defineClasses } from "../../src/mask/classes.js";
import { createMask } from "../../src/mask/mask-value.js";
import { artifactBytes } from "../support/params-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";
import { netParams } from "../support/thin-nets.js";

const classes = defineClasses(["background", "square"]);

/** An orange square on blue, and its mask. */
function scene(shift: number) {
  const [width, height] = [40, 30];
  const mask = new Uint8Array(width * height);
  const samples = new Uint8Array(width * height * 3);
  for (let at = 0; at < mask.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const inside = x >= 4 + shift && x < 20 + shift && y >= 6 && y < 22;
    const shade = ((x * 7 + y * 13 + shift) % 17) - 8;
    mask[at] = inside ? 1 : 0;
    samples.set(inside ? [220 + shade, 120 + shade, 40] : [40, 90 + shade, 170 + shade], at * 3);
  }
  const image = encodePng({ width, height, colorType: "rgb", samples });
  return { name: `${shift}.png`, image, mask: createMask(width, height, mask, classes).toPng() };
}

describe("a model leaves SageMaker", () => {
  let local: LocalBackend;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "semseg-export-"));
    local = await startLocal({ directory: join(folder, "backend"), speed: 100 });
  });
  afterAll(async () => {
    await local.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("trained on the embedded backend, with the masks of its endpoint", async () => {
    const session = local.session({ workspace: "s3://squares/run-1" });
    for (const { name, image, mask } of [0, 2, 4, 6, 8, 10].map(scene)) {
      await session.store.write(`s3://squares/images/${name}`, image);
      await session.store.write(`s3://squares/masks/${name}`, mask);
    }
    const dataset = await session
      .dataset(classes)
      .pairs({ images: "s3://squares/images/", masks: "s3://squares/masks/" })
      .allowPngImages()
      .split({ train: 0.5, validation: 0.5, seed: 1 })
      .upload();
    const training = await session
      .estimator("squares")
      .dataset(dataset)
      .instance("ml.p3.2xlarge")
      .hyperparameters({ epochs: 5 })
      .fit();
    const model = await training.wait();
    const path = join(folder, "out", "squares.onnx");
    const onnx = await model.export({ path });
    expect(onnx.metadata).toMatchObject({ algorithm: "embedded", classes: '["background","square"]' });
    await using endpoint = await model.deploy().instance("ml.c5.xlarge").create();
    await using predictor = await createLocalPredictor(path, { classes, runtime: "web", threads: 1 });
    const report = await compare(endpoint.predictor(), predictor, [1, 3, 5, 9].map(scene));
    expect(report.differingPixels).toBe(0);
    expect(report.perClass.square.firstPixels).toBeGreaterThan(100);
  });

  it("of the real algorithm, read by its address", async () => {
    const session = local.session();
    const params = netParams({ algorithm: "psp", depth: 50, classes: 2, aux: false, divisor: 32 }, 3);
    await session.store.write("s3://squares/real/model.tar.gz", artifactBytes({ "model_best.params": params }));
    const path = join(folder, "real.onnx");
    const onnx = await session.model("s3://squares/real/model.tar.gz", classes).export({ path, bins: [1, 2, 3, 4] });
    expect(onnx.metadata).toMatchObject({ algorithm: "psp", bins: "[1,2,3,4]", classes: '["background","square"]' });
    await using predictor = await createLocalPredictor(path, { classes, runtime: "web", threads: 1 });
    expect((await predictor.mask(scene(0).image)).data).toHaveLength(1200);
  });

  it("is refused with the wrong classes, and leaves no file", async () => {
    const session = local.session();
    const others = defineClasses(["background", "square", "circle"]);
    const model = session.model("s3://squares/real/model.tar.gz", others);
    const path = join(folder, "wrong.onnx");
    expect(await rejectionOf(model.export({ path }))).toMatchObject({ code: "input.invalid" });
    expect(await readdir(folder)).not.toContain("wrong.onnx");
  });
});
