import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { datasetBuilder } from "../../src/dataset/builder.js";
import { type ShareSplit, checkSplit, splitImages } from "../../src/dataset/split.js";
import { defineClasses } from "../../src/mask/classes.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";
import { refusalOf } from "../support/refusal-of.js";

const images = (count: number, scenes = 7) =>
  Array.from({ length: count }, (_, at) => ({
    name: `img${at}`,
    imageUri: `s3://b/scene-${at % scenes}/img${at}.jpg`,
  }));

describe("a split by group", () => {
  it("keeps every group in one half, near the shares, whatever the order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 2, max: 30 }),
        fc.integer(),
        (count, scenes, seed) => {
          fc.pre(count >= scenes);
          const all = images(count, scenes);
          const options: ShareSplit = { train: 0.7, validation: 0.3, seed, groupBy: /scene-\d+/g };
          const halves = splitImages(all, options);
          const of = new Map<string, string | undefined>();
          for (const [at, { imageUri }] of all.entries()) {
            const scene = /scene-\d+/.exec(imageUri)![0];
            expect(of.get(scene) ?? halves[at]).toBe(halves[at]);
            of.set(scene, halves[at]);
          }
          const validating = halves.filter((half) => half === "validation").length;
          // No further off than the largest group.
          expect(Math.abs(validating - 0.3 * count)).toBeLessThanOrEqual(Math.ceil(count / scenes));
          const reversed = splitImages([...all].reverse(), options);
          expect(reversed.reverse()).toEqual(halves);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes functions as well as patterns, and images that no pattern matches alone", () => {
    const all = images(20, 4);
    const pattern = splitImages(all, { groupBy: /scene-(\d)/ });
    expect(splitImages(all, { groupBy: (uri) => uri.slice(uri.indexOf("scene-") + 6, uri.lastIndexOf("/")) })).toEqual(
      pattern,
    );
    expect(splitImages(all, { groupBy: /never/ }).filter((half) => half === "validation")).toHaveLength(4);
    expect(refusalOf(() => checkSplit({ groupBy: "x" as unknown as RegExp })).code).toBe("input.invalid");
  });

  it("says so when all images are one group", () => {
    expect(refusalOf(() => splitImages(images(9), { groupBy: () => "same" })).code).toBe("dataset.empty");
  });
});

describe("a stratified split", () => {
  it("gives each class its share of both halves, rare ones too", () => {
    // Class 1 in every image, class 2 in 10 of 100, class 3 in two.
    const all = images(100).map((image, at) => ({
      ...image,
      classes: [1, ...(at % 10 === 3 ? [2] : []), ...(at === 17 || at === 64 ? [3] : [])],
    }));
    for (const seed of [0, 1, 2, 3, 4]) {
      const halves = splitImages(all, { train: 0.8, validation: 0.2, seed, stratified: true });
      const validating = (index: number): number =>
        all.filter(({ classes }, at) => halves[at] === "validation" && classes.includes(index)).length;
      expect(validating(1)).toBe(20);
      expect(validating(2)).toBe(2);
      // 0.4 of two is none or one; training has the more.
      expect(validating(3)).toBeLessThanOrEqual(1);
    }
    const even = splitImages(all, { train: 0.5, validation: 0.5, stratified: true });
    expect([17, 64].map((at) => even[at]).sort()).toEqual(["train", "validation"]);
  });

  it("reads classes from the masks, with groups kept whole", async () => {
    const store = memoryStore();
    for (let at = 0; at < 20; at++) {
      const name = `scene${Math.floor(at / 2)}-${at}`;
      store.objects.set(`s3://bucket/i/${name}.jpg`, jpegBytes({ width: 2, height: 1 }));
      // Scenes 4 and 5 alone have the rare class.
      const samples = [0, at >= 8 && at < 12 ? 2 : 1];
      store.objects.set(`s3://bucket/m/${name}.png`, pngBytes({ width: 2, height: 1, colorType: 0, samples }));
    }
    const classes = defineClasses(["background", "common", "rare"]);
    const plan = await datasetBuilder({ store, workspace: () => "s3://work/" }, classes)
      .pairs({ images: "s3://bucket/i/", masks: "s3://bucket/m/" })
      .split({ train: 0.5, validation: 0.5, stratified: true, groupBy: /scene\d+/ })
      .plan();
    expect(plan.counts).toEqual({ train: 10, validation: 10 });
    expect([plan.balance.train.rare.images, plan.balance.validation.rare.images]).toEqual([2, 2]);
    expect(plan.warnings).toEqual([]);
  });
});
