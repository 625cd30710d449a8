import { freshBytes } from "../codec/fresh-bytes.js";
import type { ClassTable } from "../mask/classes.js";
import { createCheckedMask } from "../mask/mask-value.js";
import type { Mask } from "../mask/mask.js";
import { compose, type Layer, type Overlap } from "../raster/compose.js";
import { importError, type Place } from "./import-error.js";

/** Largest picture that is drawn, in pixels; the same limit as for masks that are read. */
const mostPixels = 100_000_000;

/** What a mask is drawn from. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly layers: readonly Layer[];
  /** Index of pixels where no layer is. */
  readonly unlabeled: number;
  readonly overlap: Overlap | undefined;
}

/** Draws shapes into a mask. Throws `import.file` for a size that cannot be, and what the shapes throw. */
export function drawMask<Name extends string>(
  classes: ClassTable<Name>,
  { width, height, layers, unlabeled, overlap = "later" }: Drawing,
  place: Place,
): Mask<Name> {
  checkSize(width, height, place);
  const data = freshBytes(width * height).fill(unlabeled);
  compose({ width, height, data }, layers, overlap, classes.ignoreIndex);
  return createCheckedMask(width, height, data, classes);
}

/** Refuses sizes that are no pictures, or too large ones, before memory is asked for. */
export function checkSize(width: number, height: number, place: Place): void {
  const sound = [width, height].every((side) => Number.isSafeInteger(side) && side >= 1);
  if (sound && width * height <= mostPixels) return;
  throw importError(place, `the picture has ${width} x ${height} pixels`, `1 to ${mostPixels} pixels in all`);
}
