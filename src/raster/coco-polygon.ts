import type { Region } from "./region.js";
import { checkCoordinate, shapeError } from "./shape-error.js";

/** COCO rasterises on a grid five times finer than the pixels. */
const scale = 5;

/** Points along the edges that are looked at for one polygon: a border of a million pixels. */
const mostSteps = 5_000_000;

/**
 * Coordinates as COCO rounds them, in fifths of a pixel: `x0, y0, x1, y1, ...`.
 *
 * @throws `import.shape` for fewer than three points, an odd number of values, or values that are no coordinates.
 */
export function cocoGridPoints(values: readonly number[]): Int32Array {
  if (values.length % 2 !== 0)
    throw shapeError(`A polygon has ${values.length} numbers`, "pairs x, y; an odd number has lost one");
  if (values.length < 6) throw shapeError(`A polygon has ${values.length / 2} point(s)`, "at least 3 points");
  return Int32Array.from(values, (value) => Math.trunc(scale * checkCoordinate(value) + 0.5));
}

/**
 * The region of a polygon by the pixel rule of the COCO API (`rleFrPoly`), exactly: the same pixels as pycocotools.
 *
 * The border is walked on the fine grid; where it crosses the middle of a pixel column, the column changes between
 * outside and inside at the pixel below the crossing. So it is an even-odd rule, and a pixel belongs to the polygon
 * when its centre does, but for ties.
 *
 * @param points - From {@link cocoGridPoints}; the last point is joined to the first.
 */
export function cocoPolygonRegion(points: Int32Array, width: number, height: number): Region {
  const crossings = columnCrossings(points, width, height);
  const changes = Float64Array.from(crossings).sort();
  // Two changes at one place undo each other, as does COCO's merging of runs of length 0.
  const runs: number[] = [];
  let position = 0;
  for (let at = 0; at < changes.length; at++) {
    if (changes[at + 1] === changes[at]) {
      at++;
      continue;
    }
    runs.push(changes[at]! - position);
    position = changes[at]!;
  }
  runs.push(width * height - position);
  return { order: "columns", left: 0, top: 0, width, height, runs };
}

/** Positions, column by column, at which the border lets the inside begin or end. */
function columnCrossings(points: Int32Array, width: number, height: number): number[] {
  const crossings: number[] = [];
  const count = points.length / 2;
  let steps = 0;
  let lastU = 0;
  let lastV = 0;
  let first = true;
  const visit = (u: number, v: number): void => {
    if (!first && u !== lastU) {
      // In the middle of a pixel column the fine grid has x = 5 * column + 2.
      const x = ((u < lastU ? u : u - 1) + 0.5) / scale - 0.5;
      if (Number.isInteger(x) && x >= 0 && x <= width - 1) {
        const y = (Math.min(v, lastV) + 0.5) / scale - 0.5;
        crossings.push(x * height + Math.ceil(Math.min(Math.max(y, 0), height)));
      }
    }
    first = false;
    lastU = u;
    lastV = v;
  };
  for (let index = 0; index < count; index++) {
    const next = index + 1 === count ? 0 : index + 1;
    const [x0, y0, x1, y1] = [points[2 * index]!, points[2 * index + 1]!, points[2 * next]!, points[2 * next + 1]!];
    steps += Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) + 1;
    if (steps > mostSteps) throw shapeError("A polygon's border is too long", `at most ${mostSteps / scale} pixels`);
    walkEdge(x0, y0, x1, y1, visit);
  }
  return crossings;
}

/** All points of an edge on the fine grid, from its start to its end, computed from its lower end as COCO does. */
function walkEdge(x0: number, y0: number, x1: number, y1: number, visit: (u: number, v: number) => void): void {
  const dx = Math.abs(x1 - x0);
  const dy = Math.abs(y1 - y0);
  const flat = dx >= dy;
  const flip = flat ? x0 > x1 : y0 > y1;
  const [xs, ys, xe, ye] = flip ? [x1, y1, x0, y0] : [x0, y0, x1, y1];
  const length = flat ? dx : dy;
  const slope = length === 0 ? 0 : flat ? (ye - ys) / dx : (xe - xs) / dy;
  for (let step = 0; step <= length; step++) {
    const t = flip ? length - step : step;
    if (flat) visit(t + xs, Math.trunc(ys + slope * t + 0.5));
    else visit(Math.trunc(xs + slope * t + 0.5), t + ys);
  }
}
