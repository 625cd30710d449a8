import { decodePng } from "../codec/png/decode.js";
import type { PngImage } from "../codec/png/decode.js";
import { toRgba } from "../codec/png/rgba.js";
import { background, colorLookup, packColor, packedColorText, white } from "../manifest/color-lookup.js";
import type { ColorLookup } from "../manifest/color-lookup.js";
import type { GroundTruthColorMap } from "../manifest/color-map.js";
import type { ClassTable } from "../mask/classes.js";
import type { Rgb } from "../mask/palette.js";

/** What is wrong with a pixel; position = code in {@link PaintedPixels.codes}. */
export const pixelProblems = ["none", "index-mismatch", "unknown", "blended"] as const;
type Problem = (typeof pixelProblems)[number];

/** A mask looked at pixel by pixel, whatever it holds. */
export interface PaintedPixels {
  readonly width: number;
  readonly height: number;
  /** Class index of each pixel; the ignore index where it has none. */
  readonly data: Uint8Array;
  /** What is wrong with each pixel, as a position in {@link pixelProblems}. */
  readonly codes: Uint8Array;
  /** Number of pixels by problem. */
  readonly counts: Readonly<Record<Problem, number>>;
  /** The most frequent colours of no class, at most five, as `#rrggbb` with their pixels. */
  readonly unknownColors: readonly (readonly [color: string, pixels: number])[];
  /** Whether colours could be looked at; otherwise indices were. */
  readonly byColor: boolean;
}

/** A colour counts as mixed of two others when it is this near to the line between them, in steps of 8 bits. */
const blendTolerance = 10;
/** More different colours are a photograph; the rest counts as unknown without a name. */
const maxColors = 65_536;

/**
 * Reads a mask that the strict reader has refused: pixels of no class are counted and not an error.
 *
 * @throws `manifest.color-map` when the map does not fit the table, `codec` for a damaged file.
 */
export function paintedPixels<Name extends string>(
  png: Uint8Array,
  colorMap: GroundTruthColorMap,
  classes: ClassTable<Name>,
): PaintedPixels {
  const lookup = colorLookup(colorMap, classes, undefined);
  const image = decodePng(png);
  const byColor = lookup.hasColors && (image.colorType === "palette" || image.channels >= 3);
  return byColor ? byColors(image, lookup, classes.ignoreIndex) : byIndices(image, lookup, classes.ignoreIndex);
}

function byColors(image: PngImage, lookup: ColorLookup, ignoreIndex: number): PaintedPixels {
  const { width, height } = image;
  const rgba = toRgba(image);
  const palette = image.colorType === "palette" ? image.samples : undefined;
  const known: Rgb[] = [[255, 255, 255]];
  for (const { color } of lookup.byIndex.values()) if (color !== undefined) known.push(color);
  const data = new Uint8Array(width * height);
  const codes = new Uint8Array(width * height);
  const counts = { none: 0, "index-mismatch": 0, unknown: 0, blended: 0 };
  const seen = new Map<number, { readonly problem: Problem; readonly index: number; pixels: number; key: number }>();
  for (let at = 0; at < data.length; at++) {
    const alpha = rgba[at * 4 + 3]!;
    const color = (rgba[at * 4]! << 16) | (rgba[at * 4 + 1]! << 8) | rgba[at * 4 + 2]!;
    let found = seen.get(color);
    if (found === undefined) {
      found = { ...classify(color, known, lookup, ignoreIndex), pixels: 0 };
      if (seen.size < maxColors) seen.set(color, found);
    }
    if (alpha < 128) found = transparentPixel;
    found.pixels++;
    const mismatch = found.problem === "none" && palette !== undefined && isMismatch(palette[at]!, found.key, lookup);
    const problem = mismatch ? "index-mismatch" : alpha > 0 && alpha < 255 ? "blended" : found.problem;
    data[at] = found.index;
    codes[at] = pixelProblems.indexOf(problem);
    counts[problem]++;
  }
  const unknownColors = [...seen]
    .filter(([, { problem }]) => problem === "unknown")
    .sort(([, one], [, other]) => other.pixels - one.pixels)
    .slice(0, 5)
    .map(([color, { pixels }]) => [packedColorText(color), pixels] as const);
  return { width, height, data, codes, counts, unknownColors, byColor: true };
}

/** Read as background; not counted by colour. */
const transparentPixel = { problem: "none" as Problem, index: background, pixels: 0, key: -1 };

/** Index 0 may lack an entry, and white padding is background too: neither is the bug of 2020. */
function isMismatch(index: number, key: number, lookup: ColorLookup): boolean {
  return key >= 0 && index !== key && !(key === 0 && !lookup.byIndex.has(index));
}

function classify(
  color: number,
  known: readonly Rgb[],
  lookup: ColorLookup,
  ignoreIndex: number,
): { readonly problem: Problem; readonly index: number; readonly key: number } {
  const entry = lookup.entryOf(color);
  if (entry !== undefined) return { problem: "none", index: lookup.classOf(entry), key: entry.index };
  if (color === white) return { problem: "none", index: background, key: 0 };
  const rgb: Rgb = [color >> 16, (color >> 8) & 255, color & 255];
  const blended = known.some((one, at) => known.slice(at + 1).some((other) => isBetween(rgb, one, other)));
  return { problem: blended ? "blended" : "unknown", index: ignoreIndex, key: -1 };
}

/** Whether a colour lies near the straight line between two others. */
function isBetween(color: Rgb, one: Rgb, other: Rgb): boolean {
  if (packColor(one) === packColor(other)) return false;
  const line = [other[0] - one[0], other[1] - one[1], other[2] - one[2]] as const;
  const from = [color[0] - one[0], color[1] - one[1], color[2] - one[2]] as const;
  const length = line[0] ** 2 + line[1] ** 2 + line[2] ** 2;
  const share = (from[0] * line[0] + from[1] * line[1] + from[2] * line[2]) / length;
  if (share < 0 || share > 1) return false;
  return from.every((value, axis) => Math.abs(value - share * line[axis]!) <= blendTolerance);
}

function byIndices(image: PngImage, lookup: ColorLookup, ignoreIndex: number): PaintedPixels {
  const { width, height, channels, samples } = image;
  const data = new Uint8Array(width * height);
  const codes = new Uint8Array(width * height);
  const counts = { none: 0, "index-mismatch": 0, unknown: 0, blended: 0 };
  for (let at = 0; at < data.length; at++) {
    const value = samples[at * channels]!;
    const entry = lookup.byIndex.get(value);
    const problem = channels <= 2 && (entry !== undefined || value === 0) ? "none" : "unknown";
    data[at] = problem === "unknown" ? ignoreIndex : entry === undefined ? background : lookup.classOf(entry);
    codes[at] = pixelProblems.indexOf(problem);
    counts[problem]++;
  }
  return { width, height, data, codes, counts, unknownColors: [], byColor: false };
}
