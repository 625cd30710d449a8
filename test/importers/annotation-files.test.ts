/**
 * Label Studio, CVAT, LabelMe, Supervisely, Labelbox: small files by the tools' documentation, pixels told by hand. Real
 * exports are in `test/shared/annotation-tools.test.ts`.
 */
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { defineClasses } from "../../src/masks.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { importFolder, importMasks, rows } from "../support/import-folder.js";
import { pngBytes } from "../support/png-bytes.js";
import { zipBytes } from "../support/zip-bytes.js";

const classes = defineClasses(["background", "cat", "dog"]);
const made: { remove(): void }[] = [];
afterAll(() => made.forEach((folder) => folder.remove()));
function tree(files: Readonly<Record<string, unknown>>): string {
  const written = importFolder(files);
  made.push(written);
  return written.folder;
}
const photos = { "1.jpg": [4, 2], "2.jpg": [4, 2] };

describe("Label Studio", () => {
  const size = { original_width: 4, original_height: 2, image_rotation: 0 };
  const polygon = { ...size, type: "polygonlabels", value: { points: [[0, 0], [50, 0], [50, 100], [0, 100]], polygonlabels: ["cat"] } }; // prettier-ignore
  const rectangle = { ...size, type: "rectanglelabels", value: { x: 25, y: 50, width: 50, height: 50, rotation: 0, rectanglelabels: ["dog"] } }; // prettier-ignore
  // 32 values, words of 8 bits, counters of 4, 4, 4 and 8 bits: a run of 32 values, not repeated.
  const alphas = [0, 0, 255, 0, 0, 9, 0, 0].flatMap((alpha) => [1, 2, 3, alpha]);
  const bits = [[32, 32], [7, 5], [3, 4], [3, 4], [3, 4], [7, 4], [0, 1], [3, 2], [31, 8], ...alphas.map((value) => [value, 8])]
    .map(([value, length]) => value!.toString(2).padStart(length!, "0"))
    .join(""); // prettier-ignore
  const rle = Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) =>
    parseInt(bits.slice(8 * at, 8 * at + 8).padEnd(8, "0"), 2),
  );
  const brush = { ...size, type: "brushlabels", value: { format: "rle", rle, brushlabels: ["dog"] } };
  const choice = { type: "choices", value: { choices: ["sharp"] }, from_name: "quality" };
  const task = (image: string, ...result: unknown[]) => ({ data: { image }, annotations: [{ result }] });
  const tasks = [task("/data/upload/7/1.jpg", choice, polygon, rectangle), task("https://host/x/2.jpg?token=1", brush)];

  function source(content: unknown) {
    const folder = tree({ ...photos, "tasks.json": content });
    return { annotations: `${folder}/tasks.json`, images: folder };
  }

  it("draws polygons, rectangles and brushes", async () => {
    const { masks } = await importMasks(classes, (dataset) => dataset.labelStudio(source(tasks)));
    expect(rows(masks["1"]!)).toEqual(["1100", "1220"]);
    expect(rows(masks["2"]!)).toEqual(["0020", "0200"]);
  });

  it("takes the annotation marked as ground truth, else the last one that was not cancelled", async () => {
    const several = {
      data: { image: "1.jpg" },
      annotations: [{ result: [polygon] }, { result: [rectangle] }, { result: [brush], was_cancelled: true }],
    };
    const first = {
      ...several,
      annotations: [{ ...several.annotations[0], ground_truth: true }, several.annotations[1]],
    };
    const last = await importMasks(classes, (dataset) => dataset.labelStudio(source([several, tasks[1]])));
    expect(rows(last.masks["1"]!)).toEqual(["0000", "0220"]);
    const marked = await importMasks(classes, (dataset) => dataset.labelStudio(source([first, tasks[1]])));
    expect(rows(marked.masks["1"]!)).toEqual(["1100", "1100"]);
  });

  it.each([
    ["a line", { ...polygon, type: "keypointlabels", value: { x: 1, y: 1, keypointlabels: ["cat"] } }, "import.shape"],
    ["two labels", { ...polygon, value: { ...polygon.value, polygonlabels: ["cat", "dog"] } }, "import.file"],
    ["a turned image", { ...polygon, image_rotation: 90 }, "import.file"],
    ["huge sizes", { ...polygon, original_width: 1e9, original_height: 1e9 }, "import.file"],
    ["no label", { ...polygon, value: { points: polygon.value.points } }, "import.file"],
  ])("says which result has %s, and leaves the image out when asked", async (_, result, code) => {
    const content = source([task("1.jpg", result), tasks[1], task("1.jpg", polygon)]);
    await expect(importMasks(classes, (dataset) => dataset.labelStudio(content))).rejects.toMatchObject({
      code,
      details: { path: expect.stringContaining("$[0].annotations[0].result[0]") as string },
    });
    const { masks } = await importMasks(classes, (dataset) => dataset.labelStudio({ ...content, onError: "skip" }));
    expect(Object.keys(masks)).toHaveLength(2);
  });

  it("refuses a brush that is cut short", async () => {
    const cut = { ...brush, value: { ...brush.value, rle: rle.slice(0, 20) } };
    const refused = importMasks(classes, (dataset) => dataset.labelStudio(source([tasks[0], task("2.jpg", cut)])));
    await expect(refused).rejects.toThrow("The brush ends at byte 20");
  });
});

describe("CVAT", () => {
  const xml = `\ufeff<?xml version="1.0" encoding="utf-8"?>\r
<annotations><version>1.1</version><meta><job><name>a &amp; b</name></job></meta>
<image id="0" name="x/1.jpg" width="4" height="2">
  <polygon label="cat" points="0.0,0.0;4.0,0.0;4.0,2.0;0.0,2.0" z_order="1"></polygon>
  <mask label="dog" rle="1, 2, 1" left="1" top="0" width="2" height="2" z_order="2"/>
  <box label="dog" xtl="0" ytl="0" xbr="2" ybr="2" z_order="0"></box>
  <tag label="sunny"></tag>
</image>
<image id="1" name="y/1.jpg" width="4" height="2">
  <box label="dog" xtl="1" ytl="0" xbr="2" ybr="2"><attribute name="old">no</attribute></box>
</image>
<image id="2" name="z.jpg" width="4" height="2"></image></annotations>`;
  const files = { "x/1.jpg": [4, 2], "y/1.jpg": [4, 2] };

  it("draws masks, polygons and boxes in the order of the stack", async () => {
    const folder = tree({ ...files, "annotations.xml": xml });
    const { masks, warnings } = await importMasks(classes, (dataset) =>
      dataset.cvat({ annotations: `${folder}/annotations.xml` }),
    );
    // The mask's pixels are (2, 0) and (1, 1).
    expect(rows(masks["x_1"]!)).toEqual(["1121", "1211"]);
    expect(rows(masks["y_1"]!)).toEqual(["0200", "0200"]);
    expect(warnings.join()).toContain("nothing is drawn on it");
  });

  it("reads annotations and images out of a ZIP file", async () => {
    const jpeg = jpegBytes({ width: 4, height: 2 });
    const folder = tree({
      "export.zip": zipBytes({ "annotations.xml": xml, "images/x/1.jpg": jpeg, "images/y/1.jpg": jpeg }),
    });
    const { masks } = await importMasks(classes, (dataset) => dataset.cvat({ annotations: `${folder}/export.zip` }));
    expect(rows(masks["y_1"]!)).toEqual(["0200", "0200"]);
  });

  it.each(["../../annotations.xml", "/annotations.xml", "images/../../x.jpg"])(
    "refuses a ZIP file with the name %s",
    async (name) => {
      const folder = tree({ "export.zip": zipBytes({ "annotations.xml": xml, [name]: "x" }) });
      const refused = importMasks(classes, (dataset) => dataset.cvat({ annotations: `${folder}/export.zip` }));
      await expect(refused).rejects.toMatchObject({ code: "import.path", details: { name } });
    },
  );

  it("refuses a damaged ZIP file", async () => {
    const folder = tree({ "export.zip": zipBytes({ "annotations.xml": xml }).subarray(0, 200) });
    const refused = importMasks(classes, (dataset) => dataset.cvat({ annotations: `${folder}/export.zip` }));
    await expect(refused).rejects.toMatchObject({ code: "import.file" });
  });

  it.each([
    ["cut short", xml.slice(0, 400), undefined, "import.file"],
    ["no annotations", "<html></html>", 1, "import.file"],
    ["of a video", '<annotations><track id="0"></track></annotations>', 1, "import.file"],
    [
      "with a line",
      xml.replace('<tag label="sunny"></tag>', '<polyline points="0,0;1,1" label="cat"/>'),
      7,
      "import.shape",
    ],
    ["with run lengths that do not fit", xml.replace("1, 2, 1", "1, 2, 9"), 5, "import.shape"],
    ["with letters for numbers", xml.replace("4.0,2.0", "4.0,zwei"), 4, "import.file"],
    ["with a name that leads elsewhere", xml.replace("y/1.jpg", "../1.jpg"), undefined, "import.path"],
    [
      "with entities of its own",
      `<!DOCTYPE a [<!ENTITY e "e">]>${xml.slice(41).replace("sunny", "&e;")}`,
      undefined,
      "import.file",
    ],
  ])("refuses a document %s, with its line", async (_, content, line, code) => {
    const folder = tree({ ...files, "annotations.xml": content });
    const source = { annotations: `${folder}/annotations.xml` };
    await expect(importMasks(classes, (dataset) => dataset.cvat(source))).rejects.toMatchObject({
      code,
      ...(line === undefined ? {} : { details: { line } }),
    });
  });
});

describe("LabelMe", () => {
  const shape = (label: string, shape_type: string, points: unknown, more = {}) => ({
    label,
    shape_type,
    points,
    ...more,
  });
  const file = (imagePath: string, ...shapes: unknown[]) => ({
    imagePath,
    imageWidth: 4,
    imageHeight: 2,
    shapes,
    imageData: null,
  });
  const polygon = shape("cat", "polygon", [[0, 0], [1.9, 0], [1.9, 1.9], [0, 1.9]]); // prettier-ignore

  it("draws polygons, rectangles, circles and masks with Pillow's border pixels", async () => {
    const png = pngBytes({ width: 2, height: 1, colorType: 0, samples: [0, 255] });
    const mask = shape("dog", "mask", [[2, 0], [3, 0]], { mask: Buffer.from(png).toString("base64") }); // prettier-ignore
    const folder = tree({
      "a/1.jpg": [4, 2],
      "b/1.jpg": [4, 2],
      "a/1.json": file("..\\photos\\1.jpg", polygon, shape("__ignore__", "rectangle", [[2, 1], [3, 1]]), mask), // prettier-ignore
      "b/1.json": file("1.jpg", shape("dog", "circle", [[1, 0], [2, 0]])), // prettier-ignore
    });
    const { masks } = await importMasks(classes, (dataset) => dataset.labelMe(folder));
    expect(rows(masks["a_1"]!)).toEqual(["1102", "11.."]);
    expect(rows(masks["b_1"]!)).toEqual(["2220", "0200"]);
  });

  it.each([
    ["a line", file("3.jpg", shape("cat", "line", [[0, 0], [1, 1]])), "shapes[0]"], // prettier-ignore
    ["two points", file("3.jpg", shape("cat", "polygon", [[0, 0], [1, 1]])), "shapes[0]"], // prettier-ignore
    ["no label", file("3.jpg", { ...polygon, label: "" }), "shapes[0].label"],
    ["no shapes", file("3.jpg"), "nothing is drawn"],
  ])("refuses a file with %s", async (_, content, where) => {
    const folder = tree({
      ...photos,
      "3.jpg": [4, 2],
      "1.json": file("1.jpg", polygon),
      "2.json": file("2.jpg", polygon),
      "3.json": content,
    });
    await expect(importMasks(classes, (dataset) => dataset.labelMe(folder))).rejects.toThrow(where);
    const { masks } = await importMasks(classes, (dataset) => dataset.labelMe(folder, { onError: "skip" }));
    expect(Object.keys(masks).sort()).toEqual(["1", "2"]);
  });

  it("tells the line of a file that is cut short", async () => {
    const folder = tree({ "1.json": '{\n "imagePath": "1.jpg",\n "shapes"' });
    await expect(importMasks(classes, (dataset) => dataset.labelMe(folder))).rejects.toMatchObject({
      code: "import.file",
      details: { line: 3 },
    });
  });
});

describe("Supervisely", () => {
  const bitmap = (png: Uint8Array) => deflateSync(png).toString("base64");
  const png = pngBytes({
    width: 2,
    height: 2,
    colorType: 6,
    samples: [0, 0, 0, 255, 9, 9, 9, 0, 9, 9, 9, 0, 9, 9, 9, 9],
  });
  const file = (...objects: unknown[]) => ({ size: { width: 4, height: 4 }, objects });
  const object = (geometryType: string, more: object) => ({ geometryType, classTitle: "cat", ...more });

  it("draws bitmaps where they are opaque, rectangles, and polygons with holes", async () => {
    const folder = tree({
      "meta.json": {},
      "d/img/1.jpg": [4, 4],
      "d/img/2.jpg": [4, 4],
      "d/ann/1.jpg.json": file(object("bitmap", { bitmap: { origin: [1, 2], data: bitmap(png) } }), object("rectangle", { classTitle: "dog", points: { exterior: [[3, 1], [2, 0]], interior: [] } })), // prettier-ignore
      "d/ann/2.jpg.json": file(object("polygon", { points: { exterior: [[0, 0], [3, 0], [3, 3], [0, 3]], interior: [[[1, 1], [2, 1], [2, 2], [1, 2]]] } })), // prettier-ignore
    });
    const { masks } = await importMasks(classes, (dataset) => dataset.supervisely(folder));
    expect(rows(masks["d_1"]!)).toEqual(["0022", "0022", "0100", "0010"]);
    expect(rows(masks["d_2"]!)).toEqual(["1111", "1001", "1001", "1111"]);
  });

  it.each([
    ["a bitmap that is no zlib data", object("bitmap", { bitmap: { origin: [0, 0], data: "AAAA" } })],
    [
      "a bitmap that unpacks without end",
      object("bitmap", { bitmap: { origin: [0, 0], data: bitmap(Buffer.alloc(80 * 1024 ** 2)) } }),
    ],
    ["a point", object("point", { points: { exterior: [[0, 0]], interior: [] } })],
  ])("refuses %s", async (_, content) => {
    const folder = tree({
      "d/img/1.jpg": [4, 4],
      "d/img/2.jpg": [4, 4],
      "d/ann/1.jpg.json": file(content),
      "d/ann/2.jpg.json": file(),
    });
    await expect(importMasks(classes, (dataset) => dataset.supervisely(folder))).rejects.toThrow("$.objects[0]");
  });
});

describe("Labelbox", () => {
  const polygon = { feature_id: "f1", name: "cat", polygon: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }] }; // prettier-ignore
  const mask = { feature_id: "f2", name: "dog", mask: { url: "https://host/f2" } };
  const row = (external_id: string, ...objects: unknown[]) => ({
    data_row: { id: "r", external_id },
    media_attributes: { width: 4, height: 2 },
    projects: { p: { labels: [{ annotations: { objects } }] } },
  });
  const lines = (...list: unknown[]): string =>
    list.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join("\n");
  // An opaque picture: black is outside.
  const png = pngBytes({
    width: 4,
    height: 2,
    colorType: 6,
    samples: [0, 0, 0, 0, 0, 0, 0, 1].flatMap((value) => [value * 255, value * 255, value * 255, 255]),
  });

  it("reads lines of version 2, with mask pictures from a folder", async () => {
    const folder = tree({
      ...photos,
      "masks/f2.png": png,
      "export.ndjson": lines(row("1.jpg", polygon, mask), row("2.jpg", polygon), row("3.jpg")),
    });
    const source = { annotations: `${folder}/export.ndjson`, images: folder, masks: `${folder}/masks` };
    const { masks } = await importMasks(classes, (dataset) => dataset.labelbox(source));
    expect(rows(masks["1"]!)).toEqual(["1100", "1102"]);
    expect(rows(masks["2"]!)).toEqual(["1100", "1100"]);
  });

  it("goes on behind a line that is no JSON when asked", async () => {
    const folder = tree({
      ...photos,
      "export.ndjson": lines(row("1.jpg", polygon), '{"data_row": ', row("2.jpg", polygon)),
    });
    const source = { annotations: `${folder}/export.ndjson`, images: folder };
    await expect(importMasks(classes, (dataset) => dataset.labelbox(source))).rejects.toMatchObject({
      code: "import.file",
      details: { line: 2 },
    });
    const { masks } = await importMasks(classes, (dataset) => dataset.labelbox({ ...source, onError: "skip" }));
    expect(Object.keys(masks)).toHaveLength(2);
  });

  it("says that mask pictures need a folder, and which one is not in it", async () => {
    const folder = tree({ ...photos, "export.ndjson": lines(row("1.jpg", mask), row("2.jpg", polygon)) });
    const source = { annotations: `${folder}/export.ndjson`, images: folder };
    await expect(importMasks(classes, (dataset) => dataset.labelbox(source))).rejects.toThrow('the option "masks"');
    await expect(importMasks(classes, (dataset) => dataset.labelbox({ ...source, masks: folder }))).rejects.toThrow(
      "f2.png",
    );
  });
});

it("pairs folders of this machine too", async () => {
  const gray = pngBytes({ width: 4, height: 2, colorType: 0, samples: [0, 0, 1, 1, 2, 2, 255, 255] });
  const folder = tree({
    "photos/a b/1.jpg": [4, 2],
    "photos/2.jpg": [4, 2],
    "masks/a b/1.png": gray,
    "masks/2.png": gray,
  });
  const { masks } = await importMasks(classes, (dataset) =>
    dataset.pairs({ images: `${folder}/photos`, masks: `${folder}/masks` }),
  );
  expect(rows(masks["2"]!)).toEqual(["0011", "22.."]);
});
