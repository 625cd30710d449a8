import { SegmentationError } from "../core/errors.js";
import { ignoredColor } from "./encode-mask.js";
import { withLegend } from "./legend.js";
import { histogram } from "./mask-value.js";
import type { Mask } from "./mask.js";
import type { Rgb } from "./palette.js";
import { createPicture } from "./picture.js";
import type { LegendEntry, Picture, PixelImage } from "./picture.js";

/** Options of {@link overlay}. */
export interface OverlayOptions {
  /** How much of the class colour covers the image, 0 (nothing) to 1 (all); default 0.5. */
  readonly alpha?: number;
  /** Whether class 0, the background, is painted as well; default false. */
  readonly background?: boolean;
  /** Whether ignored pixels are painted, in a colour that no class has; default false. */
  readonly ignored?: boolean;
  /** Whether a strip with colours and class names is drawn below; default false. The legend is data in any case. */
  readonly legend?: boolean;
}

/**
 * Paints a mask over the image it belongs to, each class in its colour.
 *
 * @param image - RGB or RGBA, 8 bits, of the mask's size.
 * @returns The picture; its `legend` has the classes that were painted and occur, ignored pixels as `(ignored)`.
 * @throws `mask.size` when the sizes differ, `input.invalid` for image data that is not RGB or RGBA, or alpha beyond 0..1.
 */
export function overlay<Name extends string>(
  image: PixelImage,
  mask: Mask<Name>,
  options: OverlayOptions = {},
): Picture {
  const { alpha = 0.5, background = false, ignored = false } = options;
  if (!(alpha >= 0 && alpha <= 1)) throw invalid("alpha", alpha, "a number from 0 to 1");
  if (image.width !== mask.width || image.height !== mask.height) {
    throw new SegmentationError(
      "mask.size",
      `The image is ${image.width} x ${image.height} pixels, the mask ${mask.width} x ${mask.height}. ` +
        "Expected the same size: resize one of them.",
      { expected: [image.width, image.height], actual: [mask.width, mask.height] },
    );
  }
  const { classes } = mask;
  const colors = new Map<number, LegendEntry>();
  for (const [index, label] of classes.names.entries()) {
    if (index > 0 || background) colors.set(index, { label, color: classes.colors[index]! });
  }
  if (ignored) colors.set(classes.ignoreIndex, { label: "(ignored)", color: ignoredColor(classes.colors) });
  const data = blend(image, mask.data, colors, alpha);
  const counts = histogram(mask.data);
  const legend = [...colors].filter(([index]) => counts[index]! > 0).map(([, entry]) => entry);
  const picture = createPicture(mask.width, mask.height, data, legend);
  return options.legend === true ? withLegend(picture) : picture;
}

/** Copies the image as RGBA and mixes the colours in: `(1 - alpha) * image + alpha * colour`, rounded. */
function blend(
  image: PixelImage,
  indices: Uint8Array,
  colors: ReadonlyMap<number, LegendEntry>,
  alpha: number,
): Uint8Array {
  const pixels = indices.length;
  const channels = image.data.length / pixels;
  if (channels !== 3 && channels !== 4) {
    throw invalid("image.data", image.data.length, `${pixels * 3} bytes (RGB) or ${pixels * 4} (RGBA)`);
  }
  const tables = new Array<readonly Uint8Array[] | undefined>(256);
  for (const [index, { color }] of colors) tables[index] = mixTables(color, alpha);
  const rgba = new Uint8Array(pixels * 4);
  const source = image.data;
  for (let pixel = 0, from = 0, to = 0; pixel < pixels; pixel++, from += channels, to += 4) {
    const mix = tables[indices[pixel]!];
    for (let c = 0; c < 3; c++) rgba[to + c] = mix === undefined ? source[from + c]! : mix[c]![source[from + c]!]!;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** For each channel the result of every image value: one look-up instead of arithmetic at each pixel. */
function mixTables(color: Rgb, alpha: number): readonly Uint8Array[] {
  return color.map((value) => Uint8Array.from({ length: 256 }, (_, base) => Math.round(base + (value - base) * alpha)));
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `${parameter} does not fit. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
