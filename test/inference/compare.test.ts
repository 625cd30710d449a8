import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { MaskPredictor } from "../../src/evaluation/sample.js";
import { compare } from "../../src/inference/compare.js";
import { defineClasses } from "../../src/mask/classes.js";
import { createMask } from "../../src/mask/mask-value.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea <turtle>", "crab"]);
type Names = "background" | "sea <turtle>" | "crab";

/** Answers with the masks of a list; the first byte of the image says which. */
function answering(...masks: readonly (readonly number[])[]): MaskPredictor<Names> & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    mask(image) {
      asked.push(image[0]!);
      const data = Uint8Array.from(masks[image[0]!]!);
      return Promise.resolve(createMask(4, data.length / 4, data, classes));
    },
  };
}
const images = [
  { name: "same.jpg", image: Uint8Array.of(0) },
  { name: "other.jpg", image: Uint8Array.of(1) },
];

describe("compare", () => {
  it("counts where two predictors agree", async () => {
    const first = answering([0, 0, 1, 1], [0, 1, 1, 1, 0, 0, 0, 0]);
    const second = answering([0, 0, 1, 1], [0, 0, 1, 1, 0, 0, 2, 0]);
    const report = await compare(first, second, images, { names: ["endpoint", "local"] });
    // By hand: 12 pixels, of which two differ. Turtle: 4 in both, 5 in either; crab: none in both.
    expect(report.pixels).toBe(12);
    expect(report.differingPixels).toBe(2);
    expect(report.pixelAgreement).toBe(10 / 12);
    expect(report.perClass).toEqual({
      background: { iou: 6 / 8, firstPixels: 7, secondPixels: 7 },
      "sea <turtle>": { iou: 4 / 5, firstPixels: 5, secondPixels: 4 },
      crab: { iou: 0, firstPixels: 0, secondPixels: 1 },
    });
    expect(report.meanIoU).toBeCloseTo((6 / 8 + 4 / 5) / 3, 12);
    expect(report.images.map(({ name, pixelAgreement }) => [name, pixelAgreement])).toEqual([
      ["other.jpg", 6 / 8],
      ["same.jpg", 1],
    ]);
    expect(report.worst[0]).toMatchObject({ name: "other.jpg" });
    expect([first.asked, second.asked].map((asked) => [...asked].sort())).toEqual([
      [0, 1],
      [0, 1],
    ]);
    const data = JSON.parse(JSON.stringify(report)) as unknown;
    expect(data).toMatchObject({
      names: ["endpoint", "local"],
      pixelAgreement: 10 / 12,
      differingPixels: 2,
      classes: [{ name: "background" }, { name: "sea <turtle>", iou: 4 / 5 }, { name: "crab", iou: 0 }],
    });
  });

  it("says on its page what is compared, and speaks of no truth", async () => {
    const report = await compare(answering([0, 1, 2, 0]), answering([0, 1, 1, 1]), images.slice(0, 1), {
      names: ["endpoint", "model & <b>"],
    });
    const folder = await mkdtemp(join(tmpdir(), "semseg-compare-"));
    await report.writeHtml(join(folder, "deep", "page.html"));
    const page = await readFile(join(folder, "deep", "page.html"), "utf8");
    await rm(folder, { recursive: true });
    expect(page).toBe(report.toHtml());
    expect(page).toContain("pixel agreement");
    expect(page).toContain("<figcaption>model &amp; &lt;b&gt;");
    expect(page.replaceAll(/<style>.*<\/style>/gs, "")).not.toMatch(
      /pixels right|false alarm|true class|recall|<figcaption>truth/,
    );
    expect(report.toHtml({ title: "Mine" })).toContain("<h1>Mine</h1>");
  });

  it("reads an image once and passes over those that fail", async () => {
    let reads = 0;
    const image = () => Promise.resolve(Uint8Array.of(reads++));
    const failures: string[] = [];
    const report = await compare(
      answering([0, 0, 0, 0]),
      answering([0, 0, 0, 0]),
      [
        { name: "good", image },
        { name: "bad", image: () => Promise.reject(new Error("gone")) },
      ],
      { concurrency: 1, onError: (_, name) => failures.push(name) },
    );
    expect(reads).toBe(1);
    expect(failures).toEqual(["bad"]);
    expect(report.failed).toHaveLength(1);
    expect(report.pixelAgreement).toBe(1);
  });

  it("refuses predictors of other classes, by their names", async () => {
    const others = defineClasses(["background", "sea <turtle>", "whale"]);
    const stranger = { mask: () => Promise.resolve(createMask(4, 1, new Uint8Array(4), others)) };
    // The compiler refuses it as well.
    const second = stranger as unknown as MaskPredictor<Names>;
    const work = compare(answering([0, 0, 0, 0]), second, images.slice(0, 1), { names: ["endpoint", "local"] });
    expect((await rejectionOf(work)).message).toMatch(
      /The classes of endpoint are .*crab.* the classes of local: .*whale/,
    );
  });

  it("refuses masks of two sizes and no images at all", async () => {
    const work = compare(answering([0, 0, 0, 0]), answering([0, 0, 0, 0, 0, 0, 0, 0]), images.slice(0, 1));
    expect(await rejectionOf(work)).toMatchObject({ code: "mask.size", details: { name: "same.jpg" } });
    expect(await rejectionOf(compare(answering(), answering(), []))).toMatchObject({ code: "evaluation.empty" });
  });
});
