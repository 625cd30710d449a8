import type { Rgb } from "../mask/palette.js";

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
export type ColorMap = readonly ColorMapEntry[];
