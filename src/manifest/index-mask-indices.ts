import type { PngImage } from "../codec/png/decode.js";
import { histogram } from "../mask/mask-value.js";
import { background, packColor, white } from "./color-lookup.js";
import type { ColorLookup, PackedColor } from "./color-lookup.js";
import type { MaskFindings } from "./mask-findings.js";
import { noClassColor, noClassIndex } from "./unknown-pixel.js";

/** What the readers of one mask share. */
export interface MaskReading {
  readonly lookup: ColorLookup;
  readonly findings: MaskFindings;
  readonly uri: string | undefined;
}

/** Alpha from which a pixel counts as painted. */
export const opaqueEnough = 128;

/** Class indices of a palette mask: one decision for each palette entry that is used, then one table look-up a pixel. */
export function indicesFromPalette(image: PngImage, reading: MaskReading): Uint8Array {
  const { palette, transparency } = image;
  // A palette has at most 256 entries, so its samples are bytes.
  const samples = image.samples as Uint8Array;
  const used = histogram(samples);
  const classOf = new Uint8Array(256);
  for (const [index, pixels] of used.entries()) {
    if (pixels === 0) continue;
    const alpha = transparency?.[index] ?? 255;
    if (alpha < 255) reading.findings.add(alpha === 0 ? "transparent" : "half-transparent", pixels);
    if (alpha < opaqueEnough) continue;
    const color = packColor([palette![index * 3]!, palette![index * 3 + 1]!, palette![index * 3 + 2]!]);
    const found = resolve(index, color, pixels, reading);
    if (found === undefined) throw noClassColor(color, samples.indexOf(index), image.width, reading.uri);
    if (found < 0) throw noClassIndex(index, samples.indexOf(index), image.width, reading);
    classOf[index] = found;
  }
  return samples.map((index) => classOf[index]!);
}

/** The class of a palette entry; `undefined` for a colour of no class, -1 for an index of none. */
function resolve(index: number, color: PackedColor, pixels: number, reading: MaskReading): number | undefined {
  const { lookup, findings } = reading;
  const own = lookup.byIndex.get(index);
  if (own?.color !== undefined && packColor(own.color) === color) return lookup.classOf(own);
  if (lookup.hasColors) {
    const byColor = lookup.entryOf(color);
    const isBackground = byColor === undefined ? color === white : lookup.classOf(byColor) === background;
    if (isBackground && own === undefined) {
      // Index 0 without an entry is the usual background of a map that leaves it out.
      if (index > 0) findings.add("padding-used", pixels, { index });
      return background;
    }
    if (byColor !== undefined) {
      findings.add("index-mismatch", pixels, { index, expectedIndex: byColor.index });
      return lookup.classOf(byColor);
    }
    if (own?.color !== undefined || own === undefined) {
      if (color !== white) return undefined;
      findings.add("index-mismatch", pixels, { index, expectedIndex: 0 });
      return background;
    }
  }
  findings.add("no-colors", pixels);
  return byIndex(index, color, lookup);
}

/** The oldest maps have no colours and no entry for the background; padding is white there too. */
function byIndex(index: number, color: PackedColor | undefined, lookup: ColorLookup): number {
  const entry = lookup.byIndex.get(index);
  if (entry !== undefined) return lookup.classOf(entry);
  return index === 0 || color === white ? background : -1;
}

/** Class indices of a gray mask: its values are keys of the colour map. */
export function indicesFromGray(image: PngImage, reading: MaskReading): Uint8Array {
  const { samples, channels, width, height, bitDepth, transparency } = image;
  const { findings, lookup } = reading;
  const data = new Uint8Array(width * height);
  const opaque = (1 << bitDepth) - 1;
  const clear = transparency === undefined ? -1 : (transparency[0]! << 8) | transparency[1]!;
  let transparent = 0;
  let half = 0;
  for (let at = 0; at < data.length; at++) {
    const value = samples[at * channels]!;
    const alpha = channels === 2 ? samples[at * 2 + 1]! / opaque : value === clear ? 0 : 1;
    if (alpha === 0) transparent++;
    else if (alpha < 1) half++;
    if (alpha * 255 < opaqueEnough) continue;
    const found = byIndex(value, undefined, lookup);
    if (found < 0) throw noClassIndex(value, at, width, reading);
    data[at] = found;
  }
  findings.add("no-colors", data.length - transparent);
  findings.add("transparent", transparent);
  findings.add("half-transparent", half);
  return data;
}
