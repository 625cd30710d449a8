/** Exports of real tools in ../shared/fixtures/annotation-tools, against masks that were decoded from them independently. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeMask, defineClasses } from "../../src/masks.js";
import { cocoGridPoints, cocoPolygonRegion } from "../../src/raster/coco-polygon.js";
import { cocoRegion, decodeCompressedRuns } from "../../src/raster/coco-runs.js";
import { compose } from "../../src/raster/compose.js";
import type { Region } from "../../src/raster/region.js";
import { withLocalFiles } from "../../src/files/any-store.js";
import { cityscapesLabels } from "../../src/importers/cityscapes-labels.js";
import { cityscapesImporter } from "../../src/importers/cityscapes.js";
import { cvatImporter } from "../../src/importers/cvat.js";
import { labelStudioImporter } from "../../src/importers/label-studio.js";
import { labelboxImporter } from "../../src/importers/labelbox.js";
import { labelMeImporter } from "../../src/importers/labelme.js";
import { superviselyImporter } from "../../src/importers/supervisely.js";
import type { ImportedImage, Importer } from "../../src/importers/import-source.js";
import { vocImporter } from "../../src/importers/voc.js";
import { memoryStore } from "../support/memory-store.js";
import { importFolder, importMasks } from "../support/import-folder.js";

const fixtures = path.resolve("../shared/fixtures");
const tools = path.join(fixtures, "annotation-tools");
const made: { remove(): void }[] = [];
afterAll(() => made.forEach((folder) => folder.remove()));

const at = (name: string): string => path.join(tools, name);
const read = (name: string): unknown => JSON.parse(readFileSync(at(name), "utf8"));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly pixelCountByValue: Readonly<Record<string, number>>;
  readonly valuesSha256: string;
}

/** JPEG headers of the sizes that the pictures have; the pictures themselves are no part of the fixtures. */
function pictures(sizes: Readonly<Record<string, readonly number[]>>): string {
  const written = importFolder(sizes);
  made.push(written);
  return written.folder;
}

function paint(regions: readonly Region[], width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height);
  compose({ width, height, data }, [{ value: 1, regions: () => regions }], "later", 255);
  return data;
}

// Skipped where the shared folder is missing: ../shared/fixtures/annotation-tools.
describe.skipIf(!existsSync(tools))("exports of other tools", () => {
  const expected = (existsSync(tools) ? read("expected.json") : {}) as Readonly<Record<string, Expected>>;

  it("draws every COCO annotation as pycocotools has drawn it", () => {
    interface Coco {
      readonly images: readonly { id: number; width: number; height: number }[];
      readonly annotations: readonly {
        id: number;
        image_id: number;
        segmentation: number[][] | { counts: number[] };
      }[];
    }
    const { images, annotations } = read("coco/instances.json") as Coco;
    const truth = expected["coco/instances.json"] as unknown as {
      readonly annotations: readonly { id: number; area: number; rowMajorSha256: string }[];
    };
    expect(truth.annotations).toHaveLength(annotations.length);
    for (const { id, area, rowMajorSha256 } of truth.annotations) {
      const { image_id, segmentation } = annotations.find((annotation) => annotation.id === id)!;
      const { width, height } = images.find((image) => image.id === image_id)!;
      const regions = Array.isArray(segmentation)
        ? segmentation.map((points) => cocoPolygonRegion(cocoGridPoints(points), width, height))
        : [cocoRegion(segmentation.counts, width, height)];
      const data = paint(regions, width, height);
      expect(data.reduce((sum, value) => sum + value, 0)).toBe(area);
      expect(sha256(data)).toBe(rowMajorSha256);
    }
  });

  it("makes a dataset of the COCO file", async () => {
    const { categories } = read("coco/instances.json") as { categories: readonly { name: string }[] };
    const classes = defineClasses(["background", ...categories.map(({ name }) => name)]);
    const images = pictures({ "000000233771.jpg": [640, 640], "000000378605.jpg": [426, 640] });
    const { masks } = await importMasks(classes, (dataset) =>
      dataset.coco({ annotations: at("coco/instances.json"), images }),
    );
    expect(Object.keys(masks).sort()).toEqual(["000000233771", "000000378605"]);
    expect(masks["000000233771"]!.counts()["bus"]).toBeGreaterThan(0);
  });

  it("reads both spellings of run lengths of a real Ground Truth mask", () => {
    const { maskFile, index, size, uncompressedCounts, compressedCounts } = read(
      "coco/rle-of-ground-truth-mask.json",
    ) as {
      maskFile: string;
      index: number;
      size: [number, number];
      uncompressedCounts: number[];
      compressedCounts: string;
    };
    const mask = decodeMask(readFileSync(path.join(fixtures, maskFile)));
    const truth = mask.data.map((value) => (value === index ? 1 : 0));
    expect(decodeCompressedRuns(compressedCounts)).toEqual(uncompressedCounts);
    expect(sha256(paint([cocoRegion(uncompressedCounts, size[1], size[0])], size[1], size[0]))).toBe(sha256(truth));
  });

  it("reads COCO panoptic masks into the categories that were decoded from them", async () => {
    const { categories } = read("coco-panoptic/panoptic.json") as {
      categories: readonly { id: number; name: string }[];
    };
    const classes = defineClasses(Array.from({ length: 201 }, (_, id) => `c${id}`));
    const labels = Object.fromEntries(categories.map(({ id, name }) => [name, `c${id}`]));
    const images = pictures({ "000000366141.jpg": [640, 480], "000000356387.jpg": [500, 335] });
    const source = { annotations: at("coco-panoptic/panoptic.json"), masks: at("coco-panoptic"), images };
    const { masks } = await importMasks(classes, (dataset) =>
      dataset.cocoPanoptic({ ...source, labels, unlabeled: "c0" }),
    );
    for (const name of ["000000366141", "000000356387"]) {
      const { categoryMask } = expected[`coco-panoptic/${name}.png`] as unknown as { categoryMask: Expected };
      expect(sha256(masks[name]!.data)).toBe(categoryMask.valuesSha256);
    }
  });

  it("reads an RGB mask of a VOC tree by the VOC colours", async () => {
    const { indices } = expected["folders/voc/SegmentationClass/2007_000001.png"] as unknown as { indices: number[][] };
    const classes = defineClasses(Array.from({ length: 30 }, (_, index) => `c${index}`));
    const images = pictures({ "2007_000001.jpg": [indices[0]!.length, indices.length] });
    const classNames = classes.names;
    const plan = importMasks(classes, (dataset) =>
      dataset.voc(at("folders/voc"), { images, classNames, lists: ["train"] }).split({ train: 0.5, validation: 0.5 }),
    );
    // One image cannot be divided.
    await expect(plan).rejects.toMatchObject({ code: "dataset.empty" });
    const [image] = await collect(vocImporter(classes, at("folders/voc"), { images, classNames }));
    const { mask } = await image!.readMask(undefined);
    expect(Array.from(mask.data)).toEqual(indices.flat());
  });

  it("reads Cityscapes instance ids into their labels", async () => {
    const classes = defineClasses(cityscapesLabels.map(({ name }) => name));
    for (const image of await collect(cityscapesImporter(classes, at("folders/cityscapes"), {}))) {
      const { mask } = await image.readMask(undefined);
      const name = path.relative(tools, image.maskUri).replaceAll("\\", "/");
      const { labelIds } = expected[name] as unknown as { labelIds: number[][] };
      expect(Array.from(mask.data)).toEqual(labelIds.flat());
    }
  });

  // 0 background, 1 cat, 2 dog, as in expected.json.
  const pets = defineClasses(["background", "cat", "dog"]);

  it("draws a brush of Label Studio as the Ground Truth mask that it was made from", async () => {
    const { maskFile, index } = expected["label-studio/4.brush.json"] as unknown as { maskFile: string; index: number };
    const truth = decodeMask(readFileSync(path.join(fixtures, maskFile))).data.map((value) =>
      value === index ? 2 : 0,
    );
    const source = { annotations: at("label-studio/4.brush.json"), images: at("label-studio") };
    const [image] = await collect(labelStudioImporter(pets, source));
    expect(sha256((await image!.readMask(undefined)).mask.data)).toBe(sha256(truth));
  });

  it("reads a real polygon export of Label Studio", async () => {
    const classes = defineClasses(["background", "Airplane", "Car"]);
    const source = {
      annotations: at("label-studio/polygons.json"),
      images: at("label-studio"),
      otherLabels: "Car" as const,
    };
    const images = await collect(labelStudioImporter(classes, source));
    expect(images.map(({ stem }) => stem)).toEqual(["e97d4735-000000000025"]);
    const { mask } = await images[0]!.readMask(undefined);
    expect([mask.width, mask.height]).toEqual([640, 426]);
    // The polygon's area by the shoelace formula, for want of a decoded mask.
    const [task] = read("label-studio/polygons.json") as {
      annotations: { result: { value: { points: [number, number][] } }[] }[];
    }[];
    const area = task!.annotations[0]!.result.reduce(
      (sum, { value: { points } }) => sum + shoelace(points) * 6.4 * 4.26,
      0,
    );
    expect(mask.counts().Airplane + mask.counts().Car).toBeGreaterThan(area * 0.98);
    expect(mask.counts().Airplane + mask.counts().Car).toBeLessThan(area * 1.02);
  });

  it("draws masks of CVAT, large and from its documentation", async () => {
    const { maskFile, index } = expected["cvat/dog2.xml"] as unknown as { maskFile: string; index: number };
    const truth = decodeMask(readFileSync(path.join(fixtures, maskFile))).data.map((value) =>
      value === index ? 2 : 0,
    );
    const [dog] = await collect(cvatImporter(pets, { annotations: at("cvat/dog2.xml") }));
    expect(sha256((await dog!.readMask(undefined)).mask.data)).toBe(sha256(truth));

    const { box, rows } = expected["cvat/doc-mask.xml"] as unknown as { box: number[]; rows: string[] };
    const [car] = await collect(
      cvatImporter(defineClasses(["background", "car"]), { annotations: at("cvat/doc-mask.xml") }),
    );
    const { mask } = await car!.readMask(undefined);
    const found = rows.map((row, y) => Array.from(row, (_, x) => mask.at(box[0]! + x, box[1]! + y)).join(""));
    expect(found).toEqual(rows);
    expect(mask.counts().car).toBe(149);
  });

  it("draws LabelMe polygons as LabelMe's own converter did", async () => {
    const names = readFileSync(at("labelme/class_names.txt"), "utf8").trim().split("\n");
    const classes = defineClasses(names);
    const images = await collect(labelMeImporter(classes, at("labelme"), {}));
    expect(images.map(({ stem }) => stem)).toEqual(["2011_000003", "2011_000006"]);
    for (const image of images) {
      const { mask } = await image.readMask(undefined);
      const truth = decodeMask(readFileSync(at(`labelme/SegmentationClass/${image.stem}.png`)));
      for (const value of new Set(truth.data))
        expect(overlapOf(mask.data, truth.data, value)).toBeGreaterThanOrEqual(0.98);
    }
  });

  it.each(["cat2", "dog2", "cat3", "dog1"])("draws the Supervisely bitmaps of %s", async (name) => {
    const images = await collect(superviselyImporter(pets, at("supervisely"), {}));
    const image = images.find(({ stem }) => stem === `ds/${name}`)!;
    expect(path.basename(image.imageUri)).toBe(`${name}.jpg`);
    const { mask } = await image.readMask(undefined);
    expect(sha256(mask.data)).toBe(expected[`supervisely/ds/ann/${name}.jpg.json`]!.valuesSha256);
  });

  it.each([
    ["dog1", 782, 529],
    ["cat2", 1100, 732],
    ["dog2", 640, 480],
    ["cat3", 700, 933],
  ] as const)("draws the Labelbox mask pictures of %s", async (name, width, height) => {
    const images = pictures({ [`${name}.jpg`]: [width, height] });
    const source = { annotations: at("labelbox/export.json"), images, masks: at("labelbox/bitmasks") };
    const found = await collect(labelboxImporter(pets, { ...source, missingMasks: "leftOut" }));
    const { mask, findings } = await found.find(({ stem }) => stem === name)!.readMask(undefined);
    expect(sha256(mask.data)).toBe(expected[`labelbox/${name}`]!.valuesSha256);
    expect(findings).toHaveLength(name === "dog1" ? 1 : 0);
    if (name !== "dog1") return;
    const strict = await collect(labelboxImporter(pets, source));
    await expect(strict.find(({ stem }) => stem === name)!.readMask(undefined)).rejects.toMatchObject({
      code: "import.file",
    });
  });
});

/** What an importer finds, without a dataset. */
async function collect<Name extends string>(importer: Importer<Name>): Promise<readonly ImportedImage<Name>[]> {
  return importer.collect({
    store: withLocalFiles(memoryStore()),
    signal: undefined,
    problem(error) {
      throw error;
    },
    leftOut: () => undefined,
  });
}

/** Intersection over union of one value. */
function overlapOf(a: Uint8Array, b: Uint8Array, value: number): number {
  let both = 0;
  let either = 0;
  for (let pixel = 0; pixel < a.length; pixel++) {
    const [inA, inB] = [a[pixel] === value, b[pixel] === value];
    if (inA && inB) both++;
    if (inA || inB) either++;
  }
  return both / either;
}

function shoelace(points: readonly (readonly [number, number])[]): number {
  const sum = points.reduce((total, [x, y], at) => {
    const [nextX, nextY] = points[(at + 1) % points.length]!;
    return total + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum) / 2;
}
