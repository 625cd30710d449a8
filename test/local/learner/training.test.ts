import { describe, expect, it } from "vitest";
import { learner } from "../../../src/local/learner/index.js";
import { drawPicture, jpegOf, maskOf, pngOf, sampleOf, trainingRun } from "../../support/training-samples.js";

/** Mean IoU of argmax against the truth, counted here. */
function meanIoU(probabilities: Float32Array, truth: Uint8Array, classes: number): number {
  const pixels = truth.length;
  const guess = Array.from(truth, (_, at) => {
    const values = Array.from({ length: classes }, (__, label) => probabilities[label * pixels + at]!);
    return values.indexOf(Math.max(...values));
  });
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    const both = guess.filter((index, at) => index === label && truth[at] === label).length;
    const either = guess.filter((index, at) => index === label || truth[at] === label).length;
    sum += both / either;
  }
  return sum / classes;
}

const shared = (async () => {
  const { run, told } = trainingRun({}, { lr_scheduler: "step", lr_scheduler_step: "1, 5" });
  return { artifact: await learner.train(run), told, run };
})();

describe("training", () => {
  it("learns: pictures that it never saw are segmented", async () => {
    const model = await learner.open((await shared).artifact);
    const picture = drawPicture(99);
    const { width, height, probabilities } = await model.predict(jpegOf(picture));
    expect([model.classes, width, height, probabilities.length]).toEqual([3, 48, 32, 3 * 48 * 32]);
    expect(meanIoU(probabilities, picture.indices, 3)).toBeGreaterThan(0.8);
  });

  it("gives the same bytes for the same seed and others for another", async () => {
    const again = await learner.train((await shared).run);
    expect(Buffer.from(again).equals((await shared).artifact)).toBe(true);
    const { run } = trainingRun({ seed: 8 }, { lr_scheduler: "step", lr_scheduler_step: "1, 5" });
    expect(Buffer.from(await learner.train(run)).equals((await shared).artifact)).toBe(false);
  });

  it.each(["adam", "adagrad", "nag", "rmsprop", "sgd"])(
    "learns with %s at either end of the usual rates",
    async (optimizer) => {
      for (const learning_rate of ["0.0001", "0.1"]) {
        const { run, told } = trainingRun({}, { optimizer, learning_rate, epochs: "1" });
        await learner.train(run);
        expect(told.metrics.find(({ name }) => name === "validation:mIOU")?.value).toBeGreaterThan(0.7);
      }
    },
  );

  it("ignores pixels of the value 255", async () => {
    const mask = (seed: number, hidden: number) => {
      const picture = drawPicture(seed);
      return maskOf({ ...picture, indices: picture.indices.map((index) => (index === hidden ? 255 : index)) });
    };
    const { run } = trainingRun(
      { train: [0, 1, 2, 3].map((seed) => ({ ...sampleOf(seed), mask: mask(seed, 1) })) },
      { epochs: "1" },
    );
    const { probabilities } = await (await learner.open(await learner.train(run))).predict(sampleOf(50).image);
    // Class 1 never occurred, so it is improbable everywhere.
    expect(Math.max(...probabilities.subarray(48 * 32, 2 * 48 * 32))).toBeLessThan(0.5);
  });

  it("applies the label maps of both channels", async () => {
    const times = (seed: number, factor: number) => {
      const picture = drawPicture(seed);
      return {
        ...sampleOf(seed),
        mask: maskOf({ ...picture, indices: picture.indices.map((index) => index * factor) }),
      };
    };
    const { run, told } = trainingRun(
      {
        train: [0, 1, 2, 3].map((seed) => times(seed, 3)),
        validation: [times(10, 5)],
        trainLabelMap: (pixel) => Math.floor(pixel / 3),
        validationLabelMap: (pixel) => pixel / 5,
      },
      { epochs: "1" },
    );
    await learner.train(run);
    expect(told.metrics.find(({ name }) => name === "validation:mIOU")?.value).toBeGreaterThan(0.7);
  });

  it("stops early when the mIOU does not rise, after the epochs that always run", async () => {
    const settings = {
      early_stopping: "True",
      early_stopping_min_epochs: "2",
      early_stopping_patience: "0",
      early_stopping_tolerance: "1",
    };
    const { run, told } = trainingRun({}, { ...settings, epochs: "50" });
    await learner.train(run);
    // A gain of 100 % after the first epoch is not to be had.
    expect(told.metrics.filter(({ name }) => name === "train:loss")).toHaveLength(2);
  });

  it("ends with the signal's own reason, however many epochs are left", async () => {
    const reason = new Error("enough");
    const abort = new AbortController();
    const { run } = trainingRun({ signal: abort.signal }, { epochs: "5000" });
    const training = learner.train({ ...run, metric: () => abort.abort(reason) });
    await expect(training).rejects.toBe(reason);
    const none = trainingRun({ signal: AbortSignal.abort(reason) });
    await expect(learner.train(none.run)).rejects.toBe(reason);
    expect(none.told.lines).toEqual([]);
  });

  it("leaves the event loop its turns", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { run } = trainingRun({}, { epochs: "1" });
    await learner.train(run);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});

describe("prediction", () => {
  it("gives probabilities that sum to 1, in full size, for pictures larger than it looks at", async () => {
    const { run } = trainingRun({}, { epochs: "1", base_size: "40" });
    const model = await learner.open(await learner.train(run));
    const { width, height, probabilities } = await model.predict(jpegOf(drawPicture(3, 101, 67)));
    expect([width, height]).toEqual([101, 67]);
    const pixels = width * height;
    for (let at = 0; at < pixels; at++) {
      const sum = probabilities[at]! + probabilities[at + pixels]! + probabilities[at + 2 * pixels]!;
      expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
    }
  });

  it("takes PNG photographs, pictures of one pixel and of one row", async () => {
    const model = await learner.open((await shared).artifact);
    const picture = drawPicture(99);
    const { probabilities } = await model.predict(pngOf(picture));
    expect(meanIoU(probabilities, picture.indices, 3)).toBeGreaterThan(0.8);
    for (const [width, height] of [
      [1, 1],
      [300, 1],
      [1, 300],
    ] as const) {
      const answer = await model.predict(pngOf(drawPicture(1, width, height)));
      expect(answer.probabilities.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it("answers several requests at a time as if they came alone", async () => {
    const model = await learner.open((await shared).artifact);
    const images = [20, 21, 22].map((seed) => sampleOf(seed, 120, 90).image);
    const together = await Promise.all(images.map((image) => model.predict(image)));
    for (const [at, image] of images.entries()) {
      expect(Buffer.from((await model.predict(image)).probabilities.buffer)).toEqual(
        Buffer.from(together[at]!.probabilities.buffer),
      );
    }
  });

  it("refuses what is no whole image, with a reason", async () => {
    const model = await learner.open((await shared).artifact);
    const jpeg = sampleOf(1).image;
    await expect(model.predict(new TextEncoder().encode("GIF89a"))).rejects.toThrow("a GIF image");
    await expect(model.predict(new Uint8Array())).rejects.toThrow("not a readable image file: it is empty");
    await expect(model.predict(jpeg.subarray(0, 200))).rejects.toMatchObject({
      name: "ContainerError",
      kind: "ClientError",
    });
    await expect(model.predict(pngOf(drawPicture(1)).subarray(0, 100))).rejects.toMatchObject({ kind: "ClientError" });
  });

  it("refuses pictures of more than 50 million pixels by their header", async () => {
    const model = await learner.open((await shared).artifact);
    const png = Buffer.from(pngOf(drawPicture(1)));
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    await expect(model.predict(png)).rejects.toThrow("60000 x 60000");
  });
});
