import { describe, expect, it } from "vitest";
import { auditLabels } from "../../src/audit/audit-labels.js";
import type { AuditOptions } from "../../src/audit/audit-labels.js";
import type { AuditReport } from "../../src/audit/audit-report.js";
import { defineClasses } from "../../src/mask/classes.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { type MemoryStore, memoryStore } from "../support/memory-store.js";
import { pngBytes } from "../support/png-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";

const uri = "s3://bucket/out/output.manifest";
const classes = defineClasses(["background", "cat", "dog"]);
const green = [0x2c, 0xa0, 0x2c] as const;
const blue = [0x1f, 0x77, 0xb4] as const;
const white = [255, 255, 255] as const;
type Color = readonly [number, number, number];

const colorMap = {
  "0": { "class-name": "BACKGROUND", "hex-color": "#ffffff" },
  "1": { "class-name": "cat", "hex-color": "#2ca02c" },
  "2": { "class-name": "dog", "hex-color": "#1f77b4" },
};

interface Line {
  readonly image?: Uint8Array;
  readonly mask?: Uint8Array;
  readonly map?: object;
  readonly imageUri?: string;
  readonly maskUri?: string;
}

/** 4 x 2 pixels; the palette is as Ground Truth writes it unless given. */
function paletteMask(samples: readonly number[], palette: readonly Color[] = [white, green, blue]): Uint8Array {
  return pngBytes({ width: 4, height: 2, colorType: 3, samples, palette });
}
const rgbMask = (colors: readonly Color[]): Uint8Array =>
  pngBytes({ width: 4, height: 2, colorType: 2, samples: colors.flat() });
const clean = paletteMask([0, 0, 1, 1, 0, 0, 2, 2]);
const image = jpegBytes({ width: 4, height: 2 });

function storeWith(lines: readonly (Line | string)[]): MemoryStore {
  const objects: Record<string, Uint8Array | string> = {};
  const text = lines.map((line, at) => {
    if (typeof line === "string") return line;
    const { imageUri = `s3://bucket/${at + 1}.jpg`, maskUri = `s3://bucket/m/${at + 1}.png`, map = colorMap } = line;
    if (line.image !== undefined) objects[imageUri] = line.image;
    if (line.mask !== undefined) objects[maskUri] = line.mask;
    const metadata = { "internal-color-map": map, type: "groundtruth/semantic-segmentation" };
    return JSON.stringify({ "source-ref": imageUri, "a-ref": maskUri, "a-ref-metadata": metadata });
  });
  return memoryStore({ ...objects, [uri]: text.join("\n") });
}

function audit(
  lines: readonly (Line | string)[],
  options?: AuditOptions,
): Promise<AuditReport<"background" | "cat" | "dog">> {
  const store = storeWith(lines);
  return auditLabels(store, labelsFromManifest({ store, uri, classes }), options);
}

/** Kinds and pixels found in one line. */
async function kindsOf(line: Line): Promise<(readonly [string, number | undefined])[]> {
  const { findings } = await audit([{ image, mask: clean, ...line }]);
  return findings.map(({ kind, pixels }) => [kind, pixels] as const);
}

describe("an audit", () => {
  it("finds nothing in masks as Ground Truth writes them, and counts classes", async () => {
    const report = await audit([
      { image, mask: clean },
      { image, mask: paletteMask([1, 1, 1, 1, 0, 0, 0, 0]) },
    ]);
    expect(report).toMatchObject({
      ok: true,
      kinds: [],
      findings: [],
      absentClasses: [],
      counts: { images: 2, labeled: 2, clean: 2, failed: 0, untouched: 0, skipped: 0 },
    });
    // By hand: 4 + 4, 2 + 4 and 2 of 16 pixels.
    expect(report.balance).toEqual({
      background: { pixels: 8, share: 0.5, images: 2 },
      cat: { pixels: 6, share: 0.375, images: 2 },
      dog: { pixels: 2, share: 0.125, images: 1 },
    });
  });

  it("finds indices that are not those of their colours, as in the jobs of 2020", async () => {
    // Indices 1 and 2 exchanged together with their palette entries: every colour is right.
    const swapped = paletteMask([0, 0, 2, 2, 0, 0, 1, 1], [white, blue, green]);
    const report = await audit([{ image, mask: swapped }]);
    expect(report.ok).toBe(false);
    expect(report.findings).toMatchObject([
      { kind: "index-mismatch", severity: "error", pixels: 4, share: 0.5, line: 1 },
    ]);
    // The colours count.
    expect(report.balance.cat.pixels).toBe(2);
    // All indices one too high, as the first repair script wrote them.
    expect(await kindsOf({ mask: paletteMask([1, 1, 2, 2, 1, 1, 3, 3], [white, white, green, blue]) })).toEqual([
      ["index-mismatch", 8],
    ]);
  });

  it("tells colours of no class from soft edges", async () => {
    // Half way between green and white, and red, which lies on no line between two classes.
    const between: Color = [(0x2c + 255) >> 1, (0xa0 + 255) >> 1, (0x2c + 255) >> 1];
    const red: Color = [250, 10, 10];
    const mask = rgbMask([white, between, green, green, white, between, red, blue]);
    const report = await audit([{ image, mask }]);
    expect(report.findings.map(({ kind, pixels }) => [kind, pixels])).toEqual([
      ["unknown-color", 1],
      ["blended-edges", 2],
    ]);
    expect(report.findings[0]?.message).toContain("#fa0a0a (1)");
    expect(report.ignoredPixels).toBe(3);
    expect(report.balance.cat.pixels).toBe(2);
  });

  it("finds half transparent pixels, colour pictures and palettes without meaning", async () => {
    expect(await kindsOf({ mask: rgbMask([white, white, green, green, white, white, blue, blue]) })).toEqual([
      ["not-palette", 8],
    ]);
    const soft = pngBytes({
      width: 4,
      height: 2,
      colorType: 3,
      samples: [0, 1, 2, 2, 0, 1, 2, 2],
      palette: [white, green, green],
      transparency: [0, 100, 255],
    });
    expect(
      await kindsOf({ mask: soft, map: { "0": { "class-name": "BACKGROUND" }, "2": colorMap["1"], ...{} } }),
    ).toContainEqual(["blended-edges", 2]);
    const noColors = { "1": { "class-name": "cat" }, "2": { "class-name": "dog" } };
    expect((await kindsOf({ map: noColors })).map(([kind]) => kind)).toEqual(["no-colors"]);
    const gray = pngBytes({ width: 4, height: 2, colorType: 0, samples: [0, 1, 2, 9, 9, 0, 0, 0] });
    expect(await kindsOf({ mask: gray, map: noColors })).toEqual([["unknown-index", 2]]);
  });

  it("compares sizes, and tells turned masks from others", async () => {
    expect(await kindsOf({ image: jpegBytes({ width: 2, height: 4, orientation: 6 }) })).toEqual([
      ["transposed", undefined],
    ]);
    expect(await kindsOf({ image: jpegBytes({ width: 2, height: 4 }) })).toEqual([["transposed", undefined]]);
    expect(await kindsOf({ image: jpegBytes({ width: 5, height: 2 }) })).toEqual([["size-differs", undefined]]);
    expect(await kindsOf({ image: jpegBytes({ width: 4, height: 2, orientation: 6 }) })).toEqual([
      ["exif-rotation", undefined],
    ]);
    const { findings } = await audit([{ image: jpegBytes({ width: 2, height: 4, orientation: 6 }), mask: clean }]);
    expect(findings[0]?.message).toBe("The mask is 4 x 2, the image is stored as 2 x 4 and EXIF orientation 6.");
  });

  it("finds empty masks, repeated images and masks, and classes that nobody painted", async () => {
    const empty = paletteMask(Array<number>(8).fill(0));
    const report = await audit([
      { image, mask: empty },
      { image, mask: clean, imageUri: "s3://bucket/1.jpg" },
      { image, maskUri: "s3://bucket/m/2.png" },
    ]);
    expect(report.findings.map(({ kind, line }) => [kind, line])).toEqual([
      ["empty-mask", 1],
      ["duplicate-image", 2],
      ["shared-mask", 3],
    ]);
    const one = await audit([{ image, mask: paletteMask([0, 0, 1, 1, 0, 0, 1, 1]) }]);
    expect(one.absentClasses).toEqual(["dog"]);
    expect(one.kinds).toMatchObject([{ kind: "class-absent", severity: "warning" }]);
    expect(one.kinds[0]?.advice).toContain("Absent: dog.");
  });

  it("goes on over files that are missing or damaged, and colour maps that do not fit", async () => {
    const report = await audit([
      { image },
      { mask: clean },
      { image, mask: clean.subarray(0, 60) },
      { image: Buffer.from("GIF89a....."), mask: clean },
      { image, mask: clean, imageUri: "images/relative.jpg" },
      { image, mask: clean, map: { "1": { "class-name": "horse", "hex-color": "#2ca02c" } } },
    ]);
    expect(report.findings.map(({ kind, line }) => [line, kind])).toEqual([
      [1, "unreadable-mask"],
      [2, "unreadable-image"],
      [3, "unreadable-mask"],
      [4, "unreadable-image"],
      [6, "color-map"],
    ]);
    expect(report.counts).toMatchObject({ labeled: 6, clean: 1 });
  });

  it("counts other lines, and passes over those that cannot be read when asked", async () => {
    const failed = { "source-ref": "s3://b/f.jpg", "a-ref-metadata": { "failure-reason": "expired" } };
    const lines = [{ image, mask: clean }, JSON.stringify(failed), '{"source-ref":"s3://b/u.jpg"}', "{cut"];
    expect((await rejectionOf(audit(lines))).code).toBe("manifest.line");
    const report = await audit(lines, { onError: "skip" });
    expect(report.counts).toEqual({ images: 3, labeled: 1, clean: 1, failed: 1, untouched: 1, skipped: 1 });
    expect(report.skippedLines[0]).toContain("Line 4");
  });

  it("is the same however many are read at a time, and does not look at images when not asked", async () => {
    const lines = Array.from({ length: 30 }, (_, at) => ({
      image: jpegBytes({ width: at % 3 === 0 ? 3 : 4, height: 2 }),
      mask: at % 4 === 0 ? clean.subarray(0, 50) : clean,
    }));
    const [one, many] = [await audit(lines, { concurrency: 1 }), await audit(lines, { concurrency: 20 })];
    expect(JSON.stringify(one)).toBe(JSON.stringify(many));
    expect(one.toHtml()).toBe(many.toHtml());
    const store = storeWith(lines);
    await auditLabels(store, labelsFromManifest({ store, uri, classes }), { images: false, pictures: 0 });
    expect(store.calls.filter(({ uri: called }) => called.endsWith(".jpg"))).toEqual([]);
  });

  it("passes on trouble with the store, and the signal's own reason", async () => {
    const store = storeWith([{ image, mask: clean }]);
    const trouble = new Error("no network");
    store.fault = ({ uri: called }) => {
      if (called.endsWith(".png")) throw trouble;
    };
    const labels = labelsFromManifest({ store, uri, classes });
    await expect(auditLabels(store, labels)).rejects.toBe(trouble);
    const reason = new RangeError("enough");
    await expect(auditLabels(store, labels, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await rejectionOf(auditLabels(store, labels, { concurrency: 0 }))).code).toBe("input.invalid");
  });
});
