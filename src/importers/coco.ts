import { stem } from "../core/s3-uri.js";
import { addressBelow, fileAddress, folderAddress } from "../files/file-address.js";
import { own } from "../manifest/json.js";
import type { ClassTable } from "../mask/classes.js";
import type { Layer } from "../raster/compose.js";
import type { Region } from "../raster/region.js";
import { AnnotationHeap } from "./annotation-heap.js";
import { type CocoId, CocoTables, cocoId } from "./coco-images.js";
import { packSegmentation, unpackRegions } from "./coco-shape.js";
import { drawMask } from "./draw-mask.js";
import { importError, inside, type Place } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { objectAt } from "./json-fields.js";
import { type JsonItem, readJsonItems } from "./json-items.js";
import { type LabelMapping, labelMapping } from "./label-mapping.js";
import { NumberReader, NumberWriter } from "./packed-numbers.js";

/** A COCO file of instances or stuff: polygons, run lengths and compressed run lengths. */
export interface CocoExport<Name extends string> extends ShapeImportOptions<Name> {
  /** The JSON file: a path, `s3://...`, or a file in a ZIP archive (`export.zip!/annotations/instances.json`). */
  readonly annotations: string;
  /** Folder that the images' `file_name`s are below: a path, a ZIP file, or `s3://...`. */
  readonly images: string;
  /** What becomes of crowd regions (`iscrowd` 1): drawn as their class (default), not drawn, or ignored. */
  readonly crowds?: "drawn" | "leftOut" | "ignored";
  /** Whether images without any annotation are left out (default) or wholly unlabeled pixels. */
  readonly withoutShapes?: "leftOut" | "unlabeled";
}

/**
 * Reads a COCO file of instances or stuff. The file is streamed; shapes are kept packed, a few bytes for each point, and
 * drawn when their image's turn has come, by the exact pixel rules of pycocotools.
 */
export function cocoImporter<Name extends string>(
  classes: ClassTable<Name>,
  options: CocoExport<Name>,
): Importer<Name> {
  const file = fileAddress(options.annotations, "annotations");
  const folder = folderAddress(options.images, "images");
  const mapping = labelMapping(classes, options);
  const { crowds = "drawn", withoutShapes = "leftOut", overlap } = options;
  return {
    classes,
    description: file,
    async collect(context) {
      const { tables, shapes, unusable, used } = await readCoco(file, context);
      mapping.check(
        [...used].map((id) => tables.categories.get(id)).filter((name) => name !== undefined),
        { file },
      );
      const found: ImportedImage<Name>[] = [];
      for (const [id, { name, width, height, place }] of tables.images) {
        if (unusable.has(id)) continue;
        if (!shapes.has(id) && withoutShapes === "leftOut") {
          context.leftOut("Left out, nothing is drawn on it.", name);
          continue;
        }
        try {
          const imageUri = addressBelow(folder, name, file);
          found.push({
            stem: stem(imageUri.slice(folder.length)),
            imageUri,
            maskUri: file,
            readMask: () => {
              const layers = layersOf(shapes.of(id), { width, height, file, tables, mapping, crowds, classes });
              const drawing = { width, height, layers, unlabeled: mapping.unlabeled, overlap };
              return Promise.resolve({ mask: drawMask(classes, drawing, place), findings: [] });
            },
          });
        } catch (error) {
          context.problem(error, name);
        }
      }
      return found;
    },
  };
}

interface CocoContents {
  readonly tables: CocoTables;
  readonly shapes: AnnotationHeap;
  /** Images of which an annotation cannot be used. */
  readonly unusable: ReadonlySet<CocoId>;
  /** Categories that occur. */
  readonly used: ReadonlySet<CocoId>;
}

async function readCoco(file: string, context: ImportContext): Promise<CocoContents> {
  const tables = new CocoTables();
  const shapes = new AnnotationHeap();
  const unusable = new Set<CocoId>();
  const used = new Map<CocoId, Place>();
  const owners = new Map<CocoId, Place>();
  const writer = new NumberWriter();
  const lists = ["images", "annotations", "categories"];
  let index = 0;
  for await (const item of readJsonItems(context.store, file, lists, context.signal)) {
    let image: CocoId | undefined;
    try {
      if (tables.take(item)) continue;
      const annotation = objectAt(item.value, item.place);
      image = cocoId(annotation, "image_id", item.place);
      if (!owners.has(image)) owners.set(image, item.place);
      const category = cocoId(annotation, "category_id", item.place);
      if (!used.has(category)) used.set(category, item.place);
      packAnnotation(item, category, index, writer);
      shapes.add(image, writer.take());
    } catch (error) {
      writer.take();
      if (image !== undefined) unusable.add(image);
      context.problem(error, file);
    } finally {
      if (item.list === "annotations") index++;
    }
  }
  for (const [id, place] of owners)
    if (!tables.images.has(id))
      context.problem(importError(inside(place, "image_id"), `the image ${id} is not listed`, "an id of images"), file);
  return { tables, shapes, unusable, used: new Set(used.keys()) };
}

/** Category and number of an annotation, whether it is a crowd, its shape. */
function packAnnotation({ value, place }: JsonItem, category: CocoId, index: number, writer: NumberWriter): void {
  const annotation = objectAt(value, place);
  const crowd = own(annotation, "iscrowd");
  if (typeof category === "string")
    throw importError(inside(place, "category_id"), "the id is a text", "a whole number");
  writer.signed(category);
  writer.unsigned(index);
  writer.unsigned(crowd === 1 || crowd === true ? 1 : 0);
  packSegmentation(own(annotation, "segmentation"), inside(place, "segmentation"), writer);
}

interface LayerContext {
  readonly width: number;
  readonly height: number;
  readonly file: string;
  readonly tables: CocoTables;
  readonly mapping: LabelMapping;
  readonly crowds: "drawn" | "leftOut" | "ignored";
  readonly classes: { readonly ignoreIndex: number };
}

function layersOf(pieces: Iterable<Uint8Array>, context: LayerContext): Layer[] {
  const { width, height, file, tables, mapping, crowds, classes } = context;
  const layers: Layer[] = [];
  for (const piece of pieces) {
    const head = new NumberReader(piece);
    const category = head.signed();
    const place = { file, path: `$.annotations[${head.unsigned()}]` };
    const crowd = head.unsigned() === 1;
    const label = tables.categories.get(category);
    if (label === undefined)
      throw importError(inside(place, "category_id"), `the category ${category} is not listed`, "an id of categories");
    const index = crowd && crowds === "ignored" ? classes.ignoreIndex : mapping.indexOf(label, place);
    if (index === undefined || (crowd && crowds === "leftOut")) continue;
    const regions = (): Iterable<Region> => {
      const reader = new NumberReader(piece);
      for (let skipped = 0; skipped < 3; skipped++) reader.unsigned();
      return unpackRegions(reader, width, height, inside(place, "segmentation"));
    };
    layers.push({ value: index, regions });
  }
  return layers;
}
