import { encodePng } from "../../codec/png/encode.js";
import type { AnyClassTable } from "../../mask/classes.js";
import type { IndexMask } from "../../mask/mask.js";
import type { Rgb } from "../../mask/palette.js";
import { resizeMask } from "../../mask/resize-mask.js";
import type { PageWording } from "../report-content.js";

/** Longest side of a layer in pixels: more is not seen on a page, and a phone has to hold them all. */
const maxSide = 1024;

/** Alpha of class colours over the image. */
const classAlpha = 165;
const ignoredColor: Rgb = [128, 128, 128];

/** Colours of the difference picture; position = index in its palette. */
const differenceColors = [
  ["right", [0, 114, 178]],
  ["missed", [213, 94, 0]],
  ["extra", [240, 228, 66]],
  ["confused", [204, 121, 167]],
  ["ignored", ignoredColor],
] as const satisfies readonly (readonly [key: string, color: Rgb])[];

type DifferenceKey = (typeof differenceColors)[number][0];

/** What a pixel of the difference picture means. */
export function differenceKinds({ truth, prediction, comparison }: PageWording): readonly {
  readonly key: DifferenceKey;
  readonly label: string;
  readonly color: Rgb;
}[] {
  const labels: Readonly<Record<DifferenceKey, string>> = comparison
    ? {
        right: "the same class",
        missed: `a class in ${truth}, background in ${prediction}`,
        extra: `background in ${truth}, a class in ${prediction}`,
        confused: "two different classes",
        ignored: `ignored in ${truth}`,
      }
    : {
        right: "right",
        missed: "missed: truth is a class, predicted as background",
        extra: "false alarm: truth is background, predicted as a class",
        confused: "confused: another class",
        ignored: "ignored in the truth",
      };
  return differenceColors.map(([key, color]) => ({ key, label: labels[key], color }));
}

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
  const clear = differenceColors.length;
  const samples = one.data.map((is, at) => {
    if (is === classes.ignoreIndex) return 4;
    const was = other[at]!;
    if (is === was) return is === 0 ? clear : 0;
    // A prediction that is no class has found nothing, as background has.
    const found = was > 0 && was < classes.count;
    if (is === 0) return found ? 2 : 3;
    return found ? 3 : 1;
  });
  const palette = new Uint8Array([...differenceColors.flatMap(([, color]) => color), 0, 0, 0]);
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
