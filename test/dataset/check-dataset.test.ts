import { describe, expect, it } from "vitest";
import { datasetBuilder } from "../../src/dataset/builder.js";
import type { Dataset } from "../../src/dataset/dataset.js";
import { defineClasses } from "../../src/mask/classes.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { type MemoryStore, memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle"]);
type Names = "background" | "turtle";
const root = "s3://work/run-1/dataset/";
const gray = (samples: readonly number[], width = 2): Uint8Array =>
  pngBytes({ width, height: samples.length / width, colorType: 0, samples });

/** Six images, all different, each with a turtle; `img0` and `img1` validate. */
async function made(): Promise<{ store: MemoryStore; dataset: Dataset<Names> }> {
  const store = memoryStore();
  for (let at = 0; at < 6; at++) {
    store.objects.set(`s3://bucket/i/img${at}.jpg`, jpegBytes({ width: 2, height: 2, padding: at + 1 }));
    store.objects.set(`s3://bucket/m/img${at}.png`, gray([0, 1, at % 2, 1]));
  }
  const builder = datasetBuilder({ store, workspace: () => "s3://work/run-1/" }, classes);
  const dataset = await builder
    .pairs({ images: "s3://bucket/i/", masks: "s3://bucket/m/" })
    .split({ validation: ["img0", "img1"] })
    .upload();
  return { store, dataset };
}

const found = async (dataset: Dataset<Names>): Promise<(readonly [string, number])[]> =>
  (await dataset.check()).findings.map(({ code, count }) => [code, count] as const);

describe("a check of a dataset", () => {
  it("finds nothing in one that was just made, and writes nothing", async () => {
    const { store, dataset } = await made();
    store.calls.length = 0;
    expect(await dataset.check()).toEqual({ ok: true, findings: [] });
    expect(store.calls.filter(({ verb }) => verb === "write" || verb === "copy")).toEqual([]);
  });

  it("finds files that are gone, strange or damaged", async () => {
    const { store, dataset } = await made();
    store.objects.delete(`${root}train/img2.jpg`);
    store.objects.set(`${root}train/img3.jpg`, Buffer.from("GIF89a......"));
    store.objects.set(`${root}train_annotation/img4.png`, new Uint8Array(30));
    store.objects.set(`${root}validation_annotation/notes.txt`, new Uint8Array(3));
    store.objects.set(`${root}validation/`, new Uint8Array());
    const check = await dataset.check();
    expect(check.ok).toBe(false);
    expect(check.findings.map(({ code, severity, examples }) => [code, severity, examples.length])).toEqual([
      ["missing-file", "error", 1],
      ["image-unreadable", "error", 1],
      ["mask-unreadable", "error", 1],
      ["stray-file", "warning", 1],
    ]);
    expect(check.findings[0]?.examples).toEqual([`${root}train/img2.jpg`]);
  });

  it("finds masks of other sizes, modes and values", async () => {
    const { store, dataset } = await made();
    store.objects.set(`${root}train_annotation/img2.png`, gray([0, 1, 1]).slice());
    store.objects.set(`${root}train_annotation/img2.png`, gray([0, 1, 1, 1, 0, 0]));
    store.objects.set(`${root}train_annotation/img3.png`, gray([0, 1, 7, 1]));
    const colors = classes.colors.flatMap((color) => [...color]);
    const rgb = pngBytes({ width: 2, height: 2, colorType: 2, samples: [...colors, ...colors] });
    store.objects.set(`${root}train_annotation/img4.png`, rgb);
    expect(await found(dataset)).toEqual([
      ["mask-mode", 1],
      ["mask-value", 1],
      ["size-differs", 1],
    ]);
  });

  it("finds one image in both halves, and classes that are not learned or not measured", async () => {
    const { store, dataset } = await made();
    store.objects.set(`${root}validation/img0.jpg`, store.objects.get(`${root}train/img2.jpg`) ?? new Uint8Array());
    store.objects.set(`${root}train/img4.jpg`, store.objects.get(`${root}train/img5.jpg`) ?? new Uint8Array());
    for (const name of ["img0", "img1"])
      store.objects.set(`${root}validation_annotation/${name}.png`, gray([0, 0, 0, 0]));
    expect(await found(dataset)).toEqual([
      ["image-in-both", 1],
      ["class-not-validated", 1],
      ["image-twice", 1],
    ]);
    for (let at = 2; at < 6; at++) store.objects.set(`${root}train_annotation/img${at}.png`, gray([0, 0, 0, 0]));
    expect((await found(dataset)).map(([code]) => code)).toContain("class-never");
  });

  it("passes on trouble with the store", async () => {
    const { store, dataset } = await made();
    store.fault = () => {
      throw new RangeError("no network");
    };
    await expect(dataset.check()).rejects.toThrow("no network");
    const reason = new Error("enough");
    await expect(dataset.check({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("a preview", () => {
  it("shows images of both halves under their masks, and runs nothing", async () => {
    const { dataset } = await made();
    const html = await dataset.preview({ title: "<i>Turtles</i>" });
    expect(html.match(/<figure>/g)).toHaveLength(6);
    expect(html.match(/data:image\/jpeg/g)).toHaveLength(6);
    expect(html.match(/<script|<i>Turtles|https?:|url\(/gi)).toBeNull();
    expect(html).toContain("train: 4 images");
    // By hand: img0 and img1 have 2 and 3 turtle pixels of 4.
    expect(html).toContain("<bdi>turtle</bdi> 75.0%");
  });

  it("shows as many as asked, the same for the same seed, without images beyond the limit", async () => {
    const { dataset } = await made();
    const few = await dataset.preview({ images: 2, seed: 5, maxImageBytes: 0 });
    expect(few.match(/<figure>/g)).toHaveLength(4);
    expect(few).toContain("train: 2 of 4 images");
    expect(few).not.toContain("data:image/jpeg");
    expect(await dataset.preview({ images: 2, seed: 5, maxImageBytes: 0 })).toBe(few);
  });

  it("says what cannot be read", async () => {
    const { store, dataset } = await made();
    store.objects.set(`${root}train_annotation/img4.png`, new Uint8Array(30));
    expect((await rejectionOf(dataset.preview())).code).toBe("codec.png");
  });
});
