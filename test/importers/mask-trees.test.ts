/** Trees of mask files: PASCAL VOC, Cityscapes, COCO panoptic. Pixels are few enough to be told by hand. */
import { afterAll, expect, it } from "vitest";
import { defineClasses } from "../../src/masks.js";
import { importFolder, importMasks, rows } from "../support/import-folder.js";
import { pngBytes } from "../support/png-bytes.js";
import { gray16Png } from "../support/gray16-png.js";

const made: { remove(): void }[] = [];
afterAll(() => made.forEach((folder) => folder.remove()));
function tree(files: Readonly<Record<string, unknown>>): string {
  const written = importFolder(files);
  made.push(written);
  return written.folder;
}

const size = { width: 3, height: 1 };
const gray = (...samples: number[]): Uint8Array => pngBytes({ ...size, colorType: 0, samples });
const rgb = (...samples: number[]): Uint8Array => pngBytes({ ...size, colorType: 2, samples });

const voc = {
  "JPEGImages/1.jpg": [3, 1],
  "JPEGImages/2.jpg": [3, 1],
  "JPEGImages/unlabeled.jpg": [3, 1],
  "SegmentationClass/1.png": gray(0, 8, 255),
  // The colours of index 12, of void, and of index 8 in the VOC map.
  "SegmentationClass/2.png": rgb(64, 0, 128, 224, 224, 192, 64, 0, 0),
  "ImageSets/Segmentation/train.txt": "1\r\n2\n\n",
  "ImageSets/Segmentation/few.txt": "1\n3\n",
};
const pets = defineClasses(["background", "cat", "dog"]);

it("reads indices and colours of a VOC tree", async () => {
  const { masks } = await importMasks(pets, (dataset) => dataset.voc(tree(voc)));
  expect(rows(masks["1"]!)).toEqual(["01."]);
  expect(rows(masks["2"]!)).toEqual(["2.1"]);
});

it("takes the images of a list, and says which have no mask", async () => {
  const { masks } = await importMasks(pets, (dataset) => dataset.voc(tree(voc), { lists: ["train"] }));
  expect(Object.keys(masks).sort()).toEqual(["1", "2"]);
  const few = importMasks(pets, (dataset) => dataset.voc(tree(voc), { lists: ["few"] }));
  await expect(few).rejects.toThrow("the image 3 has no mask");
});

it("names the label of the first pixel without a class", async () => {
  const cats = defineClasses(["background", "cat"]);
  const refused = importMasks(cats, (dataset) => dataset.voc(tree(voc)));
  await expect(refused).rejects.toMatchObject({
    code: "dataset.mask",
    cause: { code: "import.label", details: { label: "dog" } },
  });
  // A setting, and no fault of one image.
  await expect(importMasks(cats, (dataset) => dataset.voc(tree(voc), { onError: "skip" }))).rejects.toThrow('"dog"');
  const { masks } = await importMasks(cats, (dataset) => dataset.voc(tree(voc), { otherLabels: null }));
  expect(rows(masks["2"]!)).toEqual(["..1"]);
});

it("reads masks by the colours of a labelmap.txt, whatever their indices are", async () => {
  const palette = [[9, 9, 9], [0, 255, 0], [255, 0, 0]] as const; // prettier-ignore
  const folder = tree({
    ...voc,
    "SegmentationClass/1.png": pngBytes({ ...size, colorType: 3, samples: [2, 1, 1], palette }),
    "SegmentationClass/2.png": rgb(0, 0, 0, 255, 0, 0, 0, 255, 0),
    "labelmap.txt": "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:255,0,0::\nwolf: grey:0,255,0::\n",
  });
  const { masks } = await importMasks(pets, (dataset) => dataset.voc(folder, { labels: { "wolf: grey": "dog" } }));
  expect(rows(masks["1"]!)).toEqual(["122"]);
  expect(rows(masks["2"]!)).toEqual(["012"]);
});

it.each([
  ["cat:255,0", 2],
  ["cat:256,0,0::", 2],
  ["cat:0,0,0::", 2],
])("tells the line of a labelmap.txt that cannot be: %s", async (line, number) => {
  const folder = tree({ ...voc, "labelmap.txt": `background:0,0,0::\n${line}\n` });
  await expect(importMasks(pets, (dataset) => dataset.voc(folder))).rejects.toMatchObject({
    code: "import.file",
    details: { line: number },
  });
});

it("takes class names from class_names.txt or from the options", async () => {
  const names = tree({
    ...voc,
    "class_names.txt": "_background_\nhouse\n",
    "SegmentationClass/2.png": gray(1, 1, 0),
    "SegmentationClass/1.png": gray(0, 1, 255),
  });
  const houses = defineClasses(["ground", "house"]);
  const { masks } = await importMasks(houses, (dataset) => dataset.voc(names));
  expect(rows(masks["2"]!)).toEqual(["110"]);
  const given = await importMasks(houses, (dataset) => dataset.voc(names, { classNames: ["house", "ground"] }));
  expect(rows(given.masks["2"]!)).toEqual(["001"]);
});

const city = {
  "leftImg8bit/train/ulm/ulm_1_2_leftImg8bit.png": pngBytes({
    ...size,
    colorType: 2,
    samples: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  }),
  "gtFine/train/ulm/ulm_1_2_gtFine_labelIds.png": gray(7, 26, 0),
  "gtFine/train/ulm/ulm_1_2_gtFine_color.png": rgb(1, 1, 1, 1, 1, 1, 1, 1, 1),
  "leftImg8bit/val/bonn/ulm_1_2_leftImg8bit.png": pngBytes({
    ...size,
    colorType: 2,
    samples: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  }),
  "gtFine/val/bonn/ulm_1_2_gtFine_instanceIds.png": gray16Png(3, 1, [26_001, 7, 9]),
  "leftImg8bit/test/bonn/b_1_leftImg8bit.png": pngBytes({
    ...size,
    colorType: 2,
    samples: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  }),
};
const streets = defineClasses(["other", "road", "car"]);

it("reads a Cityscapes tree: label ids or instance ids, unscored labels ignored, equal names in two cities apart", async () => {
  const { masks } = await importMasks(streets, (dataset) => dataset.cityscapes(tree(city)));
  expect(Object.keys(masks).sort()).toEqual(["train_ulm_ulm_1_2", "val_bonn_ulm_1_2"]);
  expect(rows(masks["train_ulm_ulm_1_2"]!)).toEqual(["12."]);
  expect(rows(masks["val_bonn_ulm_1_2"]!)).toEqual(["21."]);
});

it("takes unscored labels that are listed, and train ids", async () => {
  const rest = Object.fromEntries(Object.entries(city).filter(([name]) => !name.includes("instanceIds")));
  const folder = tree({ ...rest, "gtFine/val/bonn/ulm_1_2_gtFine_labelTrainIds.png": gray(13, 0, 255) });
  const { masks } = await importMasks(streets, (dataset) =>
    dataset.cityscapes(folder, { labels: { unlabeled: "other" } }),
  );
  expect(rows(masks["train_ulm_ulm_1_2"]!)).toEqual(["120"]);
  expect(rows(masks["val_bonn_ulm_1_2"]!)).toEqual(["21."]);
});

const panoptic = {
  "photos/x/1.jpg": [3, 1],
  "photos/y/1.jpg": [3, 1],
  // Segment 1 + 256 * 2 + 65536 * 3 = 197121, segment 5, nothing.
  "masks/1.png": rgb(1, 2, 3, 5, 0, 0, 0, 0, 0),
  "masks/2.png": rgb(5, 0, 0, 5, 0, 0, 7, 0, 0),
  "panoptic.json": {
    images: [
      { id: 1, file_name: "x/1.jpg", width: 3, height: 1 },
      { id: 2, file_name: "y/1.jpg", width: 3, height: 1 },
    ],
    annotations: [
      { image_id: 1, file_name: "1.png", segments_info: [{ id: 197_121, category_id: 1 }, { id: 5, category_id: 2 }] },
      { image_id: 2, file_name: "2.png", segments_info: [{ id: 5, category_id: 1 }] },
    ],
    categories: [{ id: 1, name: "cat" }, { id: 2, name: "dog" }],
  },
}; // prettier-ignore

it("reads COCO panoptic masks by their segment ids; pixels of no segment are ignored", async () => {
  const folder = tree({ ...panoptic, "masks/2.png": rgb(5, 0, 0, 5, 0, 0, 0, 0, 0) });
  const source = { annotations: `${folder}/panoptic.json`, masks: `${folder}/masks`, images: `${folder}/photos/` };
  const { masks } = await importMasks(pets, (dataset) => dataset.cocoPanoptic(source));
  expect(rows(masks["x_1"]!)).toEqual(["12."]);
  expect(rows(masks["y_1"]!)).toEqual(["11."]);
  const background = await importMasks(pets, (dataset) => dataset.cocoPanoptic({ ...source, unlabeled: "background" }));
  expect(rows(background.masks["y_1"]!)).toEqual(["110"]);
});

it("tells the pixel of a segment that is not listed", async () => {
  const folder = tree(panoptic);
  const source = { annotations: `${folder}/panoptic.json`, masks: `${folder}/masks`, images: `${folder}/photos/` };
  await expect(importMasks(pets, (dataset) => dataset.cocoPanoptic(source))).rejects.toThrow(
    "the pixel (2, 0) has the value 7",
  );
});
