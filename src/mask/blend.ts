import { SegmentationError } from "../core/errors.js";
import type { Rgb } from "./palette.js";
import { packColor, packShifts } from "./picture.js";
import type { PixelImage } from "./picture.js";

/** What is painted where. */
export interface Paint {
  /** Class index of each pixel. */
  readonly indices: Uint8Array;
  /** Colour by class index; what is missing is not painted. */
  readonly colors: ReadonlyMap<number, Rgb>;
  /** How much of the colour covers the image, 0 to 1. */
  readonly alpha: number;
  /** Pixels where painted classes cover the image all over: 1, else 0. */
  readonly solid: Uint8Array | undefined;
}

/**
 * Copies an image as RGBA and mixes colours in: `(1 - alpha) * image + alpha * colour`, rounded, halves up.
 *
 * @throws `input.invalid` for data that is neither RGB nor RGBA.
 */
export function blend(image: PixelImage, paint: Paint): Uint8Array {
  const pixels = paint.indices.length;
  const channels = image.data.length / pixels;
  if (channels !== 3 && channels !== 4) {
    const expected = `${pixels * 3} bytes (RGB) or ${pixels * 4} (RGBA)`;
    throw new SegmentationError("input.invalid", `image.data does not fit. Expected ${expected}.`, {
      parameter: "image.data",
      value: image.data.length,
      expected,
    });
  }
  const words = new Uint32Array(pixels);
  mixInto(words, image.data, channels, paint);
  if (paint.solid !== undefined) coverInto(words, paint.solid, paint);
  return new Uint8Array(words.buffer);
}

/** Whole pixels are written, four bytes at once, and every sum is looked up: there is no arithmetic at a pixel. */
function mixInto(words: Uint32Array, source: PixelImage["data"], channels: 3 | 4, paint: Paint): void {
  const { indices } = paint;
  const tables = new Map<number, readonly Uint32Array[]>();
  for (const [index, color] of paint.colors) tables.set(index, mixTables(color, paint.alpha));
  const plain = mixTables([0, 0, 0], 0);
  const { length } = words;
  for (let pixel = 0, from = 0; pixel < length;) {
    // Masks are runs: the tables are chosen once for each.
    const index = indices[pixel]!;
    const [reds, greens, blues] = tables.get(index) ?? plain;
    do {
      words[pixel] = reds![source[from]!]! | greens![source[from + 1]!]! | blues![source[from + 2]!]!;
      from += channels;
      pixel++;
    } while (pixel < length && indices[pixel] === index);
  }
}

/** For each channel the result of every image value, at its place in the pixel; red brings the alpha of 255 along. */
function mixTables(color: Rgb, alpha: number): readonly Uint32Array[] {
  return color.map((value, channel) =>
    Uint32Array.from({ length: 256 }, (_, base) => {
      const mixed = Math.round(base + (value - base) * alpha) << packShifts[channel]!;
      return channel === 0 ? mixed | packColor([0, 0, 0]) : mixed;
    }),
  );
}

function coverInto(words: Uint32Array, solid: Uint8Array, { indices, colors }: Paint): void {
  const covers = new Uint32Array(256);
  const painted = new Uint8Array(256);
  for (const [index, color] of colors) {
    covers[index] = packColor(color);
    painted[index] = 1;
  }
  for (let pixel = 0; pixel < words.length; pixel++) {
    const index = indices[pixel]!;
    if (solid[pixel] === 1 && painted[index] === 1) words[pixel] = covers[index]!;
  }
}
