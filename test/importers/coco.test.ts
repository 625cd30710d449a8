/**
 * COCO files: the expected pixels of whole-number boxes follow from the rule that a pixel belongs to a polygon when its
 * centre does; `test/peers/raster.test.ts` compares thousands of polygons with pycocotools.
 */
import { afterAll, expect, it } from "vitest";
import { defineClasses } from "../../src/masks.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { importFolder, importMasks, rows } from "../support/import-folder.js";

const classes = defineClasses(["background", "cat", "dog"]);

const box = (left: number, top: number, right: number, bottom: number): number[] => [
  left, top, right, top, right, bottom, left, bottom,
]; // prettier-ignore

const images = [
  { id: 1, file_name: "a/1.jpg", width: 6, height: 4 },
  { id: 2, file_name: "b/1.jpg", width: 6, height: 4 },
];
const categories = [
  { id: 17, name: "cat" },
  { id: 90, name: "dog" },
];
const annotations = [
  { id: 1, image_id: 1, category_id: 17, iscrowd: 0, segmentation: [box(0, 0, 4, 3)] },
  { id: 2, image_id: 1, category_id: 90, iscrowd: 0, segmentation: [box(2, 1, 6, 4)] },
  // Column by column: 8 outside, then two columns.
  { id: 3, image_id: 2, category_id: 17, iscrowd: 1, segmentation: { size: [4, 6], counts: [8, 8, 8] } },
];
const files = { "a/1.jpg": [6, 4], "b/1.jpg": [6, 4] };

const made: { remove(): void }[] = [];
afterAll(() => made.forEach((folder) => folder.remove()));
function coco(content: unknown, more: Readonly<Record<string, unknown>> = {}) {
  const written = importFolder({ ...files, "coco.json": content, ...more });
  made.push(written);
  return { annotations: `${written.folder}/coco.json`, images: written.folder };
}

it("draws polygons and run lengths, the later over the earlier one", async () => {
  const source = coco({ images, annotations, categories });
  const { masks } = await importMasks(classes, (dataset) => dataset.coco(source));
  expect(rows(masks["a_1"]!)).toEqual(["111100", "112222", "112222", "002222"]);
  expect(rows(masks["b_1"]!)).toEqual(["001100", "001100", "001100", "001100"]);
});

it.each([
  ["later", ["111100", "112222", "112222", "002222"]],
  ["earlier", ["111100", "111122", "111122", "002222"]],
  ["ignored", ["111100", "11..22", "11..22", "002222"]],
] as const)("lets the %s shape hold where two lie over each other", async (overlap, expected) => {
  const source = coco({ categories, images, annotations });
  const { masks } = await importMasks(classes, (dataset) => dataset.coco({ ...source, overlap }));
  expect(rows(masks["a_1"]!)).toEqual(expected);
});

it("lets the smaller shape hold", async () => {
  const large = { id: 9, image_id: 1, category_id: 90, segmentation: [box(0, 0, 6, 4)] };
  const source = coco({ annotations: [...annotations.slice(0, 1), large, annotations[2]], images, categories });
  const { masks } = await importMasks(classes, (dataset) => dataset.coco({ ...source, overlap: "smaller" }));
  expect(rows(masks["a_1"]!)).toEqual(["111122", "111122", "111122", "222222"]);
});

it("renames, merges, ignores and drops labels", async () => {
  const pets = defineClasses(["background", "pet"]);
  const source = coco({ images, annotations, categories });
  const { masks } = await importMasks(pets, (dataset) =>
    dataset.coco({ ...source, labels: { cat: "pet", dog: null } }),
  );
  expect(rows(masks["a_1"]!)).toEqual(["111100", "11....", "11....", "00...."]);
  const merged = await importMasks(pets, (dataset) => dataset.coco({ ...source, otherLabels: "pet", unlabeled: null }));
  expect(rows(merged.masks["a_1"]!)).toEqual(["1111..", "111111", "111111", "..1111"]);
  const dropped = await importMasks(pets, (dataset) =>
    dataset.coco({ ...source, labels: { cat: "pet", dog: "background" } }),
  );
  expect(rows(dropped.masks["a_1"]!)).toEqual(["111100", "110000", "110000", "000000"]);
  const undrawn = await importMasks(pets, (dataset) => dataset.coco({ ...source, labels: { cat: "pet", dog: false } }));
  expect(rows(undrawn.masks["a_1"]!)).toEqual(["111100", "111100", "111100", "000000"]);
});

it("leaves crowds out or ignores them when asked", async () => {
  const source = coco({ images, annotations, categories });
  const ignored = await importMasks(classes, (dataset) => dataset.coco({ ...source, crowds: "ignored" }));
  expect(rows(ignored.masks["b_1"]!)).toEqual(["00..00", "00..00", "00..00", "00..00"]);
  const without = await importMasks(classes, (dataset) => dataset.coco({ ...source, crowds: "leftOut" }));
  expect(rows(without.masks["b_1"]!)).toEqual(["000000", "000000", "000000", "000000"]);
});

it("lists all labels without a class, with names that are near", async () => {
  const source = coco({ images, annotations, categories: [{ id: 17, name: "Cats" }, categories[1]] });
  await expect(importMasks(classes, (dataset) => dataset.coco(source))).rejects.toMatchObject({
    code: "import.label",
    message: expect.stringContaining('"Cats" (near "cat")') as string,
    details: { label: "Cats", known: ["background", "cat", "dog"] },
  });
});

const more = { id: 3, file_name: "c.jpg", width: 6, height: 4 };
const bad: readonly (readonly [string, unknown, string, string])[] = [
  ["an open polygon", { image_id: 3, category_id: 17, segmentation: [[0, 0, 3, 3]] }, "import.shape", "$.annotations[3].segmentation[0]"],
  ["an odd number of values", { image_id: 3, category_id: 17, segmentation: [[0, 0, 3, 0, 3, 3, 0]] }, "import.shape", "$.annotations[3].segmentation[0]"],
  ["a huge number", { image_id: 3, category_id: 17, segmentation: [[0, 0, 3, 0, 1e300, 3]] }, "import.shape", "$.annotations[3].segmentation[0]"],
  ["no segmentation", { image_id: 3, category_id: 17, segmentation: [] }, "import.file", "$.annotations[3].segmentation"],
  ["an image that is not listed", { image_id: 99, category_id: 17, segmentation: [box(0, 0, 1, 1)] }, "import.file", "$.annotations[3].image_id"],
  ["damaged run lengths", { image_id: 3, category_id: 17, segmentation: { size: [4, 6], counts: "0~" } }, "import.shape", "$.annotations[3].segmentation"],
  ["negative run lengths", { image_id: 3, category_id: 17, segmentation: { size: [4, 6], counts: [-1, 25] } }, "import.file", "$.annotations[3].segmentation"],
  ["no object", 7, "import.file", "$.annotations[3]"],
]; // prettier-ignore

it.each(bad)("says where there is %s, and goes on when asked", async (_, annotation, code, path) => {
  const source = coco(
    { images: [...images, more], categories, annotations: [...annotations, annotation] },
    { "c.jpg": [6, 4] },
  );
  await expect(importMasks(classes, (dataset) => dataset.coco(source))).rejects.toMatchObject({
    code,
    details: { file: expect.stringContaining("coco.json") as string, path },
  });
  const skipped: unknown[] = [];
  const { masks, warnings } = await importMasks(classes, (dataset) =>
    dataset.coco({ ...source, onError: "skip", onSkipped: (problem) => skipped.push(problem.code) }),
  );
  expect(Object.keys(masks).sort()).toEqual(["a_1", "b_1"]);
  expect(skipped).toEqual([code]);
  expect(warnings.filter((warning) => warning.startsWith("skipped"))).toHaveLength(1);
});

it.each([
  ["run lengths of another size", { image_id: 3, category_id: 17, segmentation: { size: [6, 4], counts: [24] } }],
  ["run lengths that do not add up", { image_id: 3, category_id: 17, segmentation: { size: [4, 6], counts: [20] } }],
  ["a category that is not listed", { image_id: 3, category_id: 5, segmentation: [box(0, 0, 1, 1)] }],
])("refuses %s when the mask is drawn", async (_, annotation) => {
  const source = coco(
    { images: [...images, more], categories, annotations: [...annotations, annotation] },
    { "c.jpg": [6, 4] },
  );
  const refused = importMasks(classes, (dataset) => dataset.coco(source));
  await expect(refused).rejects.toMatchObject({ code: "dataset.mask" });
  await expect(refused).rejects.toThrow("annotations[3]");
  const { masks, warnings } = await importMasks(classes, (dataset) => dataset.coco({ ...source, onError: "skip" }));
  expect(Object.keys(masks)).toHaveLength(2);
  expect(warnings.join()).toContain("annotations[3]");
});

it.each(["../1.jpg", "/etc/1.jpg", "a/../../1.jpg", "C:\\1.jpg", "a//1.jpg"])(
  "refuses the file name %s",
  async (name) => {
    const source = coco({ images: [{ ...images[0], file_name: name }, images[1]], annotations, categories });
    await expect(importMasks(classes, (dataset) => dataset.coco(source))).rejects.toMatchObject({
      code: "import.path",
      details: { name },
    });
  },
);

it.each([
  ["", 0],
  ["{", 1],
  ['{"images": [}', 12],
  ['{"images": [', 12],
])("tells the byte of a file that is no JSON: %s", async (text, offset) => {
  await expect(importMasks(classes, (dataset) => dataset.coco(coco(text)))).rejects.toMatchObject({
    code: "import.file",
    details: { offset },
  });
});

it("reads a byte order mark, CRLF and blanks behind the end", async () => {
  const text = `\ufeff${JSON.stringify({ images, annotations, categories }, undefined, 1).replaceAll("\n", "\r\n")}\r\n`;
  const { masks } = await importMasks(classes, (dataset) => dataset.coco(coco(text)));
  expect(Object.keys(masks)).toHaveLength(2);
});

it("refuses a document that is nested without end", async () => {
  const source = coco(`{"images": ${"[".repeat(1_000_000)}`);
  await expect(importMasks(classes, (dataset) => dataset.coco(source))).rejects.toThrow("nested too deeply");
});

it("takes names with blanks, plus signs, percent signs and other scripts", async () => {
  const names = ["a b+c%20d/ü 漢.jpg", "#?&/1.jpg"];
  const source = coco(
    { images: names.map((name, at) => ({ ...images[at], file_name: name })), annotations, categories },
    { [names[0]!]: [6, 4], [names[1]!]: [6, 4] },
  );
  const { masks } = await importMasks(classes, (dataset) => dataset.coco(source));
  expect(Object.keys(masks)).toHaveLength(2);
});

it("leaves images without annotations out, or takes them as unlabeled", async () => {
  const source = coco({ images: [...images, more], annotations, categories }, { "c.jpg": [6, 4] });
  const without = await importMasks(classes, (dataset) => dataset.coco(source));
  expect(Object.keys(without.masks)).toHaveLength(2);
  expect(without.warnings.join()).toContain("nothing is drawn on it");
  const { masks } = await importMasks(classes, (dataset) => dataset.coco({ ...source, withoutShapes: "unlabeled" }));
  expect(rows(masks["c"]!)).toEqual(["000000", "000000", "000000", "000000"]);
});

it("names images that EXIF turns", async () => {
  const source = coco({ images, annotations, categories }, { "a/1.jpg": [4, 6, 6] });
  await expect(importMasks(classes, (dataset) => dataset.coco(source))).rejects.toThrow("orientation 6");
});

it("reads annotations and images from S3", async () => {
  const { masks } = await importMasks(
    classes,
    (dataset) => dataset.coco({ annotations: "s3://bucket/coco.json", images: "s3://bucket/photos" }),
    {
      "s3://bucket/coco.json": JSON.stringify({ images, annotations, categories }),
      "s3://bucket/photos/a/1.jpg": jpegBytes({ width: 6, height: 4 }),
      "s3://bucket/photos/b/1.jpg": jpegBytes({ width: 6, height: 4 }),
    },
  );
  expect(Object.keys(masks)).toHaveLength(2);
});
