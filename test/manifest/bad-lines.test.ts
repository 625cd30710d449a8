import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { SegmentationError } from "../../src/core/errors.js";
import { defineClasses } from "../../src/mask/classes.js";
import { labelsFromManifest } from "../../src/manifest/labels.js";
import type { Labels } from "../../src/manifest/labels.js";
import { memoryStore } from "../support/memory-store.js";
import { rejectionOf } from "../support/refusal-of.js";

const uri = "s3://bucket/out/output.manifest";
const classes = defineClasses(["background", "cat"]);

const metadata = {
  "internal-color-map": { "1": { "class-name": "cat", "hex-color": "#2ca02c" } },
  type: "groundtruth/semantic-segmentation",
  "human-annotated": "yes",
};
const good = (name: string): string =>
  JSON.stringify({ "source-ref": `s3://bucket/${name}`, "a-ref": "s3://bucket/m.png", "a-ref-metadata": metadata });

function labelsOf(text: string | Uint8Array): Labels<"background" | "cat"> {
  return labelsFromManifest({ store: memoryStore({ [uri]: text }), uri, classes });
}

/** Reads all and gives the images and what was passed over. */
async function skipping(text: string | Uint8Array): Promise<{ images: string[]; skipped: SegmentationError[] }> {
  const images: string[] = [];
  const skipped: SegmentationError[] = [];
  const options = { onError: "skip", onSkip: (error: SegmentationError) => void skipped.push(error) } as const;
  for await (const { imageUri } of labelsOf(text).entries(options)) images.push(imageUri);
  return { images, skipped };
}

describe("lines that cannot be read", () => {
  const text = `\uFEFF${good("1.jpg")}\r\n{nonsense}\r\n\r\n${good("zwei ä+%20..jpg")}\n{"source-ref":1}\n${good("3.jpg")}`;

  it("end the reading, with file, line and byte", async () => {
    const error = await rejectionOf(labelsOf(text).counts());
    // The byte order mark has three bytes and the first line two for its end (RFC 3629; counted by Buffer here).
    const offset = Buffer.byteLength(`\uFEFF${good("1.jpg")}\r\n`);
    expect(error).toMatchObject({
      code: "manifest.line",
      details: { uri, line: 2, offset, expected: "one JSON object" },
    });
    expect(error.message).toContain(`Line 2 (byte ${offset}) of ${uri}`);
  });

  it("are passed over when asked, and each is told", async () => {
    const { images, skipped } = await skipping(text);
    expect(images).toEqual(["s3://bucket/1.jpg", "s3://bucket/zwei ä+%20..jpg", "s3://bucket/3.jpg"]);
    expect(skipped.map(({ details }) => details)).toEqual([
      { uri, line: 2, offset: Buffer.from(text).indexOf("{nonsense}"), expected: "one JSON object" },
      { uri, line: 5, offset: Buffer.from(text).indexOf('{"source-ref":1}'), expected: 'an image under "source-ref"' },
    ]);
    expect(await labelsOf(text).counts({ onError: "skip" })).toEqual({
      labeled: 3,
      failed: 0,
      untouched: 0,
      total: 3,
      skipped: 2,
    });
  });

  it("are named as cut short where the file breaks off", async () => {
    const whole = `${good("1.jpg")}\n${good("2.jpg")}`;
    for (const left of [1, 20, 200]) {
      const { images, skipped } = await skipping(whole.slice(0, -left));
      expect(images).toEqual(["s3://bucket/1.jpg"]);
      const [error] = skipped;
      expect(error).toMatchObject({ details: { line: 2, offset: good("1.jpg").length + 1 } });
      // With its last brace gone the line ends in the metadata's own brace, and only the parser can tell.
      if (left > 1) expect(error?.message).toContain("the file ends in the middle of this line");
    }
    expect((await skipping(whole)).skipped).toEqual([]);
  });

  it("may hold bytes that are no UTF-8, and the next line is read", async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(good("1.jpg"))]);
    const { images, skipped } = await skipping(bytes);
    expect(images).toEqual(["s3://bucket/1.jpg"]);
    expect(skipped.map(({ details }) => details)).toMatchObject([{ line: 1, offset: 0, expected: "UTF-8 text" }]);
  });

  it("do not make a manifest of other labels pass", async () => {
    const boxes = JSON.stringify({ "source-ref": "s3://b/1.jpg", x: 1, "x-metadata": { type: "groundtruth/custom" } });
    expect((await rejectionOf(skipping(`${boxes}\nnonsense`))).code).toBe("manifest.attribute");
  });
});

/**
 * Runs `manifest-memory.ts`; the memory of this process would hide what the reading needs. Growth is of all pages of the
 * process. The engine lets its nursery grow to 48 MB of garbage before it looks; it is kept at 12 MB here.
 */
function measured(kind: string): { read: number; skipped: number; refusal?: string; grown: number } {
  const script = join(import.meta.dirname, "../support/manifest-memory.ts");
  const said = execFileSync(
    process.execPath,
    ["--expose-gc", "--max-semi-space-size=4", "--import", "tsx", script, kind],
    { encoding: "utf8" },
  );
  return JSON.parse(said) as ReturnType<typeof measured>;
}

describe("memory", () => {
  it("stays below 50 MB for a manifest of 100,000 lines", () => {
    const { read, skipped, grown } = measured("lines");
    expect([read, skipped]).toEqual([100_000, 0]);
    expect(grown).toBeLessThan(50 * 1024 ** 2);
  });

  it("stays below 50 MB for a line of 1 GB, which is refused or passed over", () => {
    const { read, skipped, refusal, grown } = measured("one-line");
    expect([read, skipped]).toEqual([2, 1]);
    expect(refusal).toMatch(/^2@\d{3,}$/);
    expect(grown).toBeLessThan(50 * 1024 ** 2);
  });
});
