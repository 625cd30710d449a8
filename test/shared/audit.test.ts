import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditLabels } from "../../src/audit/audit-labels.js";
import { defineClasses } from "../../src/mask/classes.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { memoryStore } from "../support/memory-store.js";

const folder = join(import.meta.dirname, "../../../shared/fixtures/ground-truth");
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/fixtures/ground-truth is missing, its tests are skipped");
const read = (name: string): Uint8Array => readFileSync(join(folder, name));
const uri = "s3://shared/output.manifest";

interface MaskFacts {
  readonly pixelCountByValue: Record<string, number>;
  readonly alphaPartialPixels: number;
  readonly alphaZeroPixels: number;
  readonly correctPixelCountByValue?: Record<string, number>;
}

/** Audits a real manifest; the masks of its lines are found by their file name, or replaced. */
async function auditOf<Name extends string>(
  manifest: string,
  masks: string,
  names: readonly [Name, ...Name[]],
  replace: Readonly<Record<string, string>> = {},
) {
  const text = readFileSync(join(folder, manifest), "utf8");
  const objects: Record<string, Uint8Array | string> = { [uri]: text };
  for (const [maskUri] of text.matchAll(/s3:\/\/[^"]+\.png/g)) {
    const file = maskUri.slice(maskUri.lastIndexOf("/") + 1).replaceAll(":", "_");
    const path = replace[file] ?? `${masks}/${file}`;
    if (existsSync(join(folder, path))) objects[maskUri] = read(path);
  }
  const store = memoryStore(objects);
  const labels = labelsFromManifest({ store, uri, classes: defineClasses(names) });
  return auditLabels(store, labels, { images: false, pictures: 2 });
}

describe.skipIf(missing)("an audit of real masks (../shared)", () => {
  const facts = missing
    ? {}
    : (JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<string, MaskFacts>);

  it("finds nothing in those of a real job, and counts what Pillow counts", async () => {
    const report = await auditOf("cats-dogs/output.manifest", "cats-dogs/masks", ["background", "cat", "dog"]);
    expect(report.findings).toEqual([]);
    const masks = Object.entries(facts).filter(([name]) => name.startsWith("cats-dogs/masks/"));
    const sum = (value: string): number =>
      masks.reduce((total, [, { pixelCountByValue }]) => total + (pixelCountByValue[value] ?? 0), 0);
    expect([report.balance.background.pixels, report.balance.cat.pixels, report.balance.dog.pixels]).toEqual([
      sum("0"),
      sum("1"),
      sum("2"),
    ]);
  });

  it("finds both forms of the index bug of 2020, and reads their colours", async () => {
    const swapped = "4_2020-10-20T21_34_20.162953";
    const shifted = "2_2020-10-20T21_32_47.198979";
    const report = await auditOf("cats-dogs/output.manifest", "cats-dogs/masks", ["background", "cat", "dog"], {
      [`${swapped}.png`]: `index-defect/${swapped}.swapped.png`,
      [`${shifted}.png`]: `index-defect/${shifted}.shifted.png`,
    });
    expect(report.ok).toBe(false);
    const wrong = facts[`index-defect/${swapped}.swapped.png`]!.pixelCountByValue["1"]!;
    const all = Object.values(facts[`index-defect/${shifted}.shifted.png`]!.pixelCountByValue);
    expect(report.kinds).toMatchObject([
      { kind: "index-mismatch", images: 2, pixels: wrong + all.reduce((one, other) => one + other, 0) },
    ]);
    expect(report.balance.dog.pixels).toBe(
      facts[`index-defect/${swapped}.swapped.png`]!.correctPixelCountByValue!["2"],
    );
    expect(report.toHtml()).toContain("index and colour disagree");
  });

  it("finds the soft edges of masks from a drawing program", async () => {
    // The map has "0" = cracked and no background, so the table's first class is cracked too.
    const report = await auditOf("cookies/train_segmentation.manifest", "cookies/masks", ["background", "cracked"]);
    const drawn = report.findings.filter(({ kind }) => kind === "blended-edges");
    expect(drawn.map(({ maskUri, pixels }) => [maskUri.slice(maskUri.lastIndexOf("/") + 1), pixels])).toEqual(
      ["anomaly-1.png", "anomaly-18.png", "anomaly-2.png", "anomaly-22.png", "anomaly-23.png"]
        .sort((one, other) => Number(/\d+/.exec(one)) - Number(/\d+/.exec(other)))
        .map((file) => [file, facts[`cookies/masks/${file}`]!.alphaPartialPixels]),
    );
  });
});
