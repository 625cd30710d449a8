import type { AnyClassTable } from "../mask/classes.js";
import type { Rgb } from "../mask/palette.js";
import { classIndexes, colorMapError } from "./color-map.js";
import type { GroundTruthColorMap, ColorMapEntry } from "./color-map.js";

/** A colour as one number, `red << 16 | green << 8 | blue`. */
export type PackedColor = number;

/** White, which is background in every Ground Truth mask. */
export const white: PackedColor = 0xffffff;
/** Class index of the background. */
export const background = 0;

/** A colour map ready for look-ups, with the class table applied. */
export interface ColorLookup {
  /** Number of classes of the table. */
  readonly classes: number;
  /** Whether any entry has a colour. */
  readonly hasColors: boolean;
  /** Entry by key of the map. */
  readonly byIndex: ReadonlyMap<number, ColorMapEntry>;
  /** The entry of a colour. Throws `manifest.color-map` when it stands for two classes. */
  entryOf(color: PackedColor): ColorMapEntry | undefined;
  /** Class index of an entry. */
  classOf(entry: ColorMapEntry): number;
}

/** Packs three bytes. */
export function packColor([red, green, blue]: Rgb): PackedColor {
  return (red << 16) | (green << 8) | blue;
}

/** Writes a packed colour as `#rrggbb`. */
export function packedColorText(color: PackedColor): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}

/** Makes the look-up. Throws `manifest.color-map` when the map does not fit the table. */
export function colorLookup(colorMap: GroundTruthColorMap, table: AnyClassTable, uri: string | undefined): ColorLookup {
  const indexes = classIndexes(colorMap, table, uri);
  const byColor = new Map<PackedColor, ColorMapEntry[]>();
  for (const entry of colorMap) {
    if (entry.color === undefined) continue;
    const color = packColor(entry.color);
    const same = byColor.get(color);
    if (same === undefined) byColor.set(color, [entry]);
    else same.push(entry);
  }
  return {
    classes: table.count,
    hasColors: byColor.size > 0,
    byIndex: new Map(colorMap.map((entry) => [entry.index, entry])),
    entryOf(color) {
      const [entry, other] = byColor.get(color) ?? [];
      if (entry !== undefined && other !== undefined) {
        throw colorMapError(
          `The colour ${packedColorText(color)} stands for "${entry.className}" and "${other.className}".`,
          "a colour of its own for each class",
          uri,
          other.index,
        );
      }
      return entry;
    },
    classOf: ({ index }) => indexes.get(index) ?? background,
  };
}
