import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readJpegHeader, SegmentationError, sniffImage } from "../../src/masks.js";

// What each member means is told in the README of this folder.
const folder = fileURLToPath(new URL("../../../shared/fixtures/jpeg/", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/fixtures/jpeg is missing, its tests are skipped");

interface Expected {
  readonly jpeg: boolean;
  readonly exifOrientation: number | null;
  readonly sof: string;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly progressive: boolean;
  readonly displaySize: [number, number];
  readonly says?: string;
}

const cases = missing
  ? []
  : Object.entries(JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Record<string, Expected>);

describe.skipIf(missing)("JPEG headers of other projects", () => {
  it.each(cases)("%s", (name, expected) => {
    const bytes = new Uint8Array(readFileSync(folder + name));
    if (!expected.jpeg || expected.says?.endsWith("invalid") === true) {
      expect(() => readJpegHeader(bytes)).toThrow(SegmentationError);
      if (!expected.jpeg) expect(sniffImage(bytes).kind).not.toBe("jpeg");
      return;
    }
    const header = readJpegHeader(bytes);
    expect({
      exifOrientation: header.exifOrientation ?? null,
      sof: `SOF${header.frame}`,
      precision: header.precision,
      width: header.width,
      height: header.height,
      components: header.components,
      progressive: header.process === "progressive",
      displaySize: header.displaySize,
    }).toEqual({
      exifOrientation: expected.exifOrientation,
      sof: expected.sof,
      precision: expected.precision,
      width: expected.width,
      height: expected.height,
      components: expected.components,
      progressive: expected.progressive,
      displaySize: expected.displaySize,
    });
    expect(sniffImage(bytes)).toMatchObject({ kind: "jpeg", width: expected.width });
  });

  it("names what files with a wrong suffix are", () => {
    const kind = (name: string) => sniffImage(new Uint8Array(readFileSync(`${folder}made/${name}`)));
    expect(kind("gif-named-jpg.jpg")).toMatchObject({ kind: "gif", width: 48, height: 30 });
    expect(kind("webp-named-jpg.jpg").kind).toBe("webp");
    expect(kind("s3-error-named-jpg.jpg").kind).toBe("xml");
  });
});
