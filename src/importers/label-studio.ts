import { baseName } from "../core/s3-uri.js";
import { addressBelow, fileAddress, folderAddress, isS3 } from "../files/file-address.js";
import { own, ownText, isObject, type JsonObject } from "../manifest/json.js";
import type { ClassTable } from "../mask/classes.js";
import { type LabeledShape, drawnImage } from "./drawn-shapes.js";
import { checkSize } from "./draw-mask.js";
import { importError, inside, type Place } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportedImage, Importer } from "./import-source.js";
import { listIn, objectAt, objectIn, sizeIn, textIn } from "./json-fields.js";
import { readJsonItems } from "./json-items.js";
import { labelMapping } from "./label-mapping.js";
import { labelStudioShape } from "./label-studio-shapes.js";

/** An export of Label Studio in its format "JSON". */
export interface LabelStudioExport<Name extends string> extends ShapeImportOptions<Name> {
  /** The JSON file. */
  readonly annotations: string;
  /** Folder of the images; of `/data/upload/...` and web addresses the last part is looked for in it. */
  readonly images: string;
  /** Member of a task's `data` that names the image; default `image`. */
  readonly dataKey?: string;
}

/**
 * Reads tasks of Label Studio: brushes, polygons and rectangles. Of several annotations of a task the one marked as
 * ground truth counts, else the last one that was not cancelled.
 */
export function labelStudioImporter<Name extends string>(
  classes: ClassTable<Name>,
  options: LabelStudioExport<Name>,
): Importer<Name> {
  const file = fileAddress(options.annotations, "annotations");
  const folder = folderAddress(options.images, "images");
  const mapping = labelMapping(classes, options);
  return {
    classes,
    description: file,
    async collect(context) {
      const found: ImportedImage<Name>[] = [];
      for await (const { value, place } of readJsonItems(context.store, file, undefined, context.signal)) {
        try {
          const task = objectAt(value, place);
          const name = imageName(task, options.dataKey ?? "image", place);
          const imageUri = isS3(name) ? name : addressBelow(folder, name, file);
          const results = chosenResults(task, place);
          const drawn = results === undefined ? undefined : readResults(results.list, results.place, options);
          if (drawn === undefined) {
            context.leftOut("Left out, nobody drew on it.", imageUri);
            continue;
          }
          mapping.check(
            drawn.shapes.map(({ label }) => label),
            place,
          );
          found.push(drawnImage(classes, { ...drawn, place }, { folder, imageUri, mapping, options }));
        } catch (error) {
          context.problem(error, file);
        }
      }
      return found;
    },
  };
}

/** The name of a task's image below the images' folder, or its S3 address. */
function imageName(task: JsonObject, key: string, place: Place): string {
  const data = textIn(objectIn(task, "data", place), key, inside(place, "data"));
  if (data.startsWith("s3://")) return data;
  // Local storage: /data/local-files/?d=folder/image.jpg
  const local = /[?&]d=([^&]+)/.exec(data)?.[1];
  if (local !== undefined) return decoded(local, place);
  const path = data.replace(/[?#].*$/, "");
  if (/^https?:\/\//.test(path) || path.startsWith("/")) {
    const name = decoded(baseName(path), place);
    // What was uploaded may be named in another member only.
    return /\.\w+$/.test(name) ? name : (ownText(task, "file_upload") ?? name);
  }
  return data;
}

function decoded(text: string, place: Place): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw importError(
      inside(place, "data"),
      `the address part "${text}" cannot be decoded`,
      "percent-encoded UTF-8",
      error,
    );
  }
}

interface ChosenResults {
  readonly list: readonly unknown[];
  readonly place: Place;
}

function chosenResults(task: JsonObject, place: Place): ChosenResults | undefined {
  if (own(task, "annotations") === undefined)
    throw importError(place, "the task has no annotations", 'an export in the format "JSON"');
  const candidates = listIn(task, "annotations", place)
    .map((value, at) => {
      const where = inside(inside(place, "annotations"), at);
      return { annotation: objectAt(value, where), where };
    })
    .filter(({ annotation }) => own(annotation, "was_cancelled") !== true);
  const chosen = candidates.find(({ annotation }) => own(annotation, "ground_truth") === true) ?? candidates.at(-1);
  if (chosen === undefined) return undefined;
  return { list: listIn(chosen.annotation, "result", chosen.where), place: inside(chosen.where, "result") };
}

interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly LabeledShape[];
}

function readResults<Name extends string>(
  list: readonly unknown[],
  place: Place,
  options: ShapeImportOptions<Name>,
): Drawn | undefined {
  let size: { readonly width: number; readonly height: number } | undefined;
  const shapes: LabeledShape[] = [];
  for (const [at, value] of list.entries()) {
    const where = inside(place, at);
    const result = objectAt(value, where);
    // Choices, texts and relations belong to the task and are no shapes.
    if (!isObject(own(result, "value")) || own(result, "original_width") === undefined) continue;
    const stated = sizeIn(result, where, ["original_width", "original_height"]);
    checkSize(stated.width, stated.height, where);
    size ??= stated;
    if (stated.width !== size.width || stated.height !== size.height)
      throw importError(
        where,
        `the image has ${stated.width} x ${stated.height} pixels`,
        `${size.width} x ${size.height} as before`,
      );
    const rotation = own(result, "image_rotation");
    if (typeof rotation === "number" && rotation !== 0)
      throw importError(inside(where, "image_rotation"), `the image is turned by ${rotation} degrees`, "0");
    const shape = labelStudioShape(result, size, where, options.otherShapes);
    if (shape !== undefined) shapes.push(shape);
  }
  return size === undefined ? undefined : { ...size, shapes };
}
