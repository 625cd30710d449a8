import { SegmentationError } from "../core/errors.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import { addressBelow } from "../files/file-address.js";
import { isObject, own } from "../manifest/json.js";
import { boxRegion } from "../raster/row-runs.js";
import type { LabeledShape } from "./drawn-shapes.js";
import { drawing, importError, inside, shapeKindError } from "./import-error.js";
import type { ImportContext } from "./import-source.js";
import { numberIn, objectAt } from "./json-fields.js";
import type { LabelboxObject } from "./labelbox-rows.js";
import { pillowPolygon, pngRegion } from "./shape-regions.js";

/** What reading objects needs. */
export interface ObjectContext {
  readonly masks: string | undefined;
  readonly size: { readonly width: number; readonly height: number };
  readonly options: {
    readonly otherShapes?: "throw" | "leftOut";
    readonly missingMasks?: "throw" | "leftOut";
  };
  readonly context: ImportContext;
  /** Called with an object that is left out because its mask picture is not there. */
  readonly missing: (object: LabelboxObject) => void;
  readonly signal: AbortSignal | undefined;
}

/** Reads the objects of an image as shapes, with their mask pictures. */
export async function* labelboxShapes(
  objects: readonly LabelboxObject[],
  scene: ObjectContext,
): AsyncGenerator<LabeledShape, void, void> {
  for (const object of objects) {
    const { label, value, place } = object;
    const polygon = own(value, "polygon");
    const box = own(value, "bbox") ?? own(value, "bounding_box");
    if (Array.isArray(polygon)) {
      const where = inside(place, "polygon");
      const points = (polygon as readonly unknown[]).flatMap((point) => {
        const pair = objectAt(point, where);
        return [numberIn(pair, "x", where), numberIn(pair, "y", where)];
      });
      yield { label, place, regions: drawing(place, () => pillowPolygon(points)) };
    } else if (isObject(box)) {
      const [left, top] = [Math.round(numberIn(box, "left", place)), Math.round(numberIn(box, "top", place))];
      const [width, height] = [Math.round(numberIn(box, "width", place)), Math.round(numberIn(box, "height", place))];
      const region = drawing(place, () => boxRegion({ left, top, width, height }));
      yield { label, place, regions: () => [region] };
    } else if (own(value, "instanceURI") !== undefined || own(value, "mask") !== undefined) {
      const shape = await maskShape(object, scene);
      if (shape !== undefined) yield shape;
    } else if (scene.options.otherShapes !== "leftOut")
      throw shapeKindError(place, "shape of another kind", "masks, polygons and boxes");
  }
}

async function maskShape(object: LabelboxObject, scene: ObjectContext): Promise<LabeledShape | undefined> {
  const { id, label, place } = object;
  const { masks, size, options, context, missing, signal } = scene;
  if (masks === undefined)
    throw importError(
      place,
      "the object is a mask picture behind an address",
      'the option "masks": a folder of <feature id>.png',
    );
  const uri = addressBelow(masks, `${id}.png`, place.file);
  const head = await context.store.head(uri, signal === undefined ? {} : { signal });
  if (head === undefined) {
    if (options.missingMasks !== "leftOut")
      throw importError(place, `there is no ${uri}`, "a mask picture of each object");
    missing(object);
    return undefined;
  }
  const png = await readWithin(context.store, uri, { what: "mask", limit: largestMaskFile, signal });
  const { region, width, height } = pngRegion(png, 0, 0, "bright");
  if (width !== size.width || height !== size.height)
    throw new SegmentationError("mask.size", `The mask picture ${uri} is ${width} x ${height}.`, {
      expected: [size.width, size.height],
      actual: [width, height],
      name: uri,
    });
  return { label, place, regions: () => [region] };
}
