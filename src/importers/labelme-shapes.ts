import { type JsonObject, own, ownText } from "../manifest/json.js";
import type { LabeledShape } from "./drawn-shapes.js";
import { drawing, importError, inside, type Place, shapeKindError } from "./import-error.js";
import { listIn, objectAt, pointAt, textIn } from "./json-fields.js";
import { boxRegion } from "../raster/row-runs.js";
import { circleRegion } from "../raster/circle.js";
import { pillowPolygon, pngRegion, type RegionMaker } from "./shape-regions.js";

/** Reads the shapes of a LabelMe file. Throws `import.file` and `import.shape` with the shape. */
export function labelMeShapes(
  list: readonly unknown[],
  document: Place,
  otherShapes: "throw" | "leftOut" | undefined,
): LabeledShape[] {
  const shapes: LabeledShape[] = [];
  for (const [at, value] of list.entries()) {
    const place = inside(inside(document, "shapes"), at);
    const shape = objectAt(value, place);
    const points = listIn(shape, "points", place).map((point, index) =>
      pointAt(point, inside(inside(place, "points"), index)),
    );
    // Files of early versions have no kind; all of them are polygons.
    const kind = ownText(shape, "shape_type") ?? "polygon";
    const regions = drawing(place, () => regionMaker(kind, points, shape, place));
    if (regions !== undefined) shapes.push({ label: textIn(shape, "label", place), place, regions });
    else if (otherShapes !== "leftOut") throw shapeKindError(place, kind, "polygons, rectangles, circles and masks");
  }
  return shapes;
}

type Point = readonly [number, number];

function regionMaker(kind: string, points: readonly Point[], shape: JsonObject, place: Place): RegionMaker | undefined {
  if (kind === "polygon") return pillowPolygon(points.flat());
  const [first, second] = points;
  if (kind !== "rectangle" && kind !== "circle" && kind !== "mask") return undefined;
  if (first === undefined || second === undefined || points.length !== 2)
    throw importError(inside(place, "points"), `there are ${points.length} points`, `2 points of a ${kind}`);
  if (kind === "rectangle") {
    // Pillow cuts the corners to integers and draws both of them.
    const [left, right] = [first[0], second[0]].map(Math.trunc).sort((a, b) => a - b) as [number, number];
    const [top, bottom] = [first[1], second[1]].map(Math.trunc).sort((a, b) => a - b) as [number, number];
    const region = boxRegion({ left, top, width: right - left + 1, height: bottom - top + 1 });
    return () => [region];
  }
  // The centre, and a point on the edge.
  if (kind === "circle") return () => [circleRegion(first, Math.hypot(second[0] - first[0], second[1] - first[1]))];
  const data = own(shape, "mask");
  if (typeof data !== "string") throw importError(inside(place, "mask"), "there is no picture", "a PNG in base64");
  const png = Uint8Array.from(Buffer.from(data, "base64"));
  return () => [pngRegion(png, Math.trunc(first[0]), Math.trunc(first[1]), "opaque").region];
}
