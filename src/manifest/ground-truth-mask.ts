import { decodePng } from "../codec/png/decode.js";
import type { PngImage } from "../codec/png/decode.js";
import type { ClassTable } from "../mask/classes.js";
import { createMask } from "../mask/mask-value.js";
import type { Mask } from "../mask/mask.js";
import { colorLookup } from "./color-lookup.js";
import type { GroundTruthColorMap } from "./color-map.js";
import { MaskFindings } from "./mask-findings.js";
import type { MaskFinding } from "./mask-findings.js";
import { indicesFromColors } from "./color-mask-indices.js";
import { indicesFromGray, indicesFromPalette } from "./index-mask-indices.js";

/** A Ground Truth mask in the project's class table, with what was noticed on the way. */
export interface GroundTruthMask<in out Name extends string> {
  /** The mask in indices of the class table, whatever indices or colours the file has. */
  readonly mask: Mask<Name>;
  /** Empty for a mask that is as Ground Truth writes it today. */
  readonly findings: readonly MaskFinding[];
}

export type { MaskFinding };

/** Options of {@link decodeGroundTruthMask}. */
export interface GroundTruthMaskOptions {
  /** Address of the mask for error messages. */
  readonly uri?: string;
  /** Largest picture in pixels; default 100 million, Ground Truth's own limit (guide, input-data-limits). */
  readonly maxPixels?: number;
}

/**
 * Decodes a Ground Truth mask colour first: each pixel's colour is looked up in the colour map of its manifest line,
 * and the class of that name in the table is taken.
 *
 * For a mask as Ground Truth writes it, this gives the palette indices. Where index and colour disagree the colour
 * counts (AWS repaired its masks of 2020 that way), and a finding says so. White is background, and so is what is
 * transparent. Gray masks and colour maps without colours leave nothing but the indices.
 *
 * @throws `manifest.color-map` when the map does not fit the class table or a colour stands for two classes,
 * `mask.color` and `mask.index` for pixels that belong to no class, `codec` for a damaged file.
 */
export function decodeGroundTruthMask<Name extends string>(
  png: Uint8Array,
  colorMap: GroundTruthColorMap,
  classes: ClassTable<Name>,
  options: GroundTruthMaskOptions = {},
): GroundTruthMask<Name> {
  const { uri, maxPixels } = options;
  const lookup = colorLookup(colorMap, classes, uri);
  const image = decodePng(png, maxPixels === undefined ? {} : { maxPixels });
  const findings = new MaskFindings();
  const data = indicesOf(image, { lookup, findings, uri });
  const named = uri === undefined ? {} : { name: uri };
  return { mask: createMask(image.width, image.height, data, classes, named), findings: findings.list() };
}

function indicesOf(image: PngImage, reading: Parameters<typeof indicesFromPalette>[1]): Uint8Array {
  if (image.colorType === "palette") return indicesFromPalette(image, reading);
  return image.channels <= 2 ? indicesFromGray(image, reading) : indicesFromColors(image, reading);
}
