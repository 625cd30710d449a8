import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { datasetBuilder } from "../../src/dataset/builder.js";
import { defineClasses } from "../../src/mask/classes.js";
import { memoryStore } from "../support/memory-store.js";

const folder = path.resolve("../shared/fixtures/real-dataset");

interface Facts {
  readonly classes: readonly string[];
  readonly items: readonly {
    readonly name: string;
    readonly suggestedSplit: "train" | "validation";
    readonly width: number;
    readonly height: number;
    readonly pixelCountByIndex: Readonly<Record<string, number>>;
    readonly valuesSha256: string;
    readonly jpegSha256: string;
  }[];
}

// Skipped where the shared folder is missing: ../shared/fixtures/real-dataset.
describe.skipIf(!existsSync(folder))("real photographs", () => {
  const facts = (
    existsSync(folder) ? JSON.parse(readFileSync(path.join(folder, "dataset.json"), "utf8")) : {}
  ) as Readonly<Record<string, Facts>>;

  it.each(["pets", "cookies"])("%s become a dataset with the pixels that their owners counted", async (set) => {
    const { classes: names, items } = facts[set]!;
    const objects: Record<string, Uint8Array> = {};
    for (const file of readdirSync(path.join(folder, set), { recursive: true, encoding: "utf8" }))
      if (/\.(?:jpg|png)$/.test(file))
        objects[`s3://bucket/${file.endsWith(".jpg") ? "images" : "masks"}/${path.basename(file)}`] = readFileSync(
          path.join(folder, set, file),
        );
    const store = memoryStore(objects);
    const classes = defineClasses(names);
    const validation = items.filter(({ suggestedSplit }) => suggestedSplit === "validation").map(({ name }) => name);
    const dataset = await datasetBuilder({ store, workspace: () => "s3://work/" }, classes)
      .pairs({ images: "s3://bucket/images/", masks: "s3://bucket/masks/" })
      .split({ validation })
      .upload();

    expect(dataset.counts).toEqual({ train: items.length - validation.length, validation: validation.length });
    for (const half of ["train", "validation"] as const) {
      const own = items.filter(({ suggestedSplit }) => suggestedSplit === half);
      for (const [index, name] of names.entries()) {
        const pixels = own.reduce((sum, { pixelCountByIndex }) => sum + (pixelCountByIndex[index] ?? 0), 0);
        expect(dataset.balance[half][name]?.pixels).toBe(pixels);
      }
      const byName = new Map(own.map((item) => [`${item.name}.jpg`, item]));
      for await (const sample of dataset[half]) {
        const item = byName.get(sample.name);
        byName.delete(sample.name);
        const mask = await sample.mask();
        expect([mask.width, mask.height]).toEqual([item?.width, item?.height]);
        expect(sha256(mask.data)).toBe(item?.valuesSha256);
        expect(sha256(await sample.image())).toBe(item?.jpegSha256);
      }
      expect([...byName.keys()]).toEqual([]);
    }
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
