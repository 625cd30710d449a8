import type { PngImage } from "../codec/png/decode.js";
import { toRgba } from "../codec/png/rgba.js";
import { background, white } from "./color-lookup.js";
import type { ColorLookup, PackedColor } from "./color-lookup.js";
import { colorMapError } from "./color-map.js";
import { opaqueEnough } from "./index-mask-indices.js";
import type { MaskReading } from "./index-mask-indices.js";
import { noClassColor } from "./unknown-pixel.js";

/** Class indices of an RGB or RGBA mask, by colour. Of 16-bit samples the high byte counts. */
export function indicesFromColors(image: PngImage, reading: MaskReading): Uint8Array {
  const { lookup, findings, uri } = reading;
  const { width, height } = image;
  if (!lookup.hasColors) {
    throw colorMapError(
      "The mask is a colour picture, and its colour map has no colours.",
      "a hex-color for each class",
      uri,
    );
  }
  const [bytes, channels] = byteSamples(image);
  const data = new Uint8Array(width * height);
  let lastColor = -1;
  let lastClass: number = background;
  let transparent = 0;
  let half = 0;
  for (let at = 0, from = 0; at < data.length; at++, from += channels) {
    const alpha = channels === 4 ? bytes[from + 3]! : 255;
    if (alpha === 0) transparent++;
    else if (alpha < 255) half++;
    if (alpha < opaqueEnough) continue;
    const color = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
    // Masks are runs: most pixels have the colour of the one before.
    if (color !== lastColor) {
      const found = classOfColor(color, lookup);
      if (found === undefined) throw noClassColor(color, at, width, uri);
      lastColor = color;
      lastClass = found;
    }
    data[at] = lastClass;
  }
  findings.add("not-palette", data.length);
  findings.add("transparent", transparent);
  findings.add("half-transparent", half);
  return data;
}

function byteSamples(image: PngImage): readonly [bytes: Uint8Array, channels: number] {
  const { samples, channels, transparency } = image;
  if (samples instanceof Uint8Array && transparency === undefined) return [samples, channels];
  return [toRgba(image), 4];
}

function classOfColor(color: PackedColor, lookup: ColorLookup): number | undefined {
  const entry = lookup.entryOf(color);
  if (entry !== undefined) return lookup.classOf(entry);
  return color === white ? background : undefined;
}
