import { inflateSync } from "node:zlib";
import { stem } from "../core/s3-uri.js";
import { addressBelow, folderAddress } from "../files/file-address.js";
import { type JsonObject } from "../manifest/json.js";
import type { ClassTable } from "../mask/classes.js";
import { boxRegion } from "../raster/row-runs.js";
import { type DrawContext, drawShapes, type LabeledShape } from "./drawn-shapes.js";
import { filesBelow } from "./folder-files.js";
import { drawing, importError, inside, type Place, shapeKindError } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportedImage, Importer } from "./import-source.js";
import { readJsonDocument } from "./json-document.js";
import { listIn, objectAt, objectIn, pointAt, sizeIn, textIn } from "./json-fields.js";
import { labelMapping } from "./label-mapping.js";
import { pillowPolygon, pngRegion, type RegionMaker } from "./shape-regions.js";

/** Options of a Supervisely project. */
export interface SuperviselyOptions<Name extends string> extends ShapeImportOptions<Name> {
  /** Folder of the images, with a folder for each dataset in it; default: the `img` folders of the project. */
  readonly images?: string;
}

/** Largest bitmap after it is unpacked, in bytes. */
const largestBitmap = 64 * 1024 ** 2;

/**
 * Reads a Supervisely project (`<dataset>/ann/<image>.json` with `<dataset>/img/<image>`): bitmaps as they are, polygons
 * with holes and rectangles with the pixels of their border.
 */
export function superviselyImporter<Name extends string>(
  classes: ClassTable<Name>,
  given: string,
  options: SuperviselyOptions<Name>,
): Importer<Name> {
  const folder = folderAddress(given, "folder");
  const images = options.images === undefined ? undefined : folderAddress(options.images, "images");
  const mapping = labelMapping(classes, options);
  return {
    classes,
    description: folder,
    async collect(context) {
      const found: ImportedImage<Name>[] = [];
      for await (const { path, object } of filesBelow(context, folder, /\.json$/i)) {
        const match = /^(.*?)ann\/(.+)\.json$/i.exec(path);
        if (match === null) continue;
        const [, dataset, name] = match as unknown as [string, string, string];
        const file = object.uri;
        try {
          const imageUri =
            images === undefined
              ? addressBelow(folder, `${dataset}img/${name}`, file)
              : addressBelow(images, dataset + name, file);
          found.push({
            stem: dataset + stem(name),
            imageUri,
            maskUri: file,
            readMask: (signal) => draw(classes, file, { mapping, options, context, signal }),
          });
        } catch (error) {
          context.problem(error, file);
        }
      }
      return found;
    },
  };
}

async function draw<Name extends string>(
  classes: ClassTable<Name>,
  file: string,
  { mapping, options, context, signal }: DrawContext<SuperviselyOptions<Name>>,
): Promise<Awaited<ReturnType<ImportedImage<Name>["readMask"]>>> {
  const place = { file, path: "$" };
  const document = objectAt(await readJsonDocument(context.store, file, signal), place);
  const { width, height } = sizeIn(objectIn(document, "size", place), inside(place, "size"));
  const shapes = listIn(document, "objects", place).flatMap((value, at): LabeledShape[] => {
    const where = inside(inside(place, "objects"), at);
    const object = objectAt(value, where);
    const kind = textIn(object, "geometryType", where);
    const regions = drawing(where, () => regionMaker(kind, object, where));
    if (regions !== undefined) return [{ label: textIn(object, "classTitle", where), place: where, regions }];
    if (options.otherShapes === "leftOut") return [];
    throw shapeKindError(where, kind, "bitmaps, polygons and rectangles");
  });
  return { mask: drawShapes(classes, { width, height, shapes, place }, mapping, options), findings: [] };
}

function regionMaker(kind: string, object: JsonObject, place: Place): RegionMaker | undefined {
  if (kind === "bitmap") {
    const where = inside(place, "bitmap");
    const bitmap = objectIn(object, "bitmap", place);
    const [left, top] = pointAt(bitmap["origin"], inside(where, "origin"));
    const { region } = pngRegion(unpack(textIn(bitmap, "data", where), where), left, top, "opaque");
    return () => [region];
  }
  if (kind !== "polygon" && kind !== "rectangle") return undefined;
  const where = inside(place, "points");
  const points = objectIn(object, "points", place);
  const pointList = (list: readonly unknown[]): number[] => list.flatMap((point) => [...pointAt(point, where)]);
  const exterior = pointList(listIn(points, "exterior", where));
  if (kind === "rectangle") {
    const [x0, y0, x1, y1] = exterior.map(Math.round);
    if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined || exterior.length !== 4)
      throw importError(inside(where, "exterior"), `there are ${exterior.length / 2} points`, "2 corners");
    const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
    const region = boxRegion({ left, top, width: Math.abs(x1 - x0) + 1, height: Math.abs(y1 - y0) + 1 });
    return () => [region];
  }
  const holes = listIn(points, "interior", where).map((hole) => {
    if (!Array.isArray(hole)) throw importError(inside(where, "interior"), "a hole is no list", "lists of points");
    return pointList(hole);
  });
  return pillowPolygon(exterior, holes);
}

/** A bitmap is a PNG, packed by zlib, in base64. */
function unpack(data: string, place: Place): Uint8Array {
  try {
    return inflateSync(Buffer.from(data, "base64"), { maxOutputLength: largestBitmap });
  } catch (error) {
    throw importError(inside(place, "data"), "the bitmap cannot be unpacked", "a PNG packed by zlib in base64", error);
  }
}
