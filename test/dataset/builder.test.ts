import { expect, it } from "vitest";
import { datasetBuilder } from "../../src/dataset/builder.js";
import { defineClasses } from "../../src/mask/classes.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";

const classes = defineClasses(["background", "cat"]);

it("keeps nothing of the settings that it was given", async () => {
  const image = jpegBytes({ width: 2, height: 1 });
  const mask = pngBytes({ width: 2, height: 1, colorType: 0, samples: [0, 1] });
  const store = memoryStore({
    "s3://bucket/in/1.jpg": image,
    "s3://bucket/in/2.jpg": image,
    "s3://bucket/masks/1_mask.png": mask,
    "s3://bucket/masks/2_mask.png": mask,
  });
  const folders = { images: "s3://bucket/in/", masks: "s3://bucket/masks/", maskSuffix: "_mask" };
  const split = { validation: ["1"] };
  const builder = datasetBuilder({ store, workspace: () => "s3://bucket/run/" }, classes)
    .pairs(folders)
    .split(split);
  folders.maskSuffix = "";
  split.validation[0] = "2";
  const { images } = await builder.plan();
  expect(images.map(({ half, source }) => [half, source])).toEqual([
    ["validation", "s3://bucket/in/1.jpg"],
    ["train", "s3://bucket/in/2.jpg"],
  ]);
});
