import { SegmentationError } from "../core/errors.js";
import type { ClassTable } from "../mask/classes.js";
import type { ColorMap } from "../mask/color-index.js";
import { decodeMask } from "../mask/decode-mask.js";
import { createMask } from "../mask/mask-value.js";
import type { Mask } from "../mask/mask.js";

/** Meaning of values in mask files: a gray value, a palette index or `#rrggbb` to a class, or `null` to ignore. */
export type MaskValues<Name extends string> = Readonly<Record<string | number, Name | null>>;

/**
 * Makes a reader of mask files for one meaning of their values.
 *
 * @throws `input.invalid` for a key that is no value or colour, `classes.unknown` for a name that is no class.
 */
export function createMaskReader<Name extends string>(
  classes: ClassTable<Name>,
  values: MaskValues<Name> | undefined,
): (png: Uint8Array, name: string) => Mask<Name> {
  if (values === undefined) return (png, name) => decodeMask(png, { classes, name });
  const entries = Object.entries(values).map(
    ([key, className]) => [key, className === null ? classes.ignoreIndex : classes.indexOf(className)] as const,
  );
  const colors = entries.filter(([key]) => key.startsWith("#"));
  if (colors.length > 0) {
    if (colors.length !== entries.length) throw invalid(Object.keys(values), "either colours or numbers, not both");
    const colorMap: ColorMap = Object.fromEntries(colors);
    return (png, name) => decodeMask(png, { classes, name, colorMap });
  }
  const table = new Int16Array(256).fill(-1);
  for (const [key, index] of entries) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(key) || Number(key) > 255) throw invalid(key, "values from 0 to 255 or #rrggbb");
    table[Number(key)] = index;
  }
  if (entries.length === 0) throw invalid(values, "at least one value");
  return (png, name) => {
    const { width, height, data } = decodeMask(png, { name });
    translate(data, table, { width, classes: classes.count, name });
    return createMask(width, height, data, classes, { name });
  };
}

/** Replaces every value by what it stands for, in place: the data was decoded for this alone. */
function translate(
  data: Uint8Array,
  table: Int16Array,
  where: { readonly width: number; readonly classes: number; readonly name: string },
): void {
  for (let at = 0; at < data.length; at++) {
    const index = table[data[at]!]!;
    if (index < 0) {
      const value = data[at]!;
      const [x, y] = [at % where.width, Math.floor(at / where.width)];
      throw new SegmentationError(
        "mask.index",
        `The mask ${where.name} has the value ${value} at (${x}, ${y}), which "values" does not list.`,
        { index: value, x, y, classes: where.classes, name: where.name },
      );
    }
    data[at] = index;
  }
}

function invalid(value: unknown, expected: string): SegmentationError<"input.invalid"> {
  return new SegmentationError("input.invalid", `values cannot be used. Expected ${expected}.`, {
    parameter: "values",
    value,
    expected,
  });
}
