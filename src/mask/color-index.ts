import { SegmentationError } from "../core/errors.js";
import type { AnyClassTable } from "./classes.js";
import { parseColor } from "./palette.js";

/** Class index by colour, `#rrggbb` in either case: several colours may stand for one class. */
export type ColorMap = Readonly<Record<string, number>>;

/** A colour map ready to be asked with `red << 16 | green << 8 | blue`. */
export type ColorIndex = ReadonlyMap<number, number>;

/** Reads a colour map. Throws `input.invalid` for keys that are no colours and values that are no bytes. */
export function colorIndexOf(map: ColorMap): ColorIndex {
  const indexes = new Map<number, number>();
  for (const [text, index] of Object.entries(map)) {
    const color = parseColor(text);
    if (color === undefined) throw invalid(text, `"${text}" is no colour`, "keys written as #rrggbb");
    if (!Number.isInteger(index) || index < 0 || index > 255) {
      throw invalid(index, `The index of ${text} is ${index}`, "an integer from 0 to 255");
    }
    const key = (color[0] << 16) | (color[1] << 8) | color[2];
    const other = indexes.get(key);
    if (other !== undefined && other !== index) throw invalid(text, `${text} stands twice`, "one index for a colour");
    indexes.set(key, index);
  }
  return indexes;
}

/** The display colours of a class table as a colour map. */
export function colorIndexOfClasses(classes: AnyClassTable): ColorIndex {
  return new Map(classes.colors.map(([red, green, blue], index) => [(red << 16) | (green << 8) | blue, index]));
}

function invalid(value: unknown, message: string, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `colorMap: ${message}. Expected ${expected}.`, {
    parameter: "colorMap",
    value,
    expected,
  });
}
