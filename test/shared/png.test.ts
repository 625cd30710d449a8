import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png/decode.js";
import type { PngImage } from "../../src/codec/png/decode.js";
import { toRgba } from "../../src/codec/png/rgba.js";
import { SegmentationError } from "../../src/core/errors.js";
import { decodeMask } from "../../src/mask/decode-mask.js";

// What each member means, and what a reader must do, is told in the README of this folder.
const folder = fileURLToPath(new URL("../../../shared/fixtures/png/", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/fixtures/png is missing, its tests are skipped");

interface Expected {
  readonly ihdr?: { width: number; height: number; bitDepth: number; colorType: number; interlace: number };
  readonly samplesSha256?: string;
  readonly rgbaSha256?: string;
  readonly pypng: string;
  readonly pillow: string;
  readonly paletteEntries?: number;
  readonly maxIndex?: number;
  readonly pixelCountByIndex?: Record<string, number>;
  readonly mustReject?: boolean;
  readonly verdict?: "accept" | "reject" | "either";
  readonly indices?: number[][];
}

function load(set: string): [name: string, expected: Expected][] {
  if (missing) return [];
  return Object.entries(JSON.parse(readFileSync(`${folder}${set}/expected.json`, "utf8")) as Record<string, Expected>);
}

const read = (set: string, name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}${set}/${name}`));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const typeNumbers = { gray: 0, rgb: 2, palette: 3, "gray-alpha": 4, rgba: 6 } as const;

function samplesHash({ samples }: PngImage): string {
  if (samples instanceof Uint8Array) return sha256(samples);
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of samples.entries()) view.setUint16(at * 2, value);
  return sha256(bytes);
}

/** The image, or the typed error; anything else fails the test. */
function attempt(bytes: Uint8Array): PngImage | SegmentationError {
  try {
    return decodePng(bytes, { maxPixels: 20_000_000 });
  } catch (error) {
    if (SegmentationError.is(error, "codec")) return error;
    throw error;
  }
}

function checkFacts(bytes: Uint8Array, expected: Expected): void {
  const image = decodePng(bytes);
  const { ihdr } = expected;
  if (ihdr !== undefined) {
    expect({ ...image, colorType: typeNumbers[image.colorType] }).toMatchObject({
      width: ihdr.width,
      height: ihdr.height,
      bitDepth: ihdr.bitDepth,
      colorType: ihdr.colorType,
      interlaced: ihdr.interlace === 1,
    });
  }
  expect(samplesHash(image)).toBe(expected.samplesSha256);
  if (expected.rgbaSha256 !== undefined) expect(sha256(toRgba(image))).toBe(expected.rgbaSha256);
  if (image.colorType !== "palette") return;
  if (expected.paletteEntries !== undefined) expect(image.palette!.length / 3).toBe(expected.paletteEntries);
  const mask = decodeMask(bytes);
  const counts: Record<string, number> = {};
  for (const index of mask.data) counts[index] = (counts[index] ?? 0) + 1;
  if (expected.pixelCountByIndex !== undefined) expect(counts).toEqual(expected.pixelCountByIndex);
}

describe.skipIf(missing)("PNG files of other projects", () => {
  describe("pngsuite", () => {
    it.each(load("pngsuite"))("%s", (name, expected) => {
      const bytes = read("pngsuite", name);
      if (name.startsWith("x") || expected.mustReject === true) {
        expect(() => decodePng(bytes)).toThrow(SegmentationError);
      } else checkFacts(bytes, expected);
    });
  });

  describe("valid", () => {
    it.each(load("valid"))("%s", (name, expected) => {
      checkFacts(read("valid", name), expected);
    });
  });

  describe("malformed", () => {
    it.each(load("malformed"))("%s", (name, expected) => {
      const result = attempt(read("malformed", name));
      if (result instanceof SegmentationError || expected.pypng !== "ok" || expected.pillow !== "ok") return;
      expect(samplesHash(result)).toBe(expected.samplesSha256);
    });
  });

  describe("generated", () => {
    it.each(load("generated"))("%s", (name, expected) => {
      const bytes = read("generated", name);
      if (expected.verdict === "accept") {
        checkFacts(bytes, expected);
        return;
      }
      const result = attempt(bytes);
      if (expected.verdict === "reject") expect(result).toBeInstanceOf(SegmentationError);
      else if (!(result instanceof SegmentationError) && expected.indices !== undefined) {
        expect([...result.samples]).toEqual(expected.indices.flat());
      }
    });
  });
});
