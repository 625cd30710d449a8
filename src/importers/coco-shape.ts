import { isObject, own } from "../manifest/json.js";
import { cocoGridPoints, cocoPolygonRegion } from "../raster/coco-polygon.js";
import { cocoRegion, decodeCompressedRuns } from "../raster/coco-runs.js";
import type { Region } from "../raster/region.js";
import { drawing, importError, inside, type Place } from "./import-error.js";
import { describe, numbersAt } from "./json-fields.js";
import { type NumberReader, type NumberWriter } from "./packed-numbers.js";

/*
 * Shapes of COCO annotations in packed form, until their picture is drawn: polygons as differences on COCO's own grid of
 * fifths of a pixel, so that nothing is lost, and run lengths as they are.
 */

/** 0 stands for run lengths, other numbers count polygons. */
const runLengths = 0;

/**
 * Checks a `segmentation` and packs it.
 *
 * @throws `import.file`, `import.shape`.
 */
export function packSegmentation(segmentation: unknown, place: Place, writer: NumberWriter): void {
  if (isObject(segmentation)) {
    const size = numbersAt(own(segmentation, "size"), inside(place, "size"));
    const counts = own(segmentation, "counts");
    const runs = drawing(place, () =>
      typeof counts === "string" ? decodeCompressedRuns(counts) : numbersAt(counts, inside(place, "counts")),
    );
    const numbers = [...size, ...runs];
    if (size.length !== 2 || numbers.some((value) => !Number.isSafeInteger(value) || value < 0))
      throw importError(place, "the run lengths or their size are no whole numbers", "integers from 0 on");
    writer.unsigned(runLengths);
    writer.unsigned(runs.length);
    for (const value of numbers) writer.unsigned(value);
    return;
  }
  if (!Array.isArray(segmentation) || segmentation.length === 0)
    throw importError(place, `there is ${describe(segmentation)}`, "polygons or run lengths; a box alone is no mask");
  const list = segmentation as readonly unknown[];
  // One polygon that is not wrapped in a list of polygons.
  const polygons = typeof list[0] === "number" ? [list] : list;
  writer.unsigned(polygons.length);
  for (const [at, polygon] of polygons.entries()) {
    const where = inside(place, at);
    const points = drawing(where, () => cocoGridPoints(numbersAt(polygon, where)));
    writer.unsigned(points.length / 2);
    for (let index = 0; index < points.length; index++)
      writer.signed(points[index]! - (index < 2 ? 0 : points[index - 2]!));
  }
}

/** Draws a packed segmentation. Throws `import.shape` when run lengths are of another size than the picture. */
export function* unpackRegions(
  reader: NumberReader,
  width: number,
  height: number,
  place: Place,
): Generator<Region, void, void> {
  const kind = reader.unsigned();
  if (kind === runLengths) {
    const length = reader.unsigned();
    const [rows, columns] = [reader.unsigned(), reader.unsigned()];
    if (rows !== height || columns !== width)
      throw importError(
        place,
        `the run lengths are of ${columns} x ${rows} pixels`,
        `${width} x ${height}, the image's`,
      );
    const runs = Array.from({ length }, () => reader.unsigned());
    yield drawing(place, () => cocoRegion(runs, width, height));
    return;
  }
  for (let polygon = 0; polygon < kind; polygon++) {
    const points = new Int32Array(2 * reader.unsigned());
    for (let index = 0; index < points.length; index++)
      points[index] = reader.signed() + (index < 2 ? 0 : points[index - 2]!);
    yield drawing(place, () => cocoPolygonRegion(points, width, height));
  }
}
