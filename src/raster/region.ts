import { shapeError } from "./shape-error.js";

/**
 * Some pixels of a picture, as alternating lengths: first those outside of the region, then those inside, and so on.
 *
 * The lengths walk over a box of `width` x `height` pixels whose top left corner is (`left`, `top`) in the picture, row
 * by row or column by column.
 */
export interface Region {
  readonly order: "rows" | "columns";
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly runs: ArrayLike<number>;
}

/** Number of pixels in the region, those outside of the picture included. */
export function regionArea({ runs }: Region): number {
  let sum = 0;
  for (let at = 1; at < runs.length; at += 2) sum += runs[at]!;
  return sum;
}

/** A grid of values to paint on. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Calls `paint` with stretches of neighbouring pixels in the plane's own order; what lies outside of it is left out. */
export function forEachStretch(
  region: Region,
  plane: { readonly width: number; readonly height: number },
  paint: (start: number, end: number) => void,
): void {
  if (region.order === "rows") rowStretches(region, plane, paint);
  else columnPixels(region, plane, paint);
}

function rowStretches(
  { left, top, width, height, runs }: Region,
  plane: { readonly width: number; readonly height: number },
  paint: (start: number, end: number) => void,
): void {
  forEachPiece(runs, width, height, (row, start, end) => {
    const y = top + row;
    if (y < 0 || y >= plane.height) return;
    const from = Math.max(0, left + start);
    const to = Math.min(plane.width, left + end);
    if (from < to) paint(y * plane.width + from, y * plane.width + to);
  });
}

function columnPixels(
  { left, top, width, height, runs }: Region,
  plane: { readonly width: number; readonly height: number },
  paint: (start: number, end: number) => void,
): void {
  forEachPiece(runs, height, width, (column, start, end) => {
    const x = left + column;
    if (x < 0 || x >= plane.width) return;
    const from = Math.max(0, top + start);
    const to = Math.min(plane.height, top + end);
    for (let y = from, pixel = from * plane.width + x; y < to; y++, pixel += plane.width) paint(pixel, pixel + 1);
  });
}

/** Cuts what is inside the region at the ends of the box's lines (rows or columns), each `length` pixels long. */
function forEachPiece(
  runs: ArrayLike<number>,
  length: number,
  lines: number,
  take: (line: number, start: number, end: number) => void,
): void {
  let position = 0;
  for (let at = 0; at < runs.length; at++) {
    const end = position + runs[at]!;
    if (at % 2 === 1) {
      for (let line = Math.floor(position / length); line < lines && line * length < end; line++) {
        take(line, Math.max(0, position - line * length), Math.min(length, end - line * length));
      }
    }
    position = end;
  }
}

/** Refuses run lengths that are no counts or do not add up to the box. */
export function checkRuns(runs: ArrayLike<number>, width: number, height: number): void {
  let sum = 0;
  for (let at = 0; at < runs.length; at++) {
    const run = runs[at]!;
    if (!Number.isInteger(run) || run < 0) throw shapeError(`Run ${at} has the length ${run}`, "integers from 0 on");
    sum += run;
  }
  if (sum !== width * height)
    throw shapeError(`The run lengths add up to ${sum}`, `${width * height}, the pixels of ${width} x ${height}`);
}

/** A region from a plane whose pixels are in it where the value is not 0. */
export function regionOfPlane({ width, height, data }: Plane, left = 0, top = 0): Region {
  const runs: number[] = [];
  let inside = false;
  let start = 0;
  for (let at = 0; at < data.length; at++) {
    if ((data[at] !== 0) === inside) continue;
    runs.push(at - start);
    start = at;
    inside = !inside;
  }
  runs.push(data.length - start);
  return { order: "rows", left, top, width, height, runs };
}
