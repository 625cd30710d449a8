import { SegmentationError } from "../core/errors.js";
import { packedColorText } from "./color-lookup.js";
import type { ColorLookup, PackedColor } from "./color-lookup.js";

/** The error for a pixel whose colour stands for no class. */
export function noClassColor(
  color: PackedColor,
  at: number,
  width: number,
  uri: string | undefined,
): SegmentationError {
  const [x, y] = [at % width, Math.floor(at / width)];
  const text = packedColorText(color);
  return new SegmentationError(
    "mask.color",
    `${subject(uri)} has the colour ${text} at (${x}, ${y}), which is not in the colour map of its manifest line.`,
    { color: text, x, y, ...(uri === undefined ? {} : { name: uri }) },
  );
}

/** The error for a pixel whose index stands for no class, in a mask that has no colours to go by. */
export function noClassIndex(
  index: number,
  at: number,
  width: number,
  { lookup, uri }: { readonly lookup: ColorLookup; readonly uri: string | undefined },
): SegmentationError {
  const [x, y] = [at % width, Math.floor(at / width)];
  const keys = [...lookup.byIndex.keys()].join(", ");
  return new SegmentationError(
    "mask.index",
    `${subject(uri)} has the index ${index} at (${x}, ${y}). Its manifest line has the indices ${keys}.`,
    { index, x, y, classes: lookup.classes, ...(uri === undefined ? {} : { name: uri }) },
  );
}

function subject(uri: string | undefined): string {
  return uri === undefined ? "The mask" : `The mask ${uri}`;
}
