import type { Region } from "./region.js";
import { checkCoordinate, shapeError } from "./shape-error.js";

/** Largest radius that is drawn. */
const largest = 10_000;

/** The pixels whose centre is no farther from a point than the radius. Throws `import.shape` for a radius out of range. */
export function circleRegion([x, y]: readonly [number, number], radius: number): Region {
  checkCoordinate(x);
  checkCoordinate(y);
  if (!(radius >= 0 && radius <= largest)) throw shapeError(`A circle has the radius ${radius}`, `0 to ${largest}`);
  const [left, top] = [Math.floor(x - radius), Math.floor(y - radius)];
  const [width, height] = [Math.ceil(x + radius) - left + 1, Math.ceil(y + radius) - top + 1];
  const runs: number[] = [];
  let position = 0;
  for (let row = 0; row < height; row++) {
    const half = Math.sqrt(radius ** 2 - (top + row - y) ** 2);
    if (Number.isNaN(half)) continue;
    const [first, last] = [Math.ceil(x - half) - left, Math.floor(x + half) - left];
    if (last < first) continue;
    runs.push(row * width + first - position, last - first + 1);
    position = row * width + last + 1;
  }
  runs.push(width * height - position);
  return { order: "rows", left, top, width, height, runs };
}
