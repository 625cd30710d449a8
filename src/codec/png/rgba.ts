import type { PngImage } from "./decode.js";

/**
 * The colours of a decoded PNG, four bytes a pixel: palettes applied, gray below 8 bits scaled to the full range, the
 * high byte of 16-bit samples, tRNS made alpha (PNG 3rd edition, 12.4 and 13.12).
 */
export function toRgba(image: PngImage): Uint8Array {
  const { width, height } = image;
  const rgba = new Uint8Array(width * height * 4);
  if (image.colorType === "palette") paintPalette(image, rgba);
  else if (image.channels <= 2) paintGray(image, rgba);
  else paintColor(image, rgba);
  return rgba;
}

function paintPalette({ samples, palette, transparency }: PngImage, rgba: Uint8Array): void {
  for (let at = 0; at < samples.length; at++) {
    const entry = samples[at]!;
    rgba[at * 4] = palette![entry * 3]!;
    rgba[at * 4 + 1] = palette![entry * 3 + 1]!;
    rgba[at * 4 + 2] = palette![entry * 3 + 2]!;
    rgba[at * 4 + 3] = transparency?.[entry] ?? 255;
  }
}

function paintGray({ samples, channels, bitDepth, transparency }: PngImage, rgba: Uint8Array): void {
  // 1, 2 and 4 bits: times 255, 85, 17.
  const scale = bitDepth < 8 ? 255 / ((1 << bitDepth) - 1) : 1;
  const shift = bitDepth === 16 ? 8 : 0;
  const clear = transparency === undefined ? -1 : clearSample(transparency, 0, bitDepth);
  for (let from = 0, at = 0; from < samples.length; from += channels, at += 4) {
    const sample = samples[from]!;
    rgba.fill((sample * scale) >> shift, at, at + 3);
    rgba[at + 3] = channels === 2 ? samples[from + 1]! >> shift : sample === clear ? 0 : 255;
  }
}

function paintColor({ samples, channels, bitDepth, transparency }: PngImage, rgba: Uint8Array): void {
  const shift = bitDepth === 16 ? 8 : 0;
  const clear = transparency === undefined ? undefined : [0, 2, 4].map((at) => clearSample(transparency, at, bitDepth));
  for (let from = 0, at = 0; from < samples.length; from += channels, at += 4) {
    for (let c = 0; c < 3; c++) rgba[at + c] = samples[from + c]! >> shift;
    if (channels === 4) rgba[at + 3] = samples[from + 3]! >> shift;
    else rgba[at + 3] = clear?.every((value, c) => samples[from + c] === value) === true ? 0 : 255;
  }
}

/** tRNS samples are two bytes each, of which the low bits count; decoders must mask the others (11.3.1.1). */
export function clearSample(transparency: Uint8Array, at: number, bitDepth: number): number {
  return ((transparency[at]! << 8) | transparency[at + 1]!) & (2 ** bitDepth - 1);
}
