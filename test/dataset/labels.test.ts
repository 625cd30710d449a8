import { expect, it } from "vitest";
import { type DatasetBuilder, datasetBuilder } from "../../src/dataset/builder.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { defineClasses } from "../../src/mask/classes.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { type MemoryStore, memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "cat", "dog"]);
type Names = "background" | "cat" | "dog";
const manifest = "s3://bucket/out/pets/manifests/output/output.manifest";
const palette = [
  [255, 255, 255],
  [44, 160, 44],
  [31, 119, 180],
] as const;

// The job lists its labels in another order than the table: dog is 1, cat is 2.
const metadata = {
  "internal-color-map": {
    "0": { "class-name": "BACKGROUND", "hex-color": "#ffffff", confidence: 0 },
    "1": { "class-name": "dog", "hex-color": "#2ca02c", confidence: 0 },
    "2": { "class-name": "cat", "hex-color": "#1f77b4", confidence: 0 },
  },
  type: "groundtruth/semantic-segmentation",
  "human-annotated": "yes",
  "creation-date": "2020-10-20T21:37:29.853446",
  "job-name": "labeling-job/pets",
};
const labeled = (image: string, mask: string): object => ({
  "source-ref": `s3://bucket/in/${image}`,
  "pets-ref": `s3://bucket/out/${mask}`,
  "pets-ref-metadata": metadata,
});
const failed = {
  "source-ref": "s3://bucket/in/2.jpg",
  "pets-ref-metadata": {
    "retry-count": 1,
    "failure-reason": "ClientError: Annotation tasks expired.",
    "human-annotated": "true",
  },
};
const mask = (samples: readonly number[], colors: (typeof palette)[number][] = [...palette]): Uint8Array =>
  pngBytes({ width: 2, height: 2, colorType: 3, samples, palette: colors });

let store: MemoryStore;

it("refuses labels of another table: other names, or another ignore index", () => {
  const builder = datasetBuilder({ store: memoryStore({}), workspace: () => "s3://bucket/run/" }, classes);
  const others = [
    defineClasses(["background", "dog", "cat"]),
    // Masks would be written with 255, which this dataset could not read again.
    defineClasses(["background", "cat", "dog"], { ignoreIndex: 200 }),
  ];
  for (const other of others) {
    const labels = labelsFromManifest({ store: memoryStore({}), uri: manifest, classes: other });
    expect(refusalOf(() => builder.labels(labels as never))).toMatchObject({
      code: "input.invalid",
      details: { parameter: "labels" },
    });
  }
});

function start(
  lines: readonly object[],
  extra: Readonly<Record<string, Uint8Array>> = {},
): DatasetBuilder<Names, never> {
  const image = jpegBytes({ width: 2, height: 2 });
  store = memoryStore({
    [manifest]: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    "s3://bucket/in/1.jpg": image,
    "s3://bucket/in/3.jpg": image,
    "s3://bucket/in/4.jpg": image,
    "s3://bucket/out/0.png": mask([0, 1, 1, 2]),
    "s3://bucket/out/1.png": mask([0, 0, 0, 2]),
    ...extra,
  });
  const labels = labelsFromManifest({ store, uri: manifest, classes });
  return datasetBuilder({ store, workspace: () => "s3://work/" }, classes).labels(labels);
}

it("says why nothing is labeled when every object failed", async () => {
  const error = await rejectionOf(start([failed]).plan());
  expect(error.code).toBe("dataset.empty");
  expect(error.message).toContain(
    "1 failed. The first is s3://bucket/in/2.jpg: ClientError: Annotation tasks expired.",
  );
});

it("turns the job's classes into the table's, colour first", async () => {
  // The second mask has its palette shifted: the colours still say background, background, background, cat.
  const shifted = mask([1, 1, 1, 2], [palette[1], palette[0], palette[2]]);
  const builder = start([labeled("1.jpg", "0.png"), labeled("3.jpg", "1.png")], { "s3://bucket/out/1.png": shifted });
  const dataset = await builder.split({ validation: ["3"] }).upload();
  const masks: number[][] = [];
  for (const half of [dataset.train, dataset.validation])
    for await (const sample of half) masks.push([...(await sample.mask()).data]);
  expect(masks).toEqual([
    [0, 2, 2, 1],
    [0, 0, 0, 1],
  ]);
  expect(dataset.warnings.filter(({ code }) => code === "mask-finding").map(({ uri }) => uri)).toContain(
    "s3://bucket/out/1.png",
  );
});

it("leaves out failed and unlabeled images, and says so", async () => {
  const { images, warnings } = await start([
    labeled("1.jpg", "0.png"),
    failed,
    labeled("3.jpg", "1.png"),
    { "source-ref": "s3://bucket/in/4.jpg" },
  ]).plan();
  expect(images.map(({ source }) => source).sort()).toEqual(["s3://bucket/in/1.jpg", "s3://bucket/in/3.jpg"]);
  expect(warnings).toContainEqual({
    code: "label-failed",
    message: "Left out, labeling failed: ClientError: Annotation tasks expired.",
    uri: "s3://bucket/in/2.jpg",
  });
  expect(warnings.map(({ code }) => code)).toContain("label-missing");
});

it("refuses an image that is labeled twice: it could train and validate", async () => {
  const error = await rejectionOf(start([labeled("1.jpg", "0.png"), labeled("1.jpg", "1.png")]).plan());
  expect(error).toMatchObject({ code: "dataset.duplicate", details: { sources: [`${manifest}:1`, `${manifest}:2`] } });
});

it("says when nothing is labeled", async () => {
  expect((await rejectionOf(start([failed]).plan())).code).toBe("dataset.empty");
});

it("names an image or mask that is gone", async () => {
  const lines = [labeled("1.jpg", "0.png"), labeled("gone.jpg", "1.png")];
  expect(await rejectionOf(start(lines).plan())).toMatchObject({
    code: "dataset.image",
    details: { uri: "s3://bucket/in/gone.jpg" },
  });
  const noMask = [labeled("1.jpg", "0.png"), labeled("3.jpg", "gone.png")];
  expect(await rejectionOf(start(noMask).plan())).toMatchObject({
    code: "dataset.mask",
    cause: { code: "aws.not-found" },
  });
});

it("passes trouble with AWS on as it is", async () => {
  const builder = start([labeled("1.jpg", "0.png"), labeled("3.jpg", "1.png")]);
  const trouble = new RangeError("no AWS today");
  store.fault = ({ uri }) => {
    if (uri.endsWith("1.png")) throw trouble;
  };
  await expect(builder.plan()).rejects.toBe(trouble);
});

it("refuses labels that were read with other classes", () => {
  const other = defineClasses(["background", "dog", "cat"]);
  const labels = labelsFromManifest({ store: memoryStore(), uri: manifest, classes: other });
  const builder = datasetBuilder({ store, workspace: () => "s3://work/" }, classes);
  expect(refusalOf(() => builder.labels(labels)).code).toBe("input.invalid");
});

it("gives images of one name in two folders names of their own", async () => {
  const twin = { ...labeled("x/1.jpg", "1.png") };
  const builder = start([labeled("1.jpg", "0.png"), twin], {
    "s3://bucket/in/x/1.jpg": jpegBytes({ width: 2, height: 2 }),
  });
  const names = (await builder.plan()).images.map(({ imageUri }) => imageUri.replace(/^.*\//, ""));
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name).toMatch(/^1-[0-9a-f]{10}\.jpg$/);
});
