import { encodePng } from "../codec/png/encode.js";
import type { PngCompression } from "../codec/png/encode.js";
import type { Rgb } from "./palette.js";

/** A picture to look at: RGBA, 8 bits, opaque. */
export interface Picture {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Red, green, blue, alpha of each pixel, row by row: `data[(y * width + x) * 4 + channel]`. */
  readonly data: Uint8Array;
  /** What the colours mean, in the order of the classes. */
  readonly legend: readonly LegendEntry[];
  /** The picture as PNG bytes (RGB); `compression` as for masks, default `fast`. */
  toPng(options?: { readonly compression?: PngCompression }): Uint8Array;
}

/** One colour of a picture and what it means. */
export interface LegendEntry {
  /** What the colour stands for, e.g. a class name. */
  readonly label: string;
  /** The colour as red, green and blue, 0 to 255 each. */
  readonly color: Rgb;
}

/** A photograph to paint on: RGB or RGBA, 8 bits, row by row. Alpha is not looked at. */
export interface PixelImage {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height` pixels of 3 (RGB) or 4 (RGBA) bytes; the length tells which. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Where red, green and blue stand in a pixel that is written as one 32-bit number. */
export const packShifts: readonly [number, number, number] = littleEndian ? [0, 8, 16] : [24, 16, 8];

/** An opaque pixel as one 32-bit number. */
export function packColor([red, green, blue]: Rgb): number {
  const [r, g, b] = packShifts;
  return ((red << r) | (green << g) | (blue << b) | (255 << (littleEndian ? 24 : 0))) >>> 0;
}

/** Makes a picture of RGBA bytes, kept and not copied. */
export function createPicture(
  width: number,
  height: number,
  data: Uint8Array,
  legend: readonly LegendEntry[],
): Picture {
  return {
    width,
    height,
    data,
    legend,
    toPng: ({ compression = "fast" } = {}) => {
      const rgb = new Uint8Array(width * height * 3);
      for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
        rgb[to] = data[from]!;
        rgb[to + 1] = data[from + 1]!;
        rgb[to + 2] = data[from + 2]!;
      }
      return encodePng({ width, height, colorType: "rgb", samples: rgb }, compression);
    },
  };
}
