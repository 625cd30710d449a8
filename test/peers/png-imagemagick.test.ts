/** Masks that ImageMagick writes, in every kind it has, and ours in its hands; skipped with a word where it is missing. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { encodeMask } from "../../src/masks.js";
import { colors, colorsOf, headerOf, masks, readsAs } from "../support/peer-masks.js";
import type { PeerMask } from "../support/peer-masks.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-magick-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** ImageMagick's command: of version 7, of version 6, or as Debian names it. */
const magick = ["magick", "convert", "convert-im6.q16"].find((command) => {
  const { stdout } = spawnSync(command, ["-version"], { encoding: "utf8" }) as { readonly stdout: string | null };
  return stdout?.includes("Copyright") === true && stdout.includes("ImageMagick");
});
if (magick === undefined) console.warn("skipped: ImageMagick is not installed");

const names = { 0: "gray", 2: "rgb", 3: "palette", 4: "gray-alpha", 6: "rgba" } as const;
const kinds = [
  [0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16],
] as const; // prettier-ignore

/** Writes a mask's samples as ImageMagick's raw formats have them; gives the arguments that read them. */
function rawInput(mask: PeerMask, colorType: keyof typeof names, depth: number): readonly string[] {
  const { width, height, data } = mask;
  const channels = { 0: "gray", 2: "rgb", 3: "rgb", 4: "graya", 6: "rgba" }[colorType];
  // ImageMagick thinks in brightness: fewer bits are spread over 0 to 255, and narrowed again when they are written.
  const spread = depth < 8 && colorType === 0 ? 255 / (2 ** depth - 1) : 1;
  const one = { 0: (index: number) => [index * spread], 4: (index: number) => [index, 9] };
  const samples =
    colorType === 0 || colorType === 4
      ? Array.from(data).flatMap(one[colorType])
      : colorsOf(mask, ...(colorType === 6 ? [255] : []));
  const indexWide = depth === 16 && (colorType === 0 || colorType === 4);
  const file = join(folder, `${mask.name}-${colorType}-${depth}.${channels}`);
  writeFileSync(file, Uint8Array.from(indexWide ? samples.flatMap((value) => [0, value]) : samples));
  const wide = indexWide ? ["-depth", "16", "-endian", "MSB"] : ["-depth", "8"];
  return ["-size", `${width}x${height}`, ...wide, `${channels}:${file}`];
}

describe.skipIf(magick === undefined)("ImageMagick", () => {
  it("writes masks of every kind, interlacing, filter and level that decode to the indices they were made of", () => {
    const found = new Set<string>();
    let count = 0;
    const target = join(folder, "written.png");
    for (const mask of masks.slice(1)) {
      for (const [colorType, depth] of kinds) {
        if (colorType !== 2 && colorType !== 6 && mask.count > 2 ** depth) continue;
        // All combinations for three masks; the large ones at one of each.
        const all = mask.count <= 16;
        const input = rawInput(mask, colorType, depth);
        for (const interlace of ["None", "PNG"]) {
          for (const filter of all ? [0, 1, 2, 3, 4, 5] : [5]) {
            for (const level of all ? [0, 1, 9] : [9]) {
              const defines = {
                "compression-filter": filter,
                "compression-level": level,
                "color-type": colorType,
                // The number of colours says how many bits a palette has.
                ...(colorType === 3 ? {} : { "bit-depth": depth }),
              };
              const how = Object.entries(defines).flatMap(([name, value]) => ["-define", `png:${name}=${value}`]);
              execFileSync(magick!, [...input, "-interlace", interlace, ...how, target]);
              const png = new Uint8Array(readFileSync(target));
              const what = `ImageMagick, ${mask.name}, ${names[colorType]} ${depth}, ${interlace}, ${how.join(" ")}`;
              readsAs(png, mask, what, colorType === 3);
              const header = headerOf(png);
              expect(header.colorType, what).toBe(names[colorType]);
              expect(header.interlaced, what).toBe(interlace === "PNG");
              found.add(`${header.colorType} ${header.bitDepth}`);
              count++;
            }
          }
        }
      }
    }
    console.log(`${count} files of ImageMagick: ${[...found].sort().join(", ")}`);
    for (const [colorType, depth] of kinds)
      if (colorType !== 3) expect(found).toContain(`${names[colorType]} ${depth}`);
    expect(found).toContain("palette 8");
  });

  it("reads ours with identical pixels", () => {
    const target = join(folder, "ours.png");
    for (const mask of masks) {
      for (const compression of ["stored", "fast", "small"] as const) {
        for (const depth of [8, "smallest"] as const) {
          const gray = encodeMask(mask, { kind: "gray", compression, depth });
          const scale = 255 / (2 ** headerOf(gray).bitDepth - 1);
          writeFileSync(target, gray);
          const values = execFileSync(magick!, [target, "-depth", "8", "gray:-"]);
          expect(Buffer.compare(values, Buffer.from(mask.data.map((index) => index * scale)))).toBe(0);
          writeFileSync(
            target,
            encodeMask(mask, { kind: "palette", compression, depth, colors: colors.slice(0, mask.count) }),
          );
          const shown = execFileSync(magick!, [target, "-depth", "8", "rgb:-"]);
          expect(Buffer.compare(shown, Buffer.from(colorsOf(mask)))).toBe(0);
        }
      }
    }
  });
});
