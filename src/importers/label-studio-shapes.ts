import { type JsonObject, own, ownText } from "../manifest/json.js";
import { brushRegion } from "../raster/brush-runs.js";
import type { LabeledShape } from "./drawn-shapes.js";
import { drawing, importError, inside, type Place, shapeKindError } from "./import-error.js";
import { listIn, numberIn, numbersAt, objectIn, pointAt } from "./json-fields.js";
import { cocoPolygon, corners, type RegionMaker } from "./shape-regions.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads one result. Coordinates are percents of the image's size; polygons and rectangles are drawn by COCO's rule, as
 * Label Studio's own COCO export would be; of a brush the pixels whose alpha is not 0 count.
 *
 * @returns `undefined` for a shape without area that is left out.
 */
export function labelStudioShape(
  result: JsonObject,
  size: Size,
  place: Place,
  otherShapes: "throw" | "leftOut" | undefined,
): LabeledShape | undefined {
  const type = ownText(result, "type") ?? "shape";
  const value = objectIn(result, "value", place);
  const where = inside(place, "value");
  const maker = regionMaker(type, value, size, where);
  if (maker === undefined) {
    if (otherShapes === "leftOut") return undefined;
    throw shapeKindError(place, type, "brushes, polygons and rectangles");
  }
  const labels = own(value, type);
  if (!Array.isArray(labels) || labels.length !== 1 || typeof labels[0] !== "string")
    throw importError(inside(where, type), "there is not one label", "a list with one label");
  return { label: labels[0], place, regions: maker };
}

function regionMaker(type: string, value: JsonObject, size: Size, place: Place): RegionMaker | undefined {
  if (type === "brushlabels") {
    if (own(value, "format") !== "rle")
      throw importError(inside(place, "format"), "the brush is not run lengths", '"rle"');
    const where = inside(place, "rle");
    const bytes = Uint8Array.from(numbersAt(own(value, "rle"), where));
    return (width, height) => [brushRegion(bytes, width, height)];
  }
  if (type === "polygonlabels") {
    const points = listIn(value, "points", place).flatMap((point, at) => {
      const [x, y] = pointAt(point, inside(inside(place, "points"), at));
      return [(x / 100) * size.width, (y / 100) * size.height];
    });
    return drawing(place, () => cocoPolygon(points));
  }
  if (type !== "rectanglelabels") return undefined;
  const turned = own(value, "rotation");
  if (typeof turned === "number" && turned !== 0)
    throw importError(inside(place, "rotation"), `the rectangle is turned by ${turned} degrees`, "0");
  const [x, y] = [numberIn(value, "x", place), numberIn(value, "y", place)];
  const [width, height] = [numberIn(value, "width", place), numberIn(value, "height", place)];
  const [left, right] = [x, x + width].map((percent) => (percent / 100) * size.width) as [number, number];
  const [top, bottom] = [y, y + height].map((percent) => (percent / 100) * size.height) as [number, number];
  return drawing(place, () => cocoPolygon(corners(left, top, right, bottom)));
}
