import { encodePng } from "../../codec/png/encode.js";
import type { AnyClassTable } from "../../mask/classes.js";
import type { IndexMask } from "../../mask/mask.js";
import type { Rgb } from "../../mask/palette.js";
import { resizeMask } from "../../mask/resize-mask.js";

/** Longest side of a layer in pixels: more is not seen on a page, and a phone has to hold them all. */
const maxSide = 1024;

/** Alpha of class colours over the image. */
const classAlpha = 165;
const ignoredColor: Rgb = [128, 128, 128];

/** What a pixel of the difference picture means; position = index in its palette. */
export const differenceKinds = [
  { key: "right", label: "right", color: [0, 114, 178] },
  { key: "missed", label: "missed: truth is a class, predicted as background", color: [213, 94, 0] },
  { key: "extra", label: "false alarm: truth is background, predicted as a class", color: [240, 228, 66] },
  { key: "confused", label: "confused: another class", color: [204, 121, 167] },
  { key: "ignored", label: "ignored in the truth", color: ignoredColor },
] as const satisfies readonly { key: string; label: string; color: Rgb }[];

/** A mask in its class colours as PNG to lay over the image: background clear, ignored pixels gray. */
export function maskLayer(mask: IndexMask, classes: AnyClassTable): Uint8Array {
  const { width, height, data } = smaller(mask);
  const palette = new Uint8Array(256 * 3).fill(128);
  const alpha = new Uint8Array(256).fill(classAlpha);
  for (const [index, color] of classes.colors.entries()) palette.set(color, index * 3);
  alpha[0] = 0;
  return encodePng({ width, height, colorType: "palette", samples: data, palette, transparency: alpha });
}

/** Where truth and prediction differ, as PNG to lay over the image; right background is clear. */
export function differenceLayer(truth: IndexMask, prediction: IndexMask, classes: AnyClassTable): Uint8Array {
  const one = smaller(truth);
  const { width, height } = one;
  const other = smaller(prediction).data;
  const clear = differenceKinds.length;
  const samples = one.data.map((is, at) => {
    if (is === classes.ignoreIndex) return 4;
    const was = other[at]!;
    if (is === was) return is === 0 ? clear : 0;
    // A prediction that is no class has found nothing, as background has.
    const found = was > 0 && was < classes.count;
    if (is === 0) return found ? 2 : 3;
    return found ? 3 : 1;
  });
  const palette = new Uint8Array([...differenceKinds.flatMap(({ color }) => color), 0, 0, 0]);
  const transparency = Uint8Array.of(150, 235, 235, 235, 150, 0);
  return encodePng({ width, height, colorType: "palette", samples, palette, transparency });
}

function smaller(mask: IndexMask): IndexMask {
  const { width, height, data } = mask;
  const scale = maxSide / Math.max(width, height);
  if (scale >= 1) return mask;
  const fit = (side: number): number => Math.max(1, Math.round(side * scale));
  return resizeMask({ width, height, data }, fit(width), fit(height));
}
