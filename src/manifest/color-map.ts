import { SegmentationError } from "../core/errors.js";
import type { AnyClassTable } from "../mask/classes.js";
import { parseColor } from "../mask/palette.js";
import type { Rgb } from "../mask/palette.js";
import { isObject } from "./json.js";

/** One class of a Ground Truth job: an entry of `internal-color-map`. */
export interface ColorMapEntry {
  /** Key in the map, which is the palette index in the mask file. */
  readonly index: number;
  /** Class name; the background is `BACKGROUND`. */
  readonly className: string;
  /** Colour in the mask file; the oldest jobs wrote none. */
  readonly color?: Rgb;
  /** Confidence of the image's mask (the same for every class of an image), 0 to 1. */
  readonly confidence?: number;
}

/** The classes of a Ground Truth job, by index. */
export type GroundTruthColorMap = readonly ColorMapEntry[];

/** The name that the service gives to index 0. */
export const backgroundName = "BACKGROUND";

/**
 * Reads the `internal-color-map` of a line. Missing confidence, missing colours, a missing `"0"`, capital letters in
 * colours and keys that are no numbers are all seen in real files and accepted. A number written otherwise than as an
 * index ("00", "+1") is refused: two keys would stand for one index, or a class would be lost.
 *
 * @param fail - Makes the error, which knows the line.
 */
export function parseColorMap(value: unknown, fail: (expected: string) => Error): GroundTruthColorMap {
  if (!isObject(value)) throw fail("an object as internal-color-map");
  const entries: ColorMapEntry[] = [];
  for (const [key, entry] of Object.entries(value)) {
    if (key.trim() === "" || Number.isNaN(Number(key))) continue;
    if (!/^(?:0|[1-9]\d*)$/.test(key)) {
      throw fail(`keys such as "0" and "17" in internal-color-map, not "${key.slice(0, 40)}"`);
    }
    const index = Number(key);
    if (index > 255) throw fail(`keys from 0 to 255 in internal-color-map, not ${key}: masks have 8 bits`);
    const className = isObject(entry) ? entry["class-name"] : undefined;
    if (!isObject(entry) || typeof className !== "string" || className === "") {
      throw fail(`a class-name at "${key}" of internal-color-map`);
    }
    const hex = entry["hex-color"];
    const color = typeof hex === "string" ? parseColor(hex) : undefined;
    if (hex !== undefined && hex !== null && color === undefined) {
      throw fail(`a hex-color such as #2ca02c at "${key}" of internal-color-map`);
    }
    const { confidence } = entry;
    entries.push({
      index,
      className,
      ...(color === undefined ? {} : { color }),
      ...(typeof confidence === "number" ? { confidence } : {}),
    });
  }
  return entries.sort((one, other) => one.index - other.index);
}

/**
 * Finds the class index of every entry, by class name; `BACKGROUND` is index 0 whatever the table calls it.
 *
 * @returns Class indices by key of the map.
 * @throws `manifest.color-map` for a name that the table lacks and for two entries that are one class.
 */
export function classIndexes(
  colorMap: GroundTruthColorMap,
  classes: AnyClassTable,
  uri?: string,
): ReadonlyMap<number, number> {
  const indexes = new Map<number, number>();
  const owners = new Map<number, ColorMapEntry>();
  for (const entry of colorMap) {
    const { index, className } = entry;
    const named = classes.names.indexOf(className);
    const target = named < 0 && className === backgroundName ? 0 : named;
    if (target < 0) {
      throw colorMapError(
        `The labels have the class "${className}" at index ${index}, which the class table lacks.`,
        `only ${backgroundName} and: ${classes.names.join(", ")}`,
        uri,
        index,
      );
    }
    const owner = owners.get(target);
    if (owner !== undefined) {
      throw colorMapError(
        `The labels have "${owner.className}" at index ${owner.index} and "${className}" at index ${index}, which are the same class.`,
        "an index of its own for each class",
        uri,
        index,
      );
    }
    owners.set(target, entry);
    indexes.set(index, target);
  }
  return indexes;
}

/** The error for a colour map that does not fit. */
export function colorMapError(
  message: string,
  expected: string,
  uri: string | undefined,
  index?: number,
): SegmentationError<"manifest.color-map"> {
  return new SegmentationError("manifest.color-map", `${message} Expected ${expected}.`, {
    expected,
    ...(uri === undefined ? {} : { uri }),
    ...(index === undefined ? {} : { index }),
  });
}
