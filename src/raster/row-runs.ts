import { checkRuns, type Region } from "./region.js";
import { checkCoordinate } from "./shape-error.js";

/** A box in a picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A region in CVAT's run lengths: row by row inside of a box, the first length is background (CVAT documentation, XML
 * annotation format, mask).
 *
 * @throws `import.shape` when the lengths do not add up to the box.
 */
export function rowRunRegion(runs: readonly number[], { left, top, width, height }: Box): Region {
  for (const value of [left, top, width, height]) checkCoordinate(value);
  checkRuns(runs, width, height);
  return { order: "rows", left, top, width, height, runs };
}

/** All pixels of a box. */
export function boxRegion({ left, top, width, height }: Box): Region {
  for (const value of [left, top, width, height]) checkCoordinate(value);
  return { order: "rows", left, top, width, height, runs: [0, Math.max(0, width) * Math.max(0, height)] };
}
