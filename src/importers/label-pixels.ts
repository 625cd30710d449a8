import { freshBytes } from "../codec/fresh-bytes.js";
import type { ClassTable } from "../mask/classes.js";
import { createCheckedMask } from "../mask/mask-value.js";
import type { Mask } from "../mask/mask.js";
import { importError, type Place } from "./import-error.js";
import type { LabelMapping } from "./label-mapping.js";

/** What a value in a picture stands for: a label, pixels to ignore, or nobody's label; `undefined` for none of them. */
export type ValueMeaning = { readonly label: string } | "ignored" | "unlabeled" | undefined;

/** A picture whose values stand for labels. */
export interface LabeledPixels {
  readonly width: number;
  readonly height: number;
  /** Value of a pixel by its position. */
  readonly valueAt: (pixel: number) => number;
  readonly meaning: (value: number) => ValueMeaning;
}

/**
 * Turns a picture of values into a mask.
 *
 * @throws `import.file` for a value without meaning, `import.label` for a label without class; each with its pixel.
 */
export function labelPixels<Name extends string>(
  classes: ClassTable<Name>,
  { width, height, valueAt, meaning }: LabeledPixels,
  mapping: LabelMapping,
  place: Place,
): Mask<Name> {
  const data = freshBytes(width * height);
  const known = new Map<number, number>();
  let last = -1;
  let index = 0;
  for (let pixel = 0; pixel < data.length; pixel++) {
    const value = valueAt(pixel);
    // Masks are runs: most pixels have the value of the one before.
    if (value !== last) {
      const found = known.get(value) ?? indexOf(value, pixel);
      known.set(value, found);
      last = value;
      index = found;
    }
    data[pixel] = index;
  }
  return createCheckedMask(width, height, data, classes);

  function indexOf(value: number, pixel: number): number {
    const what = meaning(value);
    if (what === undefined) {
      const where = `(${pixel % width}, ${Math.floor(pixel / width)})`;
      throw importError(place, `the pixel ${where} has the value ${value}`, "values that the export gives a label");
    }
    if (what === "ignored") return classes.ignoreIndex;
    return (what === "unlabeled" ? undefined : mapping.indexOf(what.label, place)) ?? mapping.unlabeled;
  }
}
