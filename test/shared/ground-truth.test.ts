import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png/decode.js";
import { labelCategoryFile } from "../../src/labeling/label-categories.js";
import { defineClasses } from "../../src/mask/classes.js";
import { encodeMask } from "../../src/mask/encode-mask.js";
import { formatColor } from "../../src/mask/palette.js";
import type { LabeledEntry, ManifestEntry } from "../../src/manifest/entry.js";
import { decodeGroundTruthMask } from "../../src/manifest/ground-truth-mask.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { memoryStore } from "../support/memory-store.js";

const folder = join(import.meta.dirname, "../../../shared/fixtures/ground-truth");
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/fixtures/ground-truth is missing, its tests are skipped");
const read = (name: string): Uint8Array => readFileSync(join(folder, name));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface MaskFacts {
  width: number;
  height: number;
  colorType: number;
  paletteEntries: number;
  paletteSha256: string;
  pixelCountByValue: Record<string, number>;
  paletteUsed: Record<string, string>;
  valuesSha256: string;
  correctValuesSha256?: string;
  correctPixelCountByValue?: Record<string, number>;
  alphaZeroPixels: number;
  alphaFullPixels: number;
  alphaPartialPixels: number;
}
interface ManifestFacts {
  lines: number;
  attribute: string;
  jobName: string;
  classes: Record<string, [string, string]>;
  objects: { datasetObjectId: string; sourceRef: string; mask: string; sourceImageSize: [number, number] }[];
  typesOfMetadata: Record<string, number>;
  failedLines: number;
}

/** Facts are of one shape for masks and another for manifests; a test reads those of its file. */
function factsOf(name: string): MaskFacts & ManifestFacts {
  const facts = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<
    string,
    MaskFacts & ManifestFacts
  >;
  return facts[name]!;
}

const uri = "s3://shared/output.manifest";
function labelsOf(name: string, attribute?: string) {
  const classes = defineClasses(["background", "cat", "dog"]);
  return labelsFromManifest({ store: memoryStore({ [uri]: read(name) }), uri, classes, attribute });
}
async function all(entries: AsyncIterable<ManifestEntry>): Promise<ManifestEntry[]> {
  const found: ManifestEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

describe.skipIf(missing)("Ground Truth files of the reference folder (../shared)", () => {
  const pets = defineClasses(["background", "cat", "dog"]);
  const catsDogs = "cats-dogs/output.manifest";

  it("reads every fact of a real output manifest", async () => {
    const facts = factsOf(catsDogs);
    const entries = (await all(labelsOf(catsDogs))) as LabeledEntry[];
    expect(entries.length).toBe(facts.lines);
    expect(facts.attribute).not.toBe("test-aws-sagemaker-ref");
    for (const [at, entry] of entries.entries()) {
      const object = facts.objects[at]!;
      expect(entry).toMatchObject({
        state: "labeled",
        attribute: facts.attribute,
        jobName: facts.jobName,
        imageUri: object.sourceRef,
        annotatedBy: "human",
        confidence: 0,
      });
      const colors = entry.colorMap.map(({ index, className, color }) => [
        String(index),
        [className, formatColor(color!)],
      ]);
      expect(Object.fromEntries(colors)).toEqual(facts.classes);
      // Upstream saved the file under a name without colons.
      expect(object.mask).toBe(`masks/${entry.maskUri.slice(entry.maskUri.lastIndexOf("/") + 1).replaceAll(":", "_")}`);
    }
    expect(await labelsOf(catsDogs, facts.attribute).counts()).toEqual({
      labeled: 4,
      failed: 0,
      untouched: 0,
      total: 4,
    });
  });

  it("decodes the real masks to exactly the indices that Pillow reads, without a finding", async () => {
    const facts = factsOf(catsDogs);
    const entries = (await all(labelsOf(catsDogs))) as LabeledEntry[];
    for (const [at, { mask: file, sourceImageSize }] of facts.objects.entries()) {
      const expected = factsOf(`cats-dogs/${file}`);
      const png = read(`cats-dogs/${file}`);
      const { mask, findings } = decodeGroundTruthMask(png, entries[at]!.colorMap, pets);
      expect(findings).toEqual([]);
      expect([mask.width, mask.height]).toEqual(sourceImageSize);
      expect(sha256(mask.data)).toBe(expected.valuesSha256);
      const counts = Object.entries(mask.counts()).map(
        ([name, count]) => [String(pets.indexOf(name as "cat")), count] as const,
      );
      expect(Object.fromEntries(counts.filter(([, count]) => count > 0))).toEqual(expected.pixelCountByValue);
      // Written as Ground Truth does, the palette is the very same 256 entries.
      const written = decodePng(encodeMask(mask, { paletteEntries: 256 }));
      expect(sha256(written.palette!)).toBe(expected.paletteSha256);
    }
  });

  it("reads the masks through the store", async () => {
    const entries = (await all(labelsOf(catsDogs))) as LabeledEntry[];
    const masks = factsOf(catsDogs).objects.map(({ mask }) => read(`cats-dogs/${mask}`));
    const store = memoryStore({
      [uri]: read(catsDogs),
      ...Object.fromEntries(entries.map(({ maskUri }, at) => [maskUri, masks[at]!] as const)),
    });
    const labels = labelsFromManifest({ store, uri, classes: pets });
    for await (const entry of labels.labeled()) expect((await labels.mask(entry)).findings).toEqual([]);
  });

  it.each([
    ["index-defect/4_2020-10-20T21_34_20.162953.swapped.png", [[1, 2]]],
    [
      "index-defect/2_2020-10-20T21_32_47.198979.shifted.png",
      [
        [1, 0],
        [2, 1],
      ],
    ],
  ])("repairs %s by colour and reports it", async (file, mismatches) => {
    const facts = factsOf(file);
    const [entry] = (await all(labelsOf(catsDogs))) as LabeledEntry[];
    const { mask, findings } = decodeGroundTruthMask(read(file), entry!.colorMap, pets);
    expect(sha256(mask.data)).toBe(facts.correctValuesSha256);
    expect(findings.map(({ kind, index, expectedIndex }) => [kind, index, expectedIndex])).toEqual(
      mismatches.map(([index, expected]) => ["index-mismatch", index, expected]),
    );
    for (const { index, pixels } of findings) expect(pixels).toBe(facts.pixelCountByValue[String(index)]);
  });

  it.each(["cookies/train_segmentation.manifest", "cookies/template.manifest"])("reads %s", async (name) => {
    const facts = factsOf(name);
    const entries = await all(labelsOf(name));
    expect(entries.length).toBe(facts.lines);
    const labeled = entries.filter((entry): entry is LabeledEntry => entry.state === "labeled");
    expect(labeled.length).toBe(facts.typesOfMetadata["groundtruth/semantic-segmentation"]);
    expect(entries.length - labeled.length).toBe(entries.filter(({ state }) => state === "untouched").length);
    for (const { attribute, colorMap, annotatedBy, createdAt, confidence, imageUri } of labeled) {
      expect(attribute).toBe("anomaly-mask-ref");
      // "0" is the defect in masks that show one, and the background in the mask of a whole cookie.
      const defect = imageUri.includes("anomaly");
      expect(colorMap).toEqual([
        defect
          ? { index: 0, className: "cracked", color: [0x23, 0xa4, 0x36] }
          : { index: 0, className: "BACKGROUND", color: [255, 255, 255] },
      ]);
      expect(annotatedBy).toBe("human");
      expect(createdAt?.getUTCFullYear()).toBe(2022);
      expect(confidence).toBeUndefined();
    }
    await expect(labelsOf(name, "anomaly-label").counts()).rejects.toMatchObject({ code: "manifest.attribute" });
  });

  it.each(["anomaly-1", "anomaly-2", "anomaly-18", "anomaly-22", "anomaly-23"])(
    "reads the drawing program's mask %s by colour and alpha",
    async (name) => {
      const file = `cookies/masks/${name}.png`;
      const facts = factsOf(file);
      const cookies = defineClasses(["background", "cracked"]);
      const [entry] = (await all(labelsOf("cookies/train_segmentation.manifest"))) as LabeledEntry[];
      const { mask, findings } = decodeGroundTruthMask(read(file), entry!.colorMap, cookies);
      expect([mask.width, mask.height]).toEqual([facts.width, facts.height]);
      const pixels = (kind: string): number => findings.find((finding) => finding.kind === kind)?.pixels ?? 0;
      expect(pixels("transparent")).toBe(facts.alphaZeroPixels);
      expect(pixels("half-transparent")).toBe(facts.alphaPartialPixels);
      // At least what is fully painted, at most all that is painted at all.
      const { cracked } = mask.counts();
      expect(cracked).toBeGreaterThanOrEqual(facts.alphaFullPixels);
      expect(cracked).toBeLessThanOrEqual(facts.alphaFullPixels + facts.alphaPartialPixels);
      expect(findings.some(({ kind }) => kind === "not-palette")).toBe(facts.colorType === 6);
    },
  );

  it.each([
    ["object-detection.cats-dogs", "bounding boxes"],
    ["image-classification.lab1", "image classification"],
    ["custom.documents", "a custom task"],
    ["custom.expired-tasks", "a custom task"],
    ["point-cloud-semantic-segmentation", "semantic segmentation of point clouds"],
  ])("refuses other-types/%s by name", async (name, words) => {
    const labels = labelsOf(`other-types/${name}.manifest`);
    await expect(labels.counts()).rejects.toMatchObject({
      code: "manifest.attribute",
      message: expect.stringContaining(words) as string,
    });
  });

  it("reads the lines of expired tasks as failed, with their reason", async () => {
    const name = "other-types/custom.expired-tasks.manifest";
    const failed: ManifestEntry[] = [];
    // The first line is of another type, and the end of the manifest says so; the lines themselves are still readable.
    const reading = async (): Promise<void> => {
      for await (const entry of labelsOf(name).failed()) failed.push(entry);
    };
    await expect(reading()).rejects.toMatchObject({ code: "manifest.attribute" });
    expect(failed.length).toBe(factsOf(name).failedLines);
    expect(failed[0]).toMatchObject({
      line: 2,
      retryCount: 1,
      reason: expect.stringMatching(/^ClientError: Annotation tasks expired\./) as string,
    });
  });

  it("takes the adjusted mask of the documented line, or the first when asked", async () => {
    const name = "documented/documented.adjustment-2023.manifest";
    const [newest] = await all(labelsOf(name));
    expect(newest).toMatchObject({
      attribute: "adjusted-city-streets-ref",
      jobName: "adjust-label-city-streets",
      confidence: 0.9,
    });
    const [first] = await all(labelsOf(name, "city-streets-ref"));
    expect(first).toMatchObject({ attribute: "city-streets-ref", createdAt: new Date("2018-10-18T22:18:13.527Z") });
  });

  it("tells a verification from the mask that it verifies", async () => {
    const name = "documented/documented.verification-2023.manifest";
    expect(await all(labelsOf(name))).toMatchObject([{ state: "labeled", attribute: "city-streets-ref" }]);
    await expect(labelsOf(name, "verify-city-streets-ref").counts()).rejects.toMatchObject({
      code: "manifest.attribute",
      message: expect.stringContaining("a verification of labels") as string,
    });
  });

  it("agrees with a real label category file about the order of labels", () => {
    const real = JSON.parse(Buffer.from(read("label-categories/aiops.labels.json")).toString()) as { labels: unknown };
    const ours = JSON.parse(labelCategoryFile(defineClasses(["background", "Plane", "Boat"]))) as { labels: unknown };
    expect(ours.labels).toEqual(real.labels);
  });
});
