import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { decodeMask, defineClasses } from "../../src/masks.js";

// Masks of a real Ground Truth job; see the README of this folder.
const folder = fileURLToPath(new URL("../../../shared/fixtures/ground-truth/", import.meta.url));
const missing = !existsSync(folder);
if (missing) console.warn("test/shared: ../shared/fixtures/ground-truth is missing, its tests are skipped");

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly chunks: string[];
  readonly paletteEntries: number;
  readonly paletteSha256: string;
}

const facts = missing ? {} : (JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Record<string, Expected>);
const masks = Object.entries(facts).filter(([name]) => name.startsWith("cats-dogs/masks/"));

function chunks(file: Uint8Array): [type: string, data: Uint8Array][] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const found: [string, Uint8Array][] = [];
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const type = Buffer.from(file.subarray(at + 4, at + 8)).toString("latin1");
    found.push([type, file.subarray(at + 8, at + 8 + view.getUint32(at))]);
  }
  return found;
}

describe.skipIf(missing)("Ground Truth's mask layout", () => {
  const classes = defineClasses(["BACKGROUND", "cat", "dog"]);

  it.each(masks)("is what we write for %s", (name, expected) => {
    const original = new Uint8Array(readFileSync(folder + name));
    const mask = decodeMask(original, { classes });
    expect(mask).toMatchObject({ width: expected.width, height: expected.height });
    const written = mask.toPng({ paletteEntries: 256 });
    expect(chunks(written).map(([type]) => type)).toEqual(expected.chunks);
    expect(chunks(written)[0]).toEqual(chunks(original)[0]);
    const [, palette] = chunks(written)[1]!;
    expect(palette.length).toBe(expected.paletteEntries * 3);
    expect(createHash("sha256").update(palette).digest("hex")).toBe(expected.paletteSha256);
    expect(Buffer.compare(decodeMask(written, { classes }).data, mask.data)).toBe(0);
  });
});
