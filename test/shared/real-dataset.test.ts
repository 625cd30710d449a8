import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { learner } from "../../src/local/learner/index.js";
import {
  computeMetrics,
  createConfusionMatrix,
  createMask,
  createProbabilityMap,
  decodeMask,
  defineClasses,
} from "../../src/masks.js";

// Real photographs with masks by others; see the README of this folder for their sources.
const folder = fileURLToPath(new URL("../../../shared/fixtures/real-dataset/", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/fixtures/real-dataset is missing, its tests are skipped");

interface Item {
  readonly name: string;
  readonly suggestedSplit: string;
}
type Sets = Readonly<Record<string, { readonly classes: string[]; readonly items: Item[] }>>;

/** Trains on the suggested split with default settings and scores pictures; the ignored outlines count for nothing. */
async function trainAndScore(set: string) {
  const { classes: names, items } = (JSON.parse(readFileSync(`${folder}dataset.json`, "utf8")) as Sets)[set]!;
  const classes = defineClasses(names);
  const sampleOf = ({ name }: Item) => ({
    name,
    image: new Uint8Array(readFileSync(`${folder}${set}/images/${name}.jpg`)),
    mask: new Uint8Array(readFileSync(`${folder}${set}/masks/${name}.png`)),
  });
  const samples = (split: string) => items.filter((item) => item.suggestedSplit === split).map(sampleOf);
  const train = samples("train");
  const validation = samples("validation");
  const artifact = await learner.train({
    train,
    validation,
    hyperparameters: { num_classes: String(classes.count), num_training_samples: String(train.length) },
    seed: 1,
    now: () => Date.now(),
    log: () => undefined,
    metric: () => undefined,
  });
  const model = await learner.open(artifact);
  const score = async (pictures: typeof train) => {
    const matrix = createConfusionMatrix(classes);
    for (const { image, mask } of pictures) {
      const { width, height, probabilities } = await model.predict(image);
      const truth = decodeMask(mask);
      matrix.add(
        createMask(width, height, truth.data, classes),
        createProbabilityMap(width, height, probabilities, classes).argmax(),
      );
    }
    return computeMetrics(matrix);
  };
  return { heldOut: await score(validation), all: await score([...train, ...validation]) };
}

describe.skipIf(missing)("real photographs", () => {
  it("finds the cracks of cookies that it was not trained with", async () => {
    const { heldOut } = await trainAndScore("cookies");
    console.log(
      `cookies, held out: mIoU ${heldOut.meanIoU.toFixed(3)}, cracked ${heldOut.perClass["cracked"]?.iou?.toFixed(3)}`,
    );
    expect(heldOut.meanIoU).toBeGreaterThanOrEqual(0.79);
    expect(heldOut.perClass["cracked"]?.iou).toBeGreaterThanOrEqual(0.59);
  });

  it("segments the 20 pets, whose outlines are ignored", async () => {
    const { heldOut, all } = await trainAndScore("pets");
    console.log(`pets: mIoU ${all.meanIoU.toFixed(3)} over all 20, ${heldOut.meanIoU.toFixed(3)} over the 6 held out`);
    // 14 photographs do not teach cats from dogs: over pictures never seen it is far from the figure for all 20.
    expect(all.meanIoU).toBeGreaterThanOrEqual(0.6);
    expect(heldOut.meanIoU).toBeGreaterThanOrEqual(0.4);
  });
});
