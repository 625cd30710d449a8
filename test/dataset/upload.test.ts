import { describe, expect, it } from "vitest";
import { datasetBuilder } from "../../src/dataset/builder.js";
import type { Progress } from "../../src/core/progress.js";
import type { DatasetBuilder } from "../../src/dataset/builder.js";
import { openDataset } from "../../src/dataset/open-dataset.js";
import { defineClasses } from "../../src/mask/classes.js";
import { decodeMask } from "../../src/mask/decode-mask.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { type MemoryStore, memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle"]);
type Names = "background" | "turtle";

const image = (width = 2, height = 2): Uint8Array => jpegBytes({ width, height });
const gray = (samples: readonly number[], width = 2, height = 2): Uint8Array =>
  pngBytes({ width, height, colorType: 0, samples });

/** `count` images of 2 x 2 with a mask each, two pixels of turtle. */
function pairs(count: number): Record<string, Uint8Array> {
  const objects: Record<string, Uint8Array> = {};
  for (let at = 0; at < count; at++) {
    objects[`s3://bucket/images/img${at}.jpg`] = image();
    objects[`s3://bucket/masks/img${at}.png`] = gray([0, 1, at % 2, 1]);
  }
  return objects;
}

function start(store: MemoryStore): DatasetBuilder<Names, never> {
  const context = { store, workspace: () => "s3://work/run-1/" };
  return datasetBuilder(context, classes).pairs({ images: "s3://bucket/images", masks: "s3://bucket/masks/" });
}

const written = (store: MemoryStore): string[] =>
  [...store.objects.keys()].filter((uri) => uri.startsWith("s3://work/")).sort();
const writes = (store: MemoryStore): string[] =>
  store.calls.filter(({ verb }) => verb === "write" || verb === "copy").map(({ uri }) => uri);

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("a complete upload", () => {
  it("lays the channels out as training reads them", async () => {
    const store = memoryStore(pairs(5));
    const dataset = await start(store).split({ train: 0.6, validation: 0.4, seed: 7 }).upload();
    expect(dataset.channels).toEqual({
      train: "s3://work/run-1/dataset/train/",
      train_annotation: "s3://work/run-1/dataset/train_annotation/",
      validation: "s3://work/run-1/dataset/validation/",
      validation_annotation: "s3://work/run-1/dataset/validation_annotation/",
    });
    expect(dataset.counts).toEqual({ train: 3, validation: 2 });
    const names = written(store).map((uri) => uri.replace("s3://work/run-1/dataset/", ""));
    expect(names).toHaveLength(11);
    for (const half of ["train", "validation"]) {
      const images = names.filter((name) => name.startsWith(`${half}/`));
      const masks = names.filter((name) => name.startsWith(`${half}_annotation/`));
      // NAME.jpg pairs with NAME.png.
      expect(masks).toEqual(images.map((name) => name.replace("/", "_annotation/").replace(".jpg", ".png")));
    }
  });

  it("copies images inside the store and reads only their first kilobytes", async () => {
    const store = memoryStore(pairs(2));
    await start(store).upload();
    const reads = store.calls.filter(({ verb, uri }) => (verb === "read" || verb === "stream") && uri.endsWith(".jpg"));
    expect(reads).toHaveLength(2);
    for (const { bytes } of reads) expect(bytes).toBeLessThanOrEqual(16 * 1024);
    expect(store.calls.filter(({ verb, uri }) => verb === "write" && uri.endsWith(".jpg"))).toEqual([]);
  });

  it("writes the receipt last", async () => {
    const store = memoryStore(pairs(3));
    await start(store).upload();
    expect(writes(store).at(-1)).toBe("s3://work/run-1/dataset/dataset.json");
  });

  it("hands out images with their masks, again and again", async () => {
    const store = memoryStore(pairs(4));
    const dataset = await start(store)
      .split({ validation: ["img2"] })
      .upload();
    for (let round = 0; round < 2; round++) {
      const [sample, ...others] = await all(dataset.validation);
      expect(others).toEqual([]);
      expect(sample?.name).toBe("img2.jpg");
      expect(await sample?.image()).toEqual(Uint8Array.from(image()));
      const mask = await sample?.mask();
      expect([...(mask?.data ?? [])]).toEqual([0, 1, 0, 1]);
      expect(mask?.share("turtle")).toBe(0.5);
    }
    expect((await all(dataset.train)).map(({ name }) => name)).toEqual(["img0.jpg", "img1.jpg", "img3.jpg"]);
  });

  it("reads no more of an image or mask than a limit", async () => {
    const store = memoryStore(pairs(2));
    const [sample] = await all((await start(store).upload()).train);
    store.calls.length = 0;
    await sample?.image();
    await sample?.mask();
    expect(store.calls.map(({ verb, bytes }) => [verb, bytes])).toEqual(Array(2).fill(["read", 256 * 1024 ** 2 + 1]));
  });

  it("counts classes in both halves", async () => {
    // Masks by hand: 0 1 0 1, 0 1 1 1, 0 1 0 1.
    const { balance } = await start(memoryStore(pairs(3)))
      .split({ validation: ["img2.jpg"] })
      .upload();
    expect(balance.train).toEqual({
      background: { pixels: 3, share: 0.375, images: 2 },
      turtle: { pixels: 5, share: 0.625, images: 2 },
    });
    expect(balance.validation.turtle).toEqual({ pixels: 2, share: 0.5, images: 1 });
  });

  it("gives equal bytes for equal inputs, in whatever order they are listed", async () => {
    const one = memoryStore(pairs(6));
    const other = memoryStore(Object.fromEntries(Object.entries(pairs(6)).reverse()));
    await start(one).upload();
    await start(other).upload();
    expect(written(one)).toEqual(written(other));
    for (const uri of written(one)) expect(one.objects.get(uri)).toEqual(other.objects.get(uri));
  });

  it("writes masks as 8-bit palette PNGs whose index is the class, 255 kept as ignored", async () => {
    const store = memoryStore({
      ...pairs(1),
      "s3://bucket/images/z.jpg": image(),
      "s3://bucket/masks/z.png": gray([0, 1, 255, 1]),
    });
    await start(store)
      .split({ validation: ["z"] })
      .upload();
    const png = store.objects.get("s3://work/run-1/dataset/validation_annotation/z.png") ?? new Uint8Array();
    // IHDR (PNG specification, 11.2.2): bit depth is byte 24, colour type byte 25 of the file.
    expect([png[24], png[25]]).toEqual([8, 3]);
    expect([...decodeMask(png).data]).toEqual([0, 1, 255, 1]);
  });

  it("is opened again by its address", async () => {
    const store = memoryStore(pairs(4));
    const made = await start(store).upload();
    const opened = await openDataset(store, "s3://work/run-1/dataset", classes);
    expect(opened.counts).toEqual(made.counts);
    expect(opened.balance).toEqual(made.balance);
    expect(opened.channels).toEqual(made.channels);
    expect((await all(opened.train)).map(({ name }) => name)).toEqual((await all(made.train)).map(({ name }) => name));
  });

  it("reports progress of both passes", async () => {
    const reports: string[] = [];
    await start(memoryStore(pairs(2))).upload({
      progress: ({ task, done, total }) => reports.push(`${task} ${done}/${total ?? "?"}`),
    });
    expect(reports).toEqual(["check dataset 1/2", "check dataset 2/2", "upload dataset 1/2", "upload dataset 2/2"]);
  });
});

describe("an upload run again", () => {
  it("does nothing when it was complete", async () => {
    const store = memoryStore(pairs(4));
    await start(store).upload();
    store.calls.length = 0;
    const dataset = await start(store).upload();
    expect(writes(store)).toEqual([]);
    expect(dataset.counts).toEqual({ train: 3, validation: 1 });
  });

  it("does nothing when it was complete, although the store's tags are no MD5", async () => {
    // As in a bucket that a key of KMS encrypts: each copy has a tag of its own.
    const plain = memoryStore(pairs(4));
    const store: MemoryStore = {
      ...plain,
      async *list(prefix, options) {
        for await (const object of plain.list(prefix, options))
          yield prefix.startsWith("s3://work/") ? { ...object, etag: `tag of ${object.uri}` } : object;
      },
    };
    await start(store).upload();
    store.calls.length = 0;
    await start(store).upload();
    expect(writes(store)).toEqual([]);
  });

  it("goes on where it was interrupted although the store's tags are no MD5, by the remark beside each object", async () => {
    const plain = memoryStore(pairs(10));
    const store: MemoryStore = {
      ...plain,
      async *list(prefix, options) {
        for await (const object of plain.list(prefix, options))
          yield prefix.startsWith("s3://work/") ? { ...object, etag: `tag of ${object.uri}` } : object;
      },
    };
    // The memory store asks its own `fault`, not that of the copy.
    plain.fault = () => {
      if (writes(plain).length > 12) throw new Error("power cut");
    };
    await expect(start(store).upload()).rejects.toThrow("power cut");
    plain.fault = undefined;
    const before = written(plain).length;
    plain.calls.length = 0;
    await start(store).upload();
    expect(writes(plain)).toHaveLength(21 - before);
    // Somebody else's file of the same size is no such object.
    const uri = written(plain).find((found) => found.endsWith(".jpg")) ?? "";
    plain.objects.delete("s3://work/run-1/dataset/dataset.json");
    await plain.write(uri, new Uint8Array(plain.objects.get(uri)?.length ?? 0));
    plain.calls.length = 0;
    await start(store).upload();
    expect(writes(plain)).toEqual([uri, "s3://work/run-1/dataset/dataset.json"]);
  });

  it("reports bytes as well", async () => {
    const store = memoryStore(pairs(3));
    let last: Progress | undefined;
    await start(store).upload({ progress: (progress) => (last = progress) });
    const sum = written(store)
      .filter((uri) => !uri.endsWith(".json"))
      .reduce((total, uri) => total + (store.objects.get(uri)?.length ?? 0), 0);
    expect(last).toMatchObject({ done: 3, total: 3, bytes: sum, totalBytes: sum });
  });

  it("goes on where it was interrupted, with the same bytes in the end", async () => {
    const whole = memoryStore(pairs(40));
    await start(whole).upload();
    const store = memoryStore(pairs(40));
    const controller = new AbortController();
    const reason = new Error("power cut");
    store.fault = () => {
      if (writes(store).length === 21) controller.abort(reason);
    };
    await expect(start(store).upload({ signal: controller.signal })).rejects.toBe(reason);
    const before = written(store).length;
    expect(before).toBeGreaterThan(0);
    expect(store.objects.has("s3://work/run-1/dataset/dataset.json")).toBe(false);
    expect((await rejectionOf(openDataset(store, "s3://work/run-1/dataset/", classes))).code).toBe("dataset.receipt");

    store.fault = undefined;
    store.calls.length = 0;
    await start(store).upload();
    expect(writes(store)).toHaveLength(81 - before);
    expect(written(store)).toEqual(written(whole));
    for (const uri of written(whole)) expect(store.objects.get(uri)).toEqual(whole.objects.get(uri));
  });

  it("replaces an object that is not as it should be", async () => {
    const store = memoryStore(pairs(2));
    await start(store).upload();
    const mask = "s3://work/run-1/dataset/train_annotation/img0.png";
    const uri = store.objects.has(mask) ? mask : mask.replace("train", "validation");
    store.objects.set(uri, new Uint8Array(10));
    store.calls.length = 0;
    await start(store).upload();
    expect(writes(store)).toEqual([uri]);
  });
});

describe("a folder that is in use", () => {
  it("is not overwritten by another dataset", async () => {
    const store = memoryStore(pairs(4));
    await start(store).upload();
    store.calls.length = 0;
    const error = await rejectionOf(start(store).split({ seed: 1, validation: 0.5 }).upload());
    expect(error).toMatchObject({ code: "dataset.occupied", details: { uri: "s3://work/run-1/dataset/" } });
    expect(writes(store)).toEqual([]);
    await start(store).split({ validation: 0.5 }).to("s3://work/run-2").upload();
    expect(store.objects.has("s3://work/run-2/dataset.json")).toBe(true);
  });

  it("is not mixed with files of somebody else", async () => {
    const store = memoryStore({ ...pairs(2), "s3://work/run-1/dataset/train/stray.jpg": image() });
    const error = await rejectionOf(start(store).upload());
    expect(error).toMatchObject({
      code: "dataset.occupied",
      details: { found: ["s3://work/run-1/dataset/train/stray.jpg"] },
    });
    expect(writes(store)).toEqual([]);
  });

  it("may hold the marks that the S3 console makes for empty folders", async () => {
    const store = memoryStore({ ...pairs(2), "s3://work/run-1/dataset/": "", "s3://work/run-1/dataset/train/": "" });
    expect((await start(store).upload()).counts).toEqual({ train: 1, validation: 1 });
  });
});

describe("opening", () => {
  it("refuses other classes", async () => {
    const store = memoryStore(pairs(2));
    await start(store).upload();
    const other = defineClasses(["background", "cat"]);
    expect((await rejectionOf(openDataset(store, "s3://work/run-1/dataset/", other))).code).toBe("dataset.receipt");
  });

  it.each([
    ["no JSON", "nonsense"],
    ["another document", '{"format":"coco"}'],
    ["a receipt cut off", (text: string) => text.slice(0, text.length / 2)],
    [
      "a file name that leads out of the folder",
      (text: string) => text.replace(/"image": "[^"]+"/, '"image": "../../secret.jpg"'),
    ],
  ])("refuses %s", async (_, change) => {
    const store = memoryStore(pairs(2));
    await start(store).upload();
    const uri = "s3://work/run-1/dataset/dataset.json";
    const text = new TextDecoder().decode(store.objects.get(uri));
    store.objects.set(uri, new TextEncoder().encode(typeof change === "string" ? change : change(text)));
    expect((await rejectionOf(openDataset(store, "s3://work/run-1/dataset/", classes))).code).toBe("dataset.receipt");
  });
});
