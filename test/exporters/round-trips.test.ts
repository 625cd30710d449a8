/** What is exported is read again, and is the same; the files are looked at as the formats' own readers would. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exportCocoPanoptic } from "../../src/exporters/export-coco-panoptic.js";
import { exportMaskFolder } from "../../src/exporters/export-mask-folder.js";
import { exportVoc } from "../../src/exporters/export-voc.js";
import { createMask, decodeMask, defineClasses } from "../../src/masks.js";
import type { LabeledImage } from "../../src/index.js";
import { importMasks } from "../support/import-folder.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { memoryStore } from "../support/memory-store.js";

// An ignore index of its own: formats have theirs.
const classes = defineClasses(["background", "cat", "sea turtle: green"], { ignoreIndex: 9 });
type Name = (typeof classes.names)[number];

function image(name: string, ...data: number[]): LabeledImage<Name> {
  return {
    name,
    image: () => Promise.resolve(Uint8Array.from(jpegBytes({ width: 3, height: 2 }))),
    mask: () => Promise.resolve(createMask(3, 2, Uint8Array.from(data), classes)),
  };
}
const train = [image("one.jpg", 0, 1, 2, 9, 9, 0), image("b/two.jpg", 2, 2, 2, 2, 2, 1)];
const val = [image("three.jpg", 1, 1, 0, 0, 0, 9)];
const truth = { one: [0, 1, 2, 9, 9, 0], b_two: [2, 2, 2, 2, 2, 1], three: [1, 1, 0, 0, 0, 9] };

let folder = "";
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), "semseg-export-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pixels = (masks: Readonly<Record<string, { readonly data: Uint8Array }>>) =>
  Object.fromEntries(Object.entries(masks).map(([name, { data }]) => [name, Array.from(data)]));

it("writes a VOC tree that is read back the same, by lists too", async () => {
  const to = path.join(folder, "voc");
  await exportVoc({ train, val }, classes, to);
  expect(readFileSync(path.join(to, "ImageSets/Segmentation/train.txt"), "utf8")).toBe("one\nb/two\n");
  expect(readFileSync(path.join(to, "labelmap.txt"), "utf8")).toContain("\ncat:128,0,0::\n");
  const stored = decodeMask(readFileSync(path.join(to, "SegmentationClass/one.png")));
  expect([stored.kind, Array.from(stored.data), stored.palette?.[1], stored.palette?.[255]]).toEqual([
    "palette",
    [0, 1, 2, 255, 255, 0],
    [128, 0, 0],
    [224, 224, 192],
  ]);
  expect(pixels((await importMasks(classes, (dataset) => dataset.voc(to))).masks)).toEqual(truth);
  const lists = await importMasks(classes, (dataset) => dataset.voc(to, { lists: ["train"] }));
  expect(Object.keys(lists.masks).sort()).toEqual(["b_two", "one"]);
});

it("writes COCO panoptic that is read back the same", async () => {
  const to = path.join(folder, "panoptic");
  await exportCocoPanoptic([...train, ...val], classes, to);
  const document = JSON.parse(readFileSync(path.join(to, "panoptic.json"), "utf8")) as {
    annotations: readonly unknown[];
    categories: readonly unknown[];
  };
  expect(document.categories[1]).toMatchObject({ id: 2, name: "cat", isthing: 0 });
  expect(document.annotations[0]).toEqual({
    image_id: 1,
    file_name: "one.png",
    segments_info: [
      { id: 1, category_id: 1, iscrowd: 0, area: 2, bbox: [0, 0, 3, 2] },
      { id: 2, category_id: 2, iscrowd: 0, area: 1, bbox: [1, 0, 1, 1] },
      { id: 3, category_id: 3, iscrowd: 0, area: 1, bbox: [2, 0, 1, 1] },
    ],
  });
  const source = {
    annotations: path.join(to, "panoptic.json"),
    masks: path.join(to, "panoptic"),
    images: path.join(to, "images"),
  };
  expect(pixels((await importMasks(classes, (dataset) => dataset.cocoPanoptic(source))).masks)).toEqual(truth);
});

it("writes the folders that FiftyOne reads: data and labels with equal names, gray indices", async () => {
  const to = path.join(folder, "fiftyone");
  await exportMaskFolder([...train, ...val], classes, to);
  expect(readdirSync(path.join(to, "data"), { recursive: true }).sort()).toEqual([
    "b",
    path.join("b", "two.jpg"),
    "one.jpg",
    "three.jpg",
  ]);
  expect(readdirSync(path.join(to, "labels"), { recursive: true }).sort()).toEqual([
    "b",
    path.join("b", "two.png"),
    "one.png",
    "three.png",
  ]);
  expect(decodeMask(readFileSync(path.join(to, "labels/one.png")))).toMatchObject({
    kind: "gray",
    width: 3,
    height: 2,
  });
  expect(JSON.parse(readFileSync(path.join(to, "mask_targets.json"), "utf8"))).toEqual({
    0: "background",
    1: "cat",
    2: "sea turtle: green",
  });
  const values = { 0: "background", 1: "cat", 2: "sea turtle: green", 255: null } as const;
  const back = await importMasks(classes, (dataset) =>
    dataset.pairs({ images: path.join(to, "data"), masks: path.join(to, "labels"), values }),
  );
  expect(pixels(back.masks)).toEqual(truth);
});

it("writes to S3 with a store, and says so without", async () => {
  const store = memoryStore();
  await exportMaskFolder(train, classes, "s3://bucket/out", { store });
  expect([...store.objects.keys()].sort()).toEqual([
    "s3://bucket/out/data/b/two.jpg",
    "s3://bucket/out/data/one.jpg",
    "s3://bucket/out/labels/b/two.png",
    "s3://bucket/out/labels/one.png",
    "s3://bucket/out/mask_targets.json",
  ]);
  await expect(exportMaskFolder(train, classes, "s3://bucket/out")).rejects.toMatchObject({ code: "input.invalid" });
});

it("refuses two images of one name, and names that lead elsewhere", async () => {
  const twice = exportVoc(
    { train: [train[0]!, image("one.png", 0, 0, 0, 0, 0, 0)] },
    classes,
    path.join(folder, "twice"),
  );
  await expect(twice).rejects.toMatchObject({ code: "dataset.duplicate" });
  const away = exportVoc({ train: [image("../x.jpg", 0, 0, 0, 0, 0, 0)] }, classes, path.join(folder, "away"));
  await expect(away).rejects.toMatchObject({ code: "import.path" });
});
