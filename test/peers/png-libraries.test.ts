/**
 * Masks that other programs write, in every kind they have, and ours in their hands: Pillow and OpenCV (Python), sharp
 * (when it is installed in `bench`) and ImageMagick (when it is there). What is missing is said and skipped.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { decodeMask, encodeMask, formatColor } from "../../src/masks.js";
import type { ColorMap, Rgb } from "../../src/masks.js";
import { readHeader } from "../../src/codec/png/header.js";
import type { channelsOf } from "../codec/png-writer.js";
import { buildPng, chunk, concat, signature } from "../codec/png-writer.js";
import { pythonWith, runPython, writeJson } from "../support/peers-python.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-pngs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 256 different colours. */
const colors = Array.from({ length: 256 }, (_, index): Rgb => [index, (index * 7) % 256, (index * 31 + 5) % 256]);
const colorMap: ColorMap = Object.fromEntries(colors.map((color, index) => [formatColor(color), index]));

/** Masks of runs, as real ones are, at sizes that fill their rows' last bytes and do not. */
const masks = [
  [1, 1, 2],
  [7, 5, 2],
  [33, 17, 4],
  [64, 40, 16],
  [100, 61, 21],
  [129, 90, 256],
].map(([width, height, classes]) => {
  let state = width! * 31 + height!;
  let index = 0;
  const data = Uint8Array.from({ length: width! * height! }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    if ((state >>> 16) % 9 === 0) index = (state >>> 20) % classes!;
    return index;
  });
  return { name: `${width}x${height}`, width: width!, height: height!, count: classes!, data };
});
type Sample = (typeof masks)[number];

for (const { name, data } of masks) writeFileSync(join(folder, `${name}.raw`), data);
writeJson(folder, "masks.json", {
  colors,
  masks: masks.map(({ name, width, height, count }) => ({ name, width, height, classes: count })),
});

/** Decodes with `decodeMask`, straight and into memory of the caller, and compares every index. */
function readsAs(png: Uint8Array, mask: Sample, what: string): void {
  const header = headerOf(png);
  // Colours count in colour files; gray of one bit that holds white for 1 is 1 in the file as well.
  const options = header.colorType === "rgb" || header.colorType === "rgba" ? { colorMap } : {};
  const out = new Uint8Array(mask.data.length + 3).fill(99);
  for (const found of [decodeMask(png, options), decodeMask(png, { ...options, out })]) {
    expect(`${found.width} x ${found.height}`, what).toBe(`${mask.width} x ${mask.height}`);
    expect(Buffer.compare(found.data, mask.data), what).toBe(0);
  }
}

function headerOf(png: Uint8Array) {
  return readHeader({ type: "IHDR", offset: 8, data: png.subarray(16, 29) }, Number.MAX_SAFE_INTEGER);
}

const python = pythonWith(["numpy", "PIL", "cv2"], ["numpy", "pillow", "opencv-python-headless"]);

describe.skipIf(python === undefined)("Pillow and OpenCV", () => {
  it("write masks that decode to the indices they were made of", () => {
    const { written, versions } = runPython(python!, "write_pngs.py", folder) as {
      written: { file: string; by: string; mask: string; kind: string; how: string }[];
      versions: object;
    };
    const kinds = new Set<string>();
    for (const { file, by, mask, kind, how } of written) {
      const png = new Uint8Array(readFileSync(join(folder, file)));
      readsAs(
        png,
        masks.find(({ name }) => name === mask)!,
        `${by}, ${mask}, ${kind}, ${how}`,
      );
      const { colorType, bitDepth } = headerOf(png);
      kinds.add(`${colorType} ${bitDepth}`);
    }
    console.log(`${written.length} files of ${JSON.stringify(versions)}: ${[...kinds].sort().join(", ")}`);
    expect(kinds).toEqual(
      new Set([
        "gray 1",
        "gray 8",
        "gray 16",
        "gray-alpha 8",
        "palette 1",
        "palette 2",
        "palette 4",
        "palette 8",
        "rgb 8",
        "rgb 16",
        "rgba 8",
      ]),
    );
  });

  it("read ours with identical pixels", () => {
    const files = masks.flatMap((mask) =>
      (["gray", "palette"] as const).flatMap((kind) =>
        (["stored", "fast", "small"] as const).flatMap((compression) =>
          ([8, "smallest"] as const).map((depth) => {
            // As few colours as there are classes, so that they fit into the bits.
            const palette = colors.slice(0, mask.count);
            const options = { kind, compression, depth, ...(kind === "palette" ? { colors: palette } : {}) };
            const png = encodeMask(mask, options);
            const file = `ours-${mask.name}-${kind}-${compression}-${depth}.png`;
            writeFileSync(join(folder, file), png);
            readsAs(png, mask, file);
            const { width, height } = mask;
            return { file, raw: `${mask.name}.raw`, width, height, kind, palette, bits: headerOf(png).bitDepth };
          }),
        ),
      ),
    );
    expect(new Set(files.map(({ kind, bits }) => `${kind} ${bits}`)).size).toBe(8);
    writeJson(folder, "files.json", files);
    const { compared, wrong } = runPython(python!, "read_pngs.py", folder);
    expect(wrong).toEqual([]);
    expect(compared).toBe(files.length * 2);
  });
});

/** What is used of sharp. */
interface Sharp {
  (input: Uint8Array, options?: object): SharpImage;
  readonly versions: Readonly<Record<string, string>>;
}
interface SharpImage {
  png(options: object): SharpImage;
  toColourspace(space: string): SharpImage;
  raw(): SharpImage;
  toBuffer(): Promise<Buffer>;
}

function findSharp(): Sharp | undefined {
  try {
    return createRequire(join(import.meta.dirname, "../../bench/package.json"))("sharp") as Sharp;
  } catch {
    console.warn("skipped: sharp is not installed in bench (npm run bench installs it)");
    return undefined;
  }
}
const sharp = findSharp();

describe.skipIf(sharp === undefined)("sharp", () => {
  it("writes masks that decode to the indices they were made of", async () => {
    let count = 0;
    for (const mask of masks) {
      const { width, height, data } = mask;
      const rgb = Uint8Array.from(Array.from(data).flatMap((index) => colors[index]!));
      const rgba = Uint8Array.from(Array.from(data).flatMap((index) => [...colors[index]!, 255]));
      for (const [kind, channels, samples] of [
        ["gray", 1, data],
        ["rgb", 3, rgb],
        ["rgba", 4, rgba],
      ] as const) {
        for (const progressive of [false, true]) {
          for (const adaptiveFiltering of [false, true]) {
            for (const compressionLevel of [0, 1, 6, 9]) {
              const image = sharp!(samples, { raw: { width, height, channels } });
              const spaced = kind === "gray" ? image.toColourspace("b-w") : image;
              const options = { progressive, adaptiveFiltering, compressionLevel };
              const png = new Uint8Array(await spaced.png(options).toBuffer());
              readsAs(png, mask, `sharp, ${mask.name}, ${kind}, ${JSON.stringify(options)}`);
              expect(headerOf(png).interlaced).toBe(progressive);
              count++;
            }
          }
        }
      }
    }
    console.log(`${count} files of sharp ${sharp!.versions["sharp"] ?? ""}`);
  });

  it("reads ours with identical pixels", async () => {
    for (const mask of masks) {
      for (const compression of ["stored", "fast", "small"] as const) {
        const gray = encodeMask(mask, { kind: "gray", compression });
        const scale = 255 / (2 ** headerOf(gray).bitDepth - 1);
        const values = await sharp!(gray).toColourspace("b-w").raw().toBuffer();
        expect(Buffer.compare(values, Buffer.from(mask.data.map((index) => index * scale)))).toBe(0);
        const shown = await sharp!(encodeMask(mask, { kind: "palette", compression, colors }))
          .raw()
          .toBuffer();
        expect(Buffer.compare(shown, Buffer.from(Array.from(mask.data).flatMap((index) => colors[index]!)))).toBe(0);
      }
    }
  });
});

/** ImageMagick's command, 7 or 6. */
const magick = ["magick", "convert"].find((command) => {
  const { stdout } = spawnSync(command, ["-version"], { encoding: "utf8" }) as { readonly stdout: string | null };
  return stdout?.includes("Copyright") === true && stdout.includes("ImageMagick");
});
if (magick === undefined) console.warn("skipped: ImageMagick is not installed");

describe.skipIf(magick === undefined)("ImageMagick", () => {
  it("writes masks that decode to the indices they were made of, and reads ours", () => {
    let count = 0;
    for (const mask of masks.slice(1, 4)) {
      const { width, height, name, data } = mask;
      const raw = [`-size`, `${width}x${height}`, "-depth", "8", `gray:${join(folder, `${name}.raw`)}`];
      const target = join(folder, `magick-${name}.png`);
      for (const interlace of ["None", "PNG"]) {
        for (const filter of [0, 1, 2, 3, 4, 5]) {
          for (const level of [0, 1, 9]) {
            const how = [
              `-interlace`,
              interlace,
              "-define",
              `png:compression-filter=${filter}`,
              "-define",
              `png:compression-level=${level}`,
            ];
            execFileSync(magick!, [
              ...raw,
              ...how,
              "-define",
              "png:color-type=0",
              "-define",
              "png:bit-depth=8",
              target,
            ]);
            readsAs(new Uint8Array(readFileSync(target)), mask, `ImageMagick, ${name}, ${how.join(" ")}`);
            count++;
          }
        }
      }
      const ours = encodeMask(mask, { kind: "gray" });
      const scale = 255 / (2 ** headerOf(ours).bitDepth - 1);
      writeFileSync(target, ours);
      const values = execFileSync(magick!, [target, "-depth", "8", "gray:-"]);
      expect(Buffer.compare(values, Buffer.from(data.map((index) => index * scale)))).toBe(0);
    }
    console.log(`${count} files of ImageMagick`);
  });
});

describe("a writer made from the specification", () => {
  it("writes every colour type, depth, interlacing, filter and compression level so that they decode alike", () => {
    let count = 0;
    for (const mask of masks.slice(0, 5)) {
      for (const [colorType, depths] of [
        [0, [1, 2, 4, 8, 16]],
        [2, [8, 16]],
        [3, [1, 2, 4, 8]],
        [4, [8, 16]],
        [6, [8, 16]],
      ] as const) {
        for (const depth of depths) {
          const colored = colorType === 2 || colorType === 6;
          if (!colored && mask.count > 2 ** depth) continue;
          const samples = samplesOf(mask, colorType, depth);
          for (const interlaced of [false, true]) {
            for (const filter of [0, 1, 2, 3, 4, 5]) {
              const palette = colorType === 3 ? { palette: colors.slice(0, Math.min(256, 2 ** depth)).flat() } : {};
              const spec = {
                width: mask.width,
                height: mask.height,
                depth,
                colorType,
                samples,
                interlaced,
                ...palette,
              };
              const png = buildPng({ ...spec, filter: (row) => (filter === 5 ? row % 5 : filter) });
              for (const level of [undefined, 0, 1, 9]) {
                const file = level === undefined ? png : recompressed(png, level);
                readsAs(file, mask, `${mask.name}, ${colorType}, ${depth}, ${interlaced}, ${filter}, ${level}`);
                count++;
              }
            }
          }
        }
      }
    }
    console.log(`${count} files of the tests' own writer`);
  });
});

function samplesOf({ data }: Sample, colorType: keyof typeof channelsOf, depth: number): readonly number[] {
  const opaque = 2 ** depth - 1;
  const color = (index: number): readonly number[] =>
    colors[index]!.map((value) => (depth === 16 ? value * 257 : value));
  if (colorType === 2) return Array.from(data).flatMap(color);
  if (colorType === 6) return Array.from(data).flatMap((index) => [...color(index), opaque]);
  if (colorType === 4) return Array.from(data).flatMap((index) => [index, opaque]);
  return [...data];
}

/** The same file with its pixel data packed again. */
function recompressed(png: Uint8Array, level: number): Uint8Array {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [signature];
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    const data = png.subarray(at + 8, at + 8 + length);
    parts.push(
      type === "IDAT" ? chunk("IDAT", deflateSync(inflateSync(data), { level })) : png.subarray(at, at + 12 + length),
    );
    at += 12 + length;
  }
  return concat(...parts);
}
