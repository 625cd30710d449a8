import { highestOf } from "../codec/highest-byte.js";
import { checkWord, encodePng } from "../codec/png/encode.js";
import { SegmentationError } from "../core/errors.js";
import type { AnyClassTable } from "./classes.js";
import type { IndexMask, MaskPngOptions } from "./mask.js";
import { defaultColor } from "./palette.js";
import type { Rgb } from "./palette.js";

/** Options of {@link encodeMask}. */
export interface EncodeMaskOptions extends MaskPngOptions {
  /**
   * Colours of the palette by index, at most 256; default: the classes' own, or the default colours without classes.
   * Indices beyond them that occur are white, the ignored one aside.
   */
  readonly colors?: readonly Rgb[];
}

const white: Rgb = [255, 255, 255];
/** The specification's limit for width and height. */
const longestSide = 2 ** 31 - 1;

/**
 * Writes a mask as PNG whose stored values are the class indices; the same mask gives the same bytes.
 *
 * The chunks are IHDR, PLTE (palette only), one IDAT and IEND, as in Ground Truth's own masks.
 *
 * @param mask - Any grid of indices; its class table, if it has one, gives the colours.
 * @throws `input.invalid` when size and data differ, and for colours and words that are none.
 */
export function encodeMask(
  mask: IndexMask & { readonly classes?: AnyClassTable },
  options: EncodeMaskOptions = {},
): Uint8Array {
  const { width, height, data } = mask;
  const whole = [width, height].every((size) => Number.isInteger(size) && size >= 1 && size <= longestSide);
  if (!whole || data.length !== width * height) throw invalid("mask", data.length, `${height} x ${width} values`);
  checkWord("kind", options.kind, ["palette", "gray"]);
  checkWord("depth", options.depth, [8, "smallest"]);
  checkWord("paletteEntries", options.paletteEntries, ["needed", 256]);
  const size = { width, height, samples: data };
  const smallest = options.depth === "smallest";
  if (options.kind === "gray") {
    const bitDepth = smallest ? bitsFor(highestOf(data)) : 8;
    return encodePng({ ...size, colorType: "gray", bitDepth }, options.compression);
  }
  const palette = makePalette(mask, options);
  const bitDepth = smallest ? bitsFor(palette.length / 3 - 1) : 8;
  return encodePng({ ...size, colorType: "palette", palette, bitDepth }, options.compression);
}

function bitsFor(highest: number): 1 | 2 | 4 | 8 {
  return highest < 2 ? 1 : highest < 4 ? 2 : highest < 16 ? 4 : 8;
}

function makePalette(
  { data, classes }: IndexMask & { readonly classes?: AnyClassTable },
  { colors: given, paletteEntries = "needed" }: EncodeMaskOptions,
): Uint8Array {
  const highest = given?.length === 256 ? 255 : highestOf(data);
  const colors = given ?? classes?.colors ?? Array.from({ length: highest + 1 }, (_, index) => defaultColor(index));
  if (colors.length > 256) throw invalid("colors", colors.length, "at most 256 colours");
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
  const odd = colors.find((color: readonly number[]) => color.length !== 3 || !color.every(isByte));
  if (odd !== undefined) throw invalid("colors", odd, "three integers from 0 to 255 for each colour");
  const needed = Math.max(highest + 1, colors.length);
  const palette = new Uint8Array((paletteEntries === 256 ? 256 : needed) * 3).fill(255);
  for (const [index, color] of colors.entries()) palette.set(color, index * 3);
  const ignored = classes?.ignoreIndex ?? 255;
  // Only where pixels are ignored: else unused entries are white, as Ground Truth leaves them.
  if (ignored >= colors.length && ignored <= highest && data.includes(ignored))
    palette.set(ignoredColor(colors), ignored * 3);
  return palette;
}

/** The colour of ignored pixels: PASCAL VOC's cream for "void", or a gray if a class has it; one that no class has. */
export function ignoredColor(colors: readonly Rgb[]): Rgb {
  const grays = Array.from({ length: 256 }, (_, step): Rgb => {
    const gray = (128 + 128 * step + (step >> 1)) % 256;
    return [gray, gray, gray];
  });
  const taken = new Set(colors.map((color) => color.join()));
  return [[224, 224, 192] as const, ...grays].find((choice) => !taken.has(choice.join())) ?? white;
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `The ${parameter} cannot be written. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
