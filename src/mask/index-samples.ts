import type { PngImage } from "../codec/png/decode.js";
import { clearSample } from "../codec/png/rgba.js";
import { freshBytes } from "../codec/fresh-bytes.js";
import { SegmentationError } from "../core/errors.js";
import type { ColorIndex } from "./color-index.js";

/** How samples become class indices. */
export interface IndexRules {
  /** Class index by colour; needed for colour pictures, and used for palettes when given. */
  readonly colors: ColorIndex | undefined;
  /** What fully transparent pixels of colour files become; without it they are an error. */
  readonly transparent: number | undefined;
  /** What unknown colours and 16-bit values above 255 become; without it they are an error. */
  readonly unknown: number | undefined;
  /** Where the indices go; `height * width` bytes. */
  readonly out: Uint8Array | undefined;
  readonly name: string | undefined;
}

/** Turns the samples of a decoded PNG into one class index per pixel. */
export function toIndices(image: PngImage, rules: IndexRules): Uint8Array {
  if (image.colorType === "rgb" || image.colorType === "rgba") return fromColors(image, rules);
  if (image.colorType === "palette") {
    if (rules.colors !== undefined) return fromPalette(image, rules.colors, rules);
    return into(image.samples, rules.out);
  }
  return fromGray(image, rules);
}

/** Gray values are indices as they are; alpha is not looked at. */
function fromGray(image: PngImage, rules: IndexRules): Uint8Array {
  const { samples, channels, width } = image;
  if (channels === 1 && samples instanceof Uint8Array) return into(samples, rules.out);
  const data = target(image, rules.out);
  for (let at = 0; at < data.length; at++) {
    const sample = samples[at * channels]!;
    const index = sample > 255 && rules.unknown !== undefined ? rules.unknown : sample;
    if (index > 255) {
      const [x, y] = [at % width, Math.floor(at / width)];
      throw new SegmentationError(
        "mask.index",
        `${subject(rules.name)} has the 16-bit value ${index} at (${x}, ${y}). Expected class indices, 0 to 255.`,
        { index, x, y, classes: 256, ...named(rules.name) },
      );
    }
    data[at] = index;
  }
  return data;
}

/** Colour first: the index follows from the palette's colour, not from its place. */
function fromPalette(image: PngImage, colors: ColorIndex, rules: IndexRules): Uint8Array {
  const palette = image.palette!;
  const table = Array.from({ length: palette.length / 3 }, (_, entry) => {
    const alpha = image.transparency?.[entry] ?? 255;
    if (alpha === 0 && rules.transparent !== undefined) return rules.transparent;
    const color = (palette[entry * 3]! << 16) | (palette[entry * 3 + 1]! << 8) | palette[entry * 3 + 2]!;
    return (alpha === 255 ? colors.get(color) : undefined) ?? rules.unknown ?? -1;
  });
  const data = target(image, rules.out);
  const { samples, width } = image;
  for (let at = 0; at < data.length; at++) {
    const entry = samples[at]!;
    const index = table[entry]!;
    if (index < 0) {
      const alpha = image.transparency?.[entry] ?? 255;
      const color = [...palette.subarray(entry * 3, entry * 3 + 3), ...(alpha === 255 ? [] : [alpha])];
      throw unknownColor(colorText(color, 8), at, width, rules.name);
    }
    data[at] = index;
  }
  return data;
}

function fromColors(image: PngImage, rules: IndexRules): Uint8Array {
  const { samples, channels, width, bitDepth, transparency } = image;
  const { colors, transparent } = rules;
  if (colors === undefined) {
    throw new SegmentationError(
      "codec.png",
      `${subject(rules.name)} is a colour picture. Expected a palette or gray PNG of class indices, or a colorMap (or classes with colours) to read the colours by.`,
      { offset: 25, chunk: "IHDR", expected: "a palette or gray PNG, or a colorMap" },
    );
  }
  const opaque = 2 ** bitDepth - 1;
  // Of files without alpha one colour may be transparent.
  const clear = transparency && [0, 2, 4].map((at) => clearSample(transparency, at, bitDepth));
  const data = target(image, rules.out);
  let last = -1;
  let index: number | undefined;
  for (let at = 0, from = 0; at < data.length; at++, from += channels) {
    const isClear = clear?.every((sample, channel) => samples[from + channel] === sample) === true;
    const alpha = channels === 4 ? samples[from + 3]! : isClear ? 0 : opaque;
    if (alpha === opaque) {
      const color =
        bitDepth === 8
          ? (samples[from]! << 16) | (samples[from + 1]! << 8) | samples[from + 2]!
          : (narrow(samples[from]!) << 16) | (narrow(samples[from + 1]!) << 8) | narrow(samples[from + 2]!);
      // Masks are runs: most pixels have the colour of the one before. A 16-bit colour that no 8-bit colour stands for
      // comes out negative and is in no map.
      if (color !== last) index = colors.get(color);
      last = color;
    } else {
      index = alpha === 0 ? transparent : undefined;
      last = -1;
    }
    const found = index ?? rules.unknown;
    if (found === undefined) {
      const color = [...samples.subarray(from, from + 3), ...(alpha === opaque ? [] : [alpha])];
      throw unknownColor(colorText(color, bitDepth), at, width, rules.name);
    }
    data[at] = found;
  }
  return data;
}

/** 8-bit value of a 16-bit sample that was scaled up exactly (times 257), else a mark that makes the colour negative. */
function narrow(sample: number): number {
  return sample % 257 === 0 ? sample / 257 : -0x8000;
}

/** `#rrggbb`, `#rrggbbaa`, or the same of four digits each. */
function colorText(color: Iterable<number>, bitDepth: number): string {
  return `#${Array.from(color, (value) => value.toString(16).padStart(bitDepth / 4, "0")).join("")}`;
}

function unknownColor(color: string, at: number, width: number, name: string | undefined): SegmentationError {
  const [x, y] = [at % width, Math.floor(at / width)];
  return new SegmentationError(
    "mask.color",
    `${subject(name)} has the colour ${color} at (${x}, ${y}), which stands for no class. ` +
      "Smoothed edges, half transparent paint and lossy copies of masks have such colours.",
    { color, x, y, ...named(name) },
  );
}

function target(image: PngImage, out: Uint8Array | undefined): Uint8Array {
  const count = image.width * image.height;
  if (out !== undefined) return out.subarray(0, count);
  // 8-bit samples belong to this decode alone and are read before they are written over.
  return image.samples instanceof Uint8Array && image.channels === 1 ? image.samples : freshBytes(count);
}

function into(samples: PngImage["samples"], out: Uint8Array | undefined): Uint8Array {
  if (out === undefined && samples instanceof Uint8Array) return samples;
  const data = out?.subarray(0, samples.length) ?? freshBytes(samples.length);
  // `decodePng` may have written there already.
  if (data.buffer !== samples.buffer || data.byteOffset !== samples.byteOffset) data.set(samples);
  return data;
}

function subject(name: string | undefined): string {
  return name === undefined ? "The mask" : `The mask ${name}`;
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}
