import { decodeParts } from "../codec/png/decode.js";
import { readPngSize } from "../codec/png/header.js";
import type { PngColorType } from "../codec/png/header.js";
import { mapColorsInKernel } from "../codec/png/kernel-decode.js";
import { readPngParts } from "../codec/png/read-parts.js";
import type { PngParts } from "../codec/png/read-parts.js";
import { SegmentationError } from "../core/errors.js";
import { checkBytes } from "../core/bytes.js";
import type { ClassTable } from "./classes.js";
import { colorIndexOf, colorIndexOfClasses } from "./color-index.js";
import type { ColorMap } from "./color-index.js";
import { toIndices } from "./index-samples.js";
import type { IndexRules } from "./index-samples.js";
import { createCheckedMask, createMask } from "./mask-value.js";
import type { IndexMask, Mask } from "./mask.js";
import type { Rgb } from "./palette.js";

/** Options of {@link decodeMask}. */
export interface DecodeMaskOptions {
  /**
   * Class index by colour. Needed for RGB and RGBA masks unless `classes` has their colours. For palette masks it makes
   * the colours count instead of the stored indices. Gray masks always hold indices.
   */
  readonly colorMap?: ColorMap;
  /**
   * Class index of fully transparent pixels where colours count; default: such pixels are an error, as are half
   * transparent ones always, since their colour is not what a viewer shows.
   */
  readonly transparent?: number;
  /** Largest picture in pixels; default 100 million. */
  readonly maxPixels?: number;
  /** Most chunks of the file; default 100,000. */
  readonly maxChunks?: number;
  /** Memory for the indices, at least `width * height` bytes; the mask's `data` is a view on it. */
  readonly out?: Uint8Array;
  /** Unknown colours and indices become the ignore index (255 without `classes`) instead of an error; default false. */
  readonly ignoreUnknown?: boolean;
  /** What the mask is called in errors, e.g. its file or S3 URI. */
  readonly name?: string;
}

/** A decoded mask without a class table. */
export interface DecodedMask extends IndexMask {
  /** How the file stores its pixels. */
  readonly kind: PngColorType;
  /** Colours of the palette by index; `undefined` when the file has none. */
  readonly palette: readonly Rgb[] | undefined;
}

/**
 * Reads a mask from PNG bytes: the stored indices or gray values, never colours, never scaled.
 *
 * Takes gray of 1 to 16 bits, palettes of 1 to 8 bits, gray with alpha, and with a colour map RGB and RGBA of 8 and 16
 * bits; interlaced or not. Alpha beside indices is not looked at; where colours count, pixels must be opaque. Checksums are verified; bytes after the end of the PNG are
 * ignored. With `classes` every index is checked and the result is a {@link Mask}.
 *
 * @throws `codec.png` (damaged, not a PNG, a colour picture without colour map), `codec.limit` (above `maxPixels` or `maxChunks`),
 * `mask.index` (no class, or a 16-bit value above 255), `mask.color` (a colour of no class), `input.invalid`.
 *
 * @example
 * ```ts
 * import { decodeMask, defineClasses, encodeMask } from "sagemaker-semseg/masks";
 *
 * const classes = defineClasses(["background", "sea turtle"]);
 * const png = encodeMask({ width: 2, height: 1, data: Uint8Array.of(0, 1) });
 * decodeMask(png, { classes }).share("sea turtle"); // 0.5
 * ```
 */
export function decodeMask<Name extends string>(
  png: Uint8Array,
  options: DecodeMaskOptions & { readonly classes: ClassTable<Name> },
): Mask<Name>;
export function decodeMask(png: Uint8Array, options?: DecodeMaskOptions): DecodedMask;
export function decodeMask<Name extends string>(
  png: Uint8Array,
  options: DecodeMaskOptions & { readonly classes?: ClassTable<Name> } = {},
): Mask<Name> | DecodedMask {
  const { classes, colorMap, out, ignoreUnknown = false, transparent, name } = options;
  checkPngBytes(png);
  checkClasses(classes);
  checkTransparent(transparent);
  checkOut(png, out);
  const parts = readPngParts(png, options);
  const { width, height, colorType } = parts.header;
  // A palette's own indices count unless the caller says what its colours mean; the classes' colours are only display.
  const byColor = colorType === "rgb" || colorType === "rgba";
  const colors =
    colorMap !== undefined
      ? colorIndexOf(colorMap)
      : byColor && classes !== undefined
        ? colorIndexOfClasses(classes)
        : undefined;
  const unknown = ignoreUnknown ? (classes?.ignoreIndex ?? 255) : undefined;
  const rules = { colors, transparent, unknown, out, name };
  const { data, highest = 255 } = readIndices(parts, rules, classes?.ignoreIndex);
  if (classes === undefined) return { width, height, data, kind: colorType, palette: paletteOf(parts.palette) };
  if (highest < classes.count) return createCheckedMask(width, height, data, classes);
  if (ignoreUnknown) replaceUnknown(data, classes.count, classes.ignoreIndex);
  return createMask(width, height, data, classes, name === undefined ? {} : { name });
}

/** The indices, and the highest of them (but for the ignored ones) where it is known. */
function readIndices(
  parts: PngParts,
  rules: IndexRules,
  except: number | undefined,
): { readonly data: Uint8Array; readonly highest?: number } {
  const { channels } = parts.header;
  const quick =
    rules.colors !== undefined && channels >= 3 ? mapColorsInKernel(parts, rules.colors, rules, except) : undefined;
  if (quick !== undefined) return quick;
  // Where a sample is an index, it goes to its place at once.
  const options = {
    ...(except === undefined ? {} : { except }),
    ...(channels === 1 && rules.out !== undefined ? { out: rules.out } : {}),
  };
  const image = decodeParts(parts, options);
  const data = toIndices(image, rules);
  return image.highest === undefined || rules.colors !== undefined ? { data } : { data, highest: image.highest };
}

/** For JavaScript users: a path or an array of names would otherwise give an error far from its cause, or none. */
export function checkPngBytes(png: unknown): void {
  if (png instanceof Uint8Array) return;
  const expected = "the bytes of a PNG file as a Uint8Array, e.g. of readFile(path)";
  throw new SegmentationError("input.invalid", `The mask is ${typeof png}. Expected ${expected}.`, {
    parameter: "png",
    value: typeof png,
    expected,
  });
}

/** The same for class tables. */
export function checkClasses(classes: unknown): void {
  if (classes === undefined || (typeof classes === "object" && classes !== null && "ignoreIndex" in classes)) return;
  const expected = "a class table made by defineClasses([...])";
  throw new SegmentationError("input.invalid", `classes is ${typeof classes}. Expected ${expected}.`, {
    parameter: "classes",
    value: classes,
    expected,
  });
}

function checkTransparent(value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= 255)) return;
  const expected = "a class index, 0 to 255";
  throw new SegmentationError("input.invalid", `transparent is ${value}. Expected ${expected}.`, {
    parameter: "transparent",
    value,
    expected,
  });
}

/** Refuses memory that is too small before the work is done; a damaged header is left to the decoder. */
function checkOut(png: Uint8Array, out: Uint8Array | undefined): void {
  if (out === undefined) return;
  checkBytes("out", out);
  const size = readPngSize(png);
  if (size === undefined || out.length >= size.width * size.height) return;
  const expected = `at least ${size.width * size.height} bytes`;
  throw new SegmentationError("input.invalid", `out has ${out.length} bytes. Expected ${expected}.`, {
    parameter: "out",
    value: out.length,
    expected,
  });
}

function replaceUnknown(data: Uint8Array, count: number, ignoreIndex: number): void {
  for (let at = 0; at < data.length; at++) if (data[at]! >= count) data[at] = ignoreIndex;
}

function paletteOf(bytes: Uint8Array | undefined): readonly Rgb[] | undefined {
  if (bytes === undefined) return undefined;
  return Array.from({ length: bytes.length / 3 }, (_, index) => [
    bytes[index * 3]!,
    bytes[index * 3 + 1]!,
    bytes[index * 3 + 2]!,
  ]);
}
