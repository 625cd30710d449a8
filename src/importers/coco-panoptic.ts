import { decodePng } from "../codec/png/decode.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import { stem } from "../core/s3-uri.js";
import { addressBelow, fileAddress, folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { type CocoId, CocoTables, cocoId } from "./coco-images.js";
import { importError, inside, type Place } from "./import-error.js";
import type { ImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { listIn, numberIn, objectAt, textIn } from "./json-fields.js";
import { type JsonItem, readJsonItems } from "./json-items.js";
import { type LabelMapping, labelMapping } from "./label-mapping.js";
import { labelPixels } from "./label-pixels.js";

/** A COCO panoptic file with its PNG masks. */
export interface CocoPanopticExport<Name extends string> extends ImportOptions<Name> {
  /** The JSON file. */
  readonly annotations: string;
  /** Folder of the PNG files that hold the segments' ids. */
  readonly masks: string;
  /** Folder that the images' `file_name`s are below. */
  readonly images: string;
}

/** Segments of one picture. */
interface Panoptic {
  readonly image: CocoId;
  readonly file: string;
  /** Id and category, one after the other. */
  readonly segments: Float64Array;
  readonly place: Place;
}

/** Reads a COCO panoptic file: the segment of a pixel is red + 256 green + 65536 blue; pixels of segment 0 are ignored. */
export function cocoPanopticImporter<Name extends string>(
  classes: ClassTable<Name>,
  options: CocoPanopticExport<Name>,
): Importer<Name> {
  const file = fileAddress(options.annotations, "annotations");
  const folders = { masks: folderAddress(options.masks, "masks"), images: folderAddress(options.images, "images") };
  const mapping = labelMapping(classes, options, { unlabeled: "ignored" });
  return {
    classes,
    description: file,
    async collect(context) {
      const tables = new CocoTables();
      const pictures: Panoptic[] = [];
      const lists = ["images", "annotations", "categories"];
      for await (const item of readJsonItems(context.store, file, lists, context.signal)) {
        try {
          if (!tables.take(item)) pictures.push(readPanoptic(item));
        } catch (error) {
          context.problem(error, file);
        }
      }
      const used = new Set(pictures.flatMap(({ segments }) => [...segments].filter((_, at) => at % 2 === 1)));
      mapping.check(
        [...used].map((id) => tables.categories.get(id)).filter((name) => name !== undefined),
        { file },
      );
      const found: ImportedImage<Name>[] = [];
      for (const panoptic of pictures) {
        const image = tables.images.get(panoptic.image);
        try {
          if (image === undefined)
            throw importError(
              inside(panoptic.place, "image_id"),
              `the image ${panoptic.image} is not listed`,
              "an id of images",
            );
          const imageUri = addressBelow(folders.images, image.name, file);
          const maskUri = addressBelow(folders.masks, panoptic.file, file);
          found.push({
            stem: stem(imageUri.slice(folders.images.length)),
            imageUri,
            maskUri,
            readMask: (signal) => readSegments(classes, { maskUri, panoptic, tables, mapping, context, signal }),
          });
        } catch (error) {
          context.problem(error, panoptic.file);
        }
      }
      return found;
    },
  };
}

function readPanoptic({ value, place }: JsonItem): Panoptic {
  const annotation = objectAt(value, place);
  const segments = listIn(annotation, "segments_info", place).flatMap((entry, at) => {
    const where = inside(inside(place, "segments_info"), at);
    const segment = objectAt(entry, where);
    return [numberIn(segment, "id", where), numberIn(segment, "category_id", where)];
  });
  return {
    image: cocoId(annotation, "image_id", place),
    file: textIn(annotation, "file_name", place),
    segments: Float64Array.from(segments),
    place,
  };
}

interface SegmentSource {
  readonly maskUri: string;
  readonly panoptic: Panoptic;
  readonly tables: CocoTables;
  readonly mapping: LabelMapping;
  readonly context: ImportContext;
  readonly signal: AbortSignal | undefined;
}

async function readSegments<Name extends string>(
  classes: ClassTable<Name>,
  { maskUri, panoptic, tables, mapping, context, signal }: SegmentSource,
): Promise<Awaited<ReturnType<ImportedImage<Name>["readMask"]>>> {
  const png = await readWithin(context.store, maskUri, { what: "mask", limit: largestMaskFile, signal });
  const { width, height, samples, channels, bitDepth } = decodePng(png);
  if (channels < 3 || bitDepth !== 8)
    throw importError({ file: maskUri }, "the picture holds no segment ids", "an RGB picture of 8 bits");
  const categories = new Map<number, number>();
  for (let at = 0; at < panoptic.segments.length; at += 2)
    categories.set(panoptic.segments[at]!, panoptic.segments[at + 1]!);
  const pixels = {
    width,
    height,
    valueAt(pixel: number): number {
      const at = pixel * channels;
      return samples[at]! + 256 * samples[at + 1]! + 65_536 * samples[at + 2]!;
    },
    meaning(id: number) {
      const category = categories.get(id);
      if (category === undefined) return id === 0 ? ("unlabeled" as const) : undefined;
      const label = tables.categories.get(category);
      if (label !== undefined) return { label };
      throw importError(panoptic.place, `the category ${category} is not listed`, "an id of categories");
    },
  };
  return { mask: labelPixels(classes, pixels, mapping, { file: maskUri }), findings: [] };
}
