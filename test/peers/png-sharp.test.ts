/** Masks that sharp writes, in every kind it has, and ours in its hands. */
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { encodeMask } from "../../src/masks.js";
import { colors, colorsOf, headerOf, masks, readsAs } from "../support/peer-masks.js";
import type { PeerMask } from "../support/peer-masks.js";

interface Way {
  readonly kind: string;
  readonly channels: 1 | 2 | 3 | 4;
  readonly space: "b-w" | "grey16" | "srgb" | "rgb16";
  readonly samples: (mask: PeerMask) => Uint8Array | Uint16Array;
  /** Colours of a palette. */
  readonly colours?: number;
}

const wide = (samples: readonly number[]): Uint16Array => Uint16Array.from(samples, (value) => value * 257);
const ways: readonly Way[] = [
  { kind: "gray 8", channels: 1, space: "b-w", samples: ({ data }) => data },
  { kind: "gray 16", channels: 1, space: "grey16", samples: ({ data }) => Uint16Array.from(data) },
  {
    kind: "gray-alpha 8",
    channels: 2,
    space: "b-w",
    samples: ({ data }) => data.reduce((all, index, at) => all.fill(index, 2 * at, 2 * at + 1), new Uint8Array(data.length * 2).fill(9)),
  },
  { kind: "rgb 8", channels: 3, space: "srgb", samples: (mask) => Uint8Array.from(colorsOf(mask)) },
  { kind: "rgb 16", channels: 3, space: "rgb16", samples: (mask) => wide(colorsOf(mask)) },
  { kind: "rgba 8", channels: 4, space: "srgb", samples: (mask) => Uint8Array.from(colorsOf(mask, 255)) },
  { kind: "rgba 16", channels: 4, space: "rgb16", samples: (mask) => wide(colorsOf(mask, 255)) },
  ...[2, 4, 16].map(
    (colours): Way => ({
      kind: `palette ${Math.log2(colours)}`,
      channels: 3,
      space: "srgb",
      samples: (mask) => Uint8Array.from(colorsOf(mask)),
      colours,
    }),
  ),
  { kind: "palette 8", channels: 3, space: "srgb", samples: (mask) => Uint8Array.from(colorsOf(mask)), colours: 256 },
]; // prettier-ignore

describe("sharp", () => {
  it("writes masks of every kind, interlaced and filtered or not, that decode to the indices they were made of", async () => {
    const kinds = new Set<string>();
    let count = 0;
    for (const mask of masks) {
      const { width, height } = mask;
      for (const { kind, channels, space, samples, colours } of ways) {
        // Its palettes are made by a quantiser that keeps colours only where there are few.
        if (colours !== undefined && (mask.count > colours || mask.count > 16)) continue;
        const input = samples(mask);
        const palette = colours === undefined ? {} : { palette: true, colours, dither: 0 };
        for (const progressive of [false, true]) {
          for (const adaptiveFiltering of [false, true]) {
            for (const compressionLevel of [0, 1, 6, 9]) {
              const options = { progressive, adaptiveFiltering, compressionLevel, ...palette };
              const image = sharp(input, { raw: { width, height, channels } }).toColourspace(space);
              const png = new Uint8Array(await image.png(options).toBuffer());
              const what = `sharp, ${mask.name}, ${kind}, ${JSON.stringify(options)}`;
              readsAs(png, mask, what, colours !== undefined);
              const { colorType, bitDepth, interlaced } = headerOf(png);
              kinds.add(`${colorType} ${bitDepth}`);
              expect(interlaced, what).toBe(progressive);
              count++;
            }
          }
        }
      }
    }
    console.log(`${count} files of sharp ${sharp.versions.sharp}: ${[...kinds].sort().join(", ")}`);
    expect(kinds).toEqual(new Set(ways.map(({ kind }) => kind)));
  });

  it("reads ours with identical pixels", async () => {
    for (const mask of masks) {
      for (const compression of ["stored", "fast", "small"] as const) {
        for (const depth of [8, "smallest"] as const) {
          const gray = encodeMask(mask, { kind: "gray", compression, depth });
          const scale = 255 / (2 ** headerOf(gray).bitDepth - 1);
          const values = await sharp(gray).toColourspace("b-w").raw().toBuffer();
          expect(Buffer.compare(values, Buffer.from(mask.data.map((index) => index * scale)))).toBe(0);
          const palette = encodeMask(mask, {
            kind: "palette",
            compression,
            depth,
            colors: colors.slice(0, mask.count),
          });
          const shown = await sharp(palette).raw().toBuffer();
          expect(Buffer.compare(shown, Buffer.from(colorsOf(mask)))).toBe(0);
        }
      }
    }
  });
});
