import { afterEach, describe, expect, it } from "vitest";
import { type DatasetBuilder, datasetBuilder } from "../../src/dataset/builder.js";
import type { PairFolders } from "../../src/dataset/pair-source.js";
import { defineClasses } from "../../src/mask/classes.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { type MemoryStore, memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle"]);
type Names = "background" | "turtle";
const image = (width = 2, height = 2): Uint8Array => jpegBytes({ width, height });
const gray = (samples: readonly number[], width = 2, height = 2): Uint8Array =>
  pngBytes({ width, height, colorType: 0, samples });

let store: MemoryStore;

function start(
  files: Readonly<Record<string, Uint8Array | string>>,
  folders: Partial<PairFolders<Names>> = {},
): DatasetBuilder<Names, never> {
  store = memoryStore(Object.fromEntries(Object.entries(files).map(([name, body]) => [`s3://bucket/${name}`, body])));
  const context = { store, workspace: () => "s3://work/" };
  return datasetBuilder(context, classes).pairs({
    images: "s3://bucket/images/",
    masks: "s3://bucket/masks/",
    ...folders,
  });
}

const two = {
  "images/a.jpg": image(),
  "images/b.jpg": image(),
  "masks/a.png": gray([0, 1, 1, 1]),
  "masks/b.png": gray([0, 0, 0, 1]),
};

// Whatever a test here provokes, nothing may have been written.
afterEach(() => {
  expect(store.calls.filter(({ verb }) => verb === "write" || verb === "copy")).toEqual([]);
});

describe("pairing", () => {
  it.each([
    ["no images", { "masks/a.png": gray([0, 0, 0, 0]) }, "images"],
    ["no masks", { "images/a.jpg": image() }, "masks"],
    // `images` is a folder here, not a prefix of names.
    ["nothing but a namesake", { "images-old/a.jpg": image(), "masks/a.png": gray([0, 0, 0, 0]) }, "images"],
  ])("refuses %s", async (_, files, channel) => {
    const error = await rejectionOf(start(files).upload());
    expect(error).toMatchObject({ code: "dataset.empty", details: { channel } });
  });

  it("names what has no partner, never pairing by order", async () => {
    const files = { ...two, "images/c.jpg": image(), "masks/d.png": gray([0, 0, 0, 0]) };
    const error = await rejectionOf(start(files).upload());
    expect(error).toMatchObject({
      code: "dataset.unpaired",
      details: { images: ["s3://bucket/images/c.jpg"], masks: ["s3://bucket/masks/d.png"], total: 2 },
    });
    expect(error.message).toContain("s3://bucket/masks/d.png");
  });

  it("refuses two images of one name", async () => {
    const error = await rejectionOf(start({ ...two, "images/a.jpeg": image() }).upload());
    expect(error).toMatchObject({ code: "dataset.duplicate", details: { name: "a" } });
  });

  it("pairs in sub-folders, in one folder and in nested folders", async () => {
    const deep = {
      "images/x/1.jpg": image(),
      "images/y/1.jpg": image(),
      "masks/x/1.png": gray([0, 0, 0, 1]),
      "masks/y/1.png": gray([0, 0, 0, 1]),
    };
    const names = (builder: DatasetBuilder<Names, never>): Promise<string[]> =>
      builder.plan().then(({ images }) => images.map(({ imageUri }) => imageUri.replace(/^.*\//, "")).sort());
    expect(await names(start(deep))).toEqual(["x_1.jpg", "y_1.jpg"]);
    const together = {
      "all/a.jpg": image(),
      "all/a.png": gray([0, 0, 0, 1]),
      "all/b.jpg": image(),
      "all/b.png": gray([0, 0, 0, 1]),
    };
    expect(await names(start(together, { images: "s3://bucket/all/", masks: "s3://bucket/all/" }))).toEqual([
      "a.jpg",
      "b.jpg",
    ]);
    const nested = {
      "all/a.jpg": image(),
      "all/m/a.png": gray([0, 0, 0, 1]),
      "all/b.jpg": image(),
      "all/m/b.png": gray([0, 0, 0, 1]),
    };
    expect(await names(start(nested, { images: "s3://bucket/all/", masks: "s3://bucket/all/m/" }))).toEqual([
      "a.jpg",
      "b.jpg",
    ]);
  });

  it("takes a suffix off the masks' names", async () => {
    const files = {
      "images/a.jpg": image(),
      "images/b.jpg": image(),
      "masks/a_mask.png": gray([0, 0, 0, 1]),
      "masks/b_mask.png": gray([0, 0, 0, 1]),
    };
    expect((await start(files, { maskSuffix: "_mask" }).plan()).images).toHaveLength(2);
    expect((await rejectionOf(start(files).plan())).code).toBe("dataset.unpaired");
  });

  it("leaves other files out with a warning, and folder marks and hidden files without", async () => {
    const files = {
      ...two,
      "images/": "",
      "images/.DS_Store": "x",
      "images/notes.txt": "x",
      "masks/colors.json": "{}",
    };
    const { warnings } = await start(files).plan();
    expect(warnings.filter(({ code }) => code === "skipped").map(({ uri }) => uri)).toEqual([
      "s3://bucket/images/notes.txt",
      "s3://bucket/masks/colors.json",
    ]);
  });
});

describe("names", () => {
  it("become letters, digits, hyphens and underscores, different even without case", async () => {
    const stems = ["sea turtle (1)", "Größe", "A", "a", "x.y", "日本"];
    const files = Object.fromEntries(
      stems.flatMap((name) => [
        [`images/${name}.jpg`, image()],
        [`masks/${name}.png`, gray([0, 0, 1, 1])],
      ]),
    );
    const { images, warnings } = await start(files).plan();
    const names = images.map(({ imageUri }) => imageUri.replace(/^.*\/|\.jpg$/g, ""));
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(stems.length);
    expect(names).toEqual(expect.arrayContaining(["sea_turtle_1_", "Gr_e", "x_y", "_"]));
    for (const { imageUri, maskUri } of images)
      expect(maskUri.replace(/^.*\//, "")).toBe(imageUri.replace(/^.*\//, "").replace(".jpg", ".png"));
    expect(warnings.filter(({ code }) => code === "renamed")).toHaveLength(6);
  });
});

describe("masks", () => {
  it("must have the size of their image", async () => {
    const error = await rejectionOf(start({ ...two, "masks/b.png": gray([0, 1, 1, 0, 1, 1], 3, 2) }).upload());
    expect(error).toMatchObject({
      code: "dataset.mask",
      details: { uri: "s3://bucket/masks/b.png" },
      cause: { code: "mask.size", details: { expected: [2, 2], actual: [3, 2] } },
    });
  });

  it("must hold classes only", async () => {
    const error = await rejectionOf(start({ ...two, "masks/b.png": gray([0, 0, 7, 0]) }).upload());
    expect(error).toMatchObject({
      code: "dataset.mask",
      cause: { code: "mask.index", details: { index: 7, x: 0, y: 1, classes: 2 } },
    });
  });

  it("must be whole PNGs", async () => {
    const error = await rejectionOf(start({ ...two, "masks/a.png": gray([0, 0, 1, 0]).subarray(0, 50) }).upload());
    expect(error).toMatchObject({ code: "dataset.mask", cause: { code: "codec.png" } });
  });

  it("are all checked: the first problem is thrown, the others are told with it", async () => {
    const bad = { "masks/a.png": gray([0, 0, 7, 0]), "masks/b.png": "no picture" };
    const error = await rejectionOf(start({ ...two, ...bad }).upload());
    expect(error).toMatchObject({ code: "dataset.mask", details: { uri: "s3://bucket/masks/a.png" } });
    expect((error.details as { more?: readonly string[] }).more).toEqual([expect.stringContaining("masks/b.png")]);
  });

  it("take their meaning from values, from colours, or as they are", async () => {
    const shares = async (mask: Uint8Array, values?: PairFolders<Names>["values"]): Promise<number[]> => {
      const files = { ...two, "masks/a.png": mask, "masks/b.png": mask };
      const { balance } = await start(files, values === undefined ? {} : { values }).plan();
      return [balance.train.background.pixels, balance.train.turtle.pixels];
    };
    const rgb = (...pixels: readonly (readonly number[])[]): Uint8Array =>
      pngBytes({ width: 2, height: 2, colorType: 2, samples: pixels.flat() });
    const [black, red, cream] = [
      [0, 0, 0],
      [192, 0, 0],
      [224, 224, 192],
    ] as const;
    // The table's own colours: Ground Truth's white and #2ca02c.
    expect(await shares(rgb([255, 255, 255], [44, 160, 44], [44, 160, 44], [44, 160, 44]))).toEqual([1, 3]);
    expect(
      await shares(rgb(black, red, cream, red), { "#000000": "background", "#c00000": "turtle", "#e0e0c0": null }),
    ).toEqual([1, 2]);
    expect(await shares(gray([0, 255, 255, 128]), { 0: "background", 255: "turtle", 128: null })).toEqual([1, 2]);
    const palette = [black, red] as const;
    const indexed = pngBytes({ width: 2, height: 2, colorType: 3, samples: [1, 0, 0, 0], palette });
    expect(await shares(indexed)).toEqual([3, 1]);
    expect(await shares(indexed, { "#000000": "turtle", "#c00000": "background" })).toEqual([1, 3]);
    const unlisted = await rejectionOf(shares(gray([0, 3, 0, 0]), { 0: "background" }));
    expect(unlisted).toMatchObject({
      code: "dataset.mask",
      cause: { code: "mask.index", details: { index: 3, x: 1, y: 0 } },
    });
  });

  it("warn of a class that is nowhere, and of 255 that may have been meant as one", async () => {
    const files = { ...two, "masks/a.png": gray([0, 255, 255, 255]), "masks/b.png": gray([0, 255, 0, 0]) };
    const { warnings } = await start(files).plan();
    expect(warnings.map(({ code }) => code)).toEqual(["class-absent", "class-absent"]);
    expect(warnings[0]?.message).toMatch(/"turtle".*50 % of all pixels are 255/);
  });
});

describe("images", () => {
  it.each([
    ["a PNG", pngBytes({ width: 2, height: 2, colorType: 0, samples: [0, 0, 0, 0] }), /allowPngImages/],
    ["a GIF with the wrong name", Buffer.from("GIF89a\x02\0\x02\0"), /a GIF image/],
    ["an empty file", new Uint8Array(), /empty/],
    ["a JPEG cut off", jpegBytes({ width: 2, height: 2, padding: 1000 }).subarray(0, 500), /damaged JPEG/],
    ["a JPEG without height", jpegBytes({ width: 2, height: 0 }), /height/],
  ])("must not be %s", async (_, bytes, text) => {
    const error = await rejectionOf(start({ ...two, "images/b.jpg": bytes }).upload());
    expect(error).toMatchObject({ code: "dataset.image", details: { uri: "s3://bucket/images/b.jpg" } });
    expect(error.message).toMatch(text);
  });

  it("may be PNG when that is allowed, told by content", async () => {
    const png = pngBytes({ width: 2, height: 2, colorType: 0, samples: [0, 0, 0, 0] });
    const { images, warnings } = await start({ ...two, "images/b.jpg": png })
      .allowPngImages()
      .plan();
    expect(images.map(({ imageUri }) => imageUri.slice(-5)).sort()).toEqual(["a.jpg", "b.png"]);
    expect(warnings.map(({ code }) => code)).toContain("png-image");
  });

  it("may have much before their size", async () => {
    const plan = await start({ ...two, "images/b.jpg": jpegBytes({ width: 2, height: 2, padding: 700_000 }) }).plan();
    expect(plan.images).toHaveLength(2);
    expect(store.calls.filter(({ verb, uri }) => verb === "read" && uri.endsWith("b.jpg"))).toHaveLength(4);
  });

  it("warn of EXIF rotation and of unusual kinds; the mask fits the stored size", async () => {
    const turned = jpegBytes({ width: 3, height: 2, orientation: 6, components: 1 });
    const files = { ...two, "images/b.jpg": turned, "masks/b.png": gray([0, 1, 0, 1, 0, 1], 3, 2) };
    const { warnings } = await start(files).plan();
    expect(warnings.map(({ code }) => code)).toEqual(["exif-orientation", "jpeg-kind"]);
  });
});

describe("steps", () => {
  it("are refused with settings that cannot be right", () => {
    const builder = start(two);
    const codes = [
      () => builder.split({ train: 0.8, validation: 0.3 }),
      () => builder.split({ train: 1 }),
      () => builder.split({ validation: -0.1 }),
      () => builder.split({ seed: NaN }),
      () => builder.to("bucket/x"),
      () => start(two, { values: { 300: "turtle" } }),
      () => start(two, { values: { 1: "turtle", "#000000": "background" } }),
      () => start(two, { values: {} }),
    ].map((step) => refusalOf(step).code);
    expect(codes).toEqual([
      ...Array<string>(4).fill("input.invalid"),
      "s3.uri",
      ...Array<string>(3).fill("input.invalid"),
    ]);
  });

  it("leave the builder they are called on unchanged", async () => {
    const builder = start(two);
    builder.to("s3://elsewhere/");
    expect((await builder.plan()).uri).toBe("s3://work/dataset/");
  });

  it("name a missing source for JavaScript users", async () => {
    start(two);
    const bare = datasetBuilder({ store, workspace: () => "s3://work/" }, classes) as unknown as DatasetBuilder<
      Names,
      never
    >;
    const error = await rejectionOf(bare.upload());
    expect(error).toMatchObject({ code: "builder.incomplete", details: { missing: ["labels(...) or pairs(...)"] } });
    expect(error.message).toBe("The dataset is incomplete: call .labels(...) or .pairs(...) first.");
  });

  it("do not compile without a source", () => {
    start(two);
    const bare = datasetBuilder({ store, workspace: () => "s3://work/" }, classes);
    // @ts-expect-error labels(...) or pairs(...) is still to do
    const upload = (): Promise<unknown> => bare.upload();
    expect(upload).toBeTypeOf("function");
  });
});
