import { SegmentationError } from "../core/errors.js";
import { blend } from "./blend.js";
import { boundaryBand } from "./boundary-band.js";
import { ignoredColor } from "./encode-mask.js";
import { withLegend } from "./legend.js";
import { histogram } from "./mask-value.js";
import type { Mask } from "./mask.js";
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
  /** Draws the outline of every painted region inside of it, in the class's colour, uncovered by `alpha`; default none. */
  readonly contour?: ContourOptions;
  /** Whether a strip with colours and class names is drawn below; default false. The legend is data in any case. */
  readonly legend?: boolean;
}

/** How outlines are drawn. */
export interface ContourOptions {
  /** Pixels, 1 to 1000; default 2. The edge of the picture is no outline. */
  readonly width?: number;
}

/**
 * Paints a mask over the image it belongs to, each class in its colour.
 *
 * @param image - RGB or RGBA, 8 bits, of the mask's size.
 * @returns The picture; its `legend` has the classes that were painted and occur, ignored pixels as `(ignored)`.
 * @throws `mask.size` when the sizes differ, `input.invalid` for image data that is not RGB or RGBA, or options out of range.
 */
export function overlay<Name extends string>(
  image: PixelImage,
  mask: Mask<Name>,
  options: OverlayOptions = {},
): Picture {
  const { alpha = 0.5, background = false, ignored = false } = options;
  if (!(alpha >= 0 && alpha <= 1)) throw invalid("alpha", alpha, "a number from 0 to 1");
  const contour = options.contour === undefined ? undefined : (options.contour.width ?? 2);
  if (contour !== undefined && !(Number.isInteger(contour) && contour >= 1 && contour <= 1000)) {
    throw invalid("contour.width", contour, "an integer from 1 to 1000");
  }
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
  const data = blend(image, {
    indices: mask.data,
    colors: new Map([...colors].map(([index, { color }]) => [index, color])),
    alpha,
    solid: contour === undefined ? undefined : boundaryBand(mask, contour, false),
  });
  const counts = histogram(mask.data);
  const legend = [...colors].filter(([index]) => counts[index]! > 0).map(([, entry]) => entry);
  const picture = createPicture(mask.width, mask.height, data, legend);
  return options.legend === true ? withLegend(picture) : picture;
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `${parameter} does not fit. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
