/** Masks that Pillow and OpenCV write, in every kind they have, and ours in their hands; and a writer of our own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { encodeMask } from "../../src/masks.js";
import type { channelsOf } from "../codec/png-writer.js";
import { buildPng, chunk, concat, signature } from "../codec/png-writer.js";
import { colors, headerOf, masks, readsAs } from "../support/peer-masks.js";
import type { PeerMask } from "../support/peer-masks.js";
import { pythonWith, runPython, writeJson } from "../support/peers-python.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-pngs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const { name, data } of masks) writeFileSync(join(folder, `${name}.raw`), data);
writeJson(folder, "masks.json", {
  colors,
  masks: masks.map(({ name, width, height, count }) => ({ name, width, height, classes: count })),
});

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
        "rgba 16",
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

function samplesOf({ data }: PeerMask, colorType: keyof typeof channelsOf, depth: number): readonly number[] {
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
