import { mapConcurrently } from "../core/concurrency.js";
import { baseName, stem } from "../core/s3-uri.js";
import { addressBelow, folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { type DrawContext, drawShapes } from "./drawn-shapes.js";
import { filesBelow } from "./folder-files.js";
import { importError } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { readJsonDocument } from "./json-document.js";
import { listIn, objectAt, sizeIn, textIn } from "./json-fields.js";
import { labelMapping } from "./label-mapping.js";
import { labelMeShapes } from "./labelme-shapes.js";

/** Options of a LabelMe folder. */
export interface LabelMeOptions<Name extends string> extends ShapeImportOptions<Name> {
  /** Folder of the images, with the same folders in it as the JSON files have; default: beside the JSON files. */
  readonly images?: string;
}

/** JSON files read at a time. */
const parallelFiles = 16;

/**
 * Reads a folder of LabelMe files, one JSON file for each image: polygons and rectangles by Pillow's rule, as LabelMe's
 * own converter, circles by their edge, masks as they are. `__ignore__` is ignored and `_background_` is class 0.
 */
export function labelMeImporter<Name extends string>(
  classes: ClassTable<Name>,
  given: string,
  options: LabelMeOptions<Name>,
): Importer<Name> {
  const folder = folderAddress(given, "folder");
  const images = options.images === undefined ? folder : folderAddress(options.images, "images");
  const mapping = labelMapping(classes, options, {
    known: new Map([
      ["__ignore__", "ignored"],
      ["_background_", "background"],
    ]),
  });
  return {
    classes,
    description: folder,
    async collect(context) {
      const found = await mapConcurrently(
        filesBelow(context, folder, /\.json$/i),
        parallelFiles,
        async ({ path, object }): Promise<ImportedImage<Name> | undefined> => {
          try {
            const imageUri = await imageOf(object.uri, path, images, context);
            return {
              stem: stem(imageUri.slice(images.length)),
              imageUri,
              maskUri: object.uri,
              readMask: (signal) => draw(classes, object.uri, { mapping, options, context, signal }),
            };
          } catch (error) {
            context.problem(error, object.uri);
            return undefined;
          }
        },
        context.signal,
      );
      return found.filter((image) => image !== undefined);
    },
  };
}

/** Images are looked for by their file name alone, in the folder of their JSON file: stored paths are of another machine. */
async function imageOf(file: string, path: string, images: string, context: ImportContext): Promise<string> {
  const place = { file, path: "$" };
  const document = objectAt(await readJsonDocument(context.store, file, context.signal), place);
  const stored = textIn(document, "imagePath", place).replaceAll("\\", "/");
  const below = path.slice(0, path.lastIndexOf("/") + 1);
  return addressBelow(images, below + baseName(stored), file);
}

async function draw<Name extends string>(
  classes: ClassTable<Name>,
  file: string,
  { mapping, options, context, signal }: DrawContext<LabelMeOptions<Name>>,
): Promise<Awaited<ReturnType<ImportedImage<Name>["readMask"]>>> {
  const place = { file, path: "$" };
  const document = objectAt(await readJsonDocument(context.store, file, signal), place);
  const { width, height } = sizeIn(document, place, ["imageWidth", "imageHeight"]);
  const shapes = labelMeShapes(listIn(document, "shapes", place), place, options.otherShapes);
  if (shapes.length === 0) throw importError(place, "nothing is drawn on the image", "shapes; leave empty files out");
  return { mask: drawShapes(classes, { width, height, shapes, place }, mapping, options), findings: [] };
}
