import type { Region } from "./region.js";
import { checkCoordinate, shapeError } from "./shape-error.js";

interface Edge {
  readonly x0: number;
  readonly y0: number;
  xmin: number;
  xmax: number;
  readonly ymin: number;
  readonly ymax: number;
  /** Change of x from row to row, in 32-bit floating point as Pillow has it. */
  readonly dx: number;
}

/** Rows times edges that are looked at for one polygon. */
const mostWork = 400_000_000;

const { fround } = Math;

/**
 * The region of a polygon by the pixel rule of Pillow's `ImageDraw.polygon`, which LabelMe's own converter uses:
 * coordinates are cut to integers, and pixels on the border belong to the polygon.
 *
 * @param values - `x0, y0, x1, y1, ...`; the last point is joined to the first.
 * @throws `import.shape` for fewer than three points or values that are no coordinates.
 */
export function pillowPolygonRegion(values: readonly number[], width: number, height: number): Region {
  if (values.length % 2 !== 0 || values.length < 6)
    throw shapeError(`A polygon has ${values.length / 2} point(s)`, "at least 3 points of x and y");
  const edges = edgesOf(values.map((value) => Math.trunc(checkCoordinate(value))));
  const slanted = edges.filter(({ ymin, ymax }) => ymin !== ymax);
  const top = Math.max(0, Math.min(...edges.map(({ ymin }) => ymin)));
  const bottom = Math.min(height - 1, Math.max(...edges.map(({ ymax }) => ymax)));
  if ((bottom - top + 1) * slanted.length > mostWork)
    throw shapeError(`A polygon has ${edges.length} points`, "fewer points on a picture of this height");
  const spans: Span[] = [];
  for (const { ymin, ymax, xmin, xmax } of edges) if (ymin === ymax) spans.push([ymin, xmin, xmax]);
  // Pillow's last row is the polygon's own, also where the picture ends before it.
  const last = Math.min(height, Math.max(...edges.map(({ ymax }) => ymax)));
  for (let y = top; y <= bottom; y++) fillRow(y, last, slanted, spans);
  return spansToRegion(spans, width, height);
}

type Span = readonly [y: number, first: number, last: number];

function edgesOf(points: readonly number[]): Edge[] {
  const edges: Edge[] = [];
  const count = points.length / 2;
  for (let index = 0; index + 1 < count; index++) {
    const [x0, y0, x1, y1] = points.slice(2 * index, 2 * index + 4) as [number, number, number, number];
    // A level edge that goes on in the direction of the level edge before it makes that one longer.
    const before = index === 0 ? undefined : { x: points[2 * index - 2]!, y: points[2 * index - 1]! };
    const longer = edges.at(-1);
    if (y0 === y1 && before?.y === y0 && longer !== undefined) {
      if (x1 > x0 && x0 > before.x) {
        longer.xmax = x1;
        continue;
      }
      if (x1 < x0 && x0 < before.x) {
        longer.xmin = x1;
        continue;
      }
    }
    edges.push(edge(x0, y0, x1, y1));
  }
  const [lastX, lastY] = [points.at(-2)!, points.at(-1)!];
  if (lastX !== points[0] || lastY !== points[1]) edges.push(edge(lastX, lastY, points[0]!, points[1]!));
  return edges;
}

function edge(x0: number, y0: number, x1: number, y1: number): Edge {
  const dx = y0 === y1 ? 0 : fround(fround(x1 - x0) / (y1 - y0));
  return { x0, y0, xmin: Math.min(x0, x1), xmax: Math.max(x0, x1), ymin: Math.min(y0, y1), ymax: Math.max(y0, y1), dx };
}

/** Where the edges cross one row; the pixels between the first and second crossing are inside, and so on. */
function fillRow(y: number, last: number, edges: readonly Edge[], spans: Span[]): void {
  const crossings: number[] = [];
  for (const [index, current] of edges.entries()) {
    if (y < current.ymin || y > current.ymax) continue;
    const x = xAt(current, y);
    if (y === current.ymax && y < last) crossings.push(x, x);
    else if ((y === current.ymin || y === current.ymax) && current.dx !== 0)
      crossings.push(reachOfCorner(x, y, current, edges, index));
    else crossings.push(x);
  }
  crossings.sort((a, b) => a - b);
  for (let at = 1; at < crossings.length; at += 2)
    spans.push([y, roundUp(crossings[at - 1]!), roundDown(crossings[at]!)]);
}

/** Where two edges meet in a corner and both go on to one side, the corner's row is drawn as far as the next row reaches. */
function reachOfCorner(x: number, y: number, current: Edge, edges: readonly Edge[], count: number): number {
  const row = y + (y === current.ymax ? -1 : 1);
  for (let index = 0; index < count; index++) {
    const other = edges[index]!;
    if ((y !== other.ymin && y !== other.ymax) || other.dx === 0) continue;
    if (roundUp(x) !== roundUp(xAt(other, y)) || row < other.ymin || row > other.ymax) continue;
    const [near, far] = [xAt(current, row), xAt(other, row)];
    if (x > fround(near + 1) && x > fround(far + 1)) return roundUp(Math.max(near, far)) + 1;
    if (x < fround(near - 1) && x < fround(far - 1)) return roundUp(Math.min(near, far)) - 1;
    return x;
  }
  return x;
}

function xAt(edge: Edge, y: number): number {
  return fround(fround((y - edge.y0) * edge.dx) + edge.x0);
}

/** Halves away from 0, and towards 0. */
function roundUp(x: number): number {
  return x >= 0 ? Math.floor(fround(x + 0.5)) : -Math.floor(fround(Math.abs(x) + 0.5));
}

function roundDown(x: number): number {
  return x >= 0 ? Math.ceil(fround(x - 0.5)) : -Math.ceil(fround(Math.abs(x) - 0.5));
}

/** Spans of rows, in any order and over each other, as one region. */
function spansToRegion(spans: readonly Span[], width: number, height: number): Region {
  const inside = spans
    .filter(([y]) => y >= 0 && y < height)
    .map(([y, first, last]): readonly [number, number] => [
      y * width + Math.max(0, first),
      y * width + Math.min(width - 1, last) + 1,
    ])
    .filter(([start, end]) => start < end)
    .sort((a, b) => a[0] - b[0]);
  const runs: number[] = [];
  let position = 0;
  for (const [start, end] of inside) {
    if (end <= position) continue;
    const from = Math.max(start, position);
    if (from === position && runs.length > 0) runs[runs.length - 1]! += end - from;
    else runs.push(from - position, end - from);
    position = end;
  }
  runs.push(width * height - position);
  return { order: "rows", left: 0, top: 0, width, height, runs };
}
