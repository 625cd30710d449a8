import { sniffImage } from "../codec/sniff-image.js";
import { stem } from "../core/s3-uri.js";
import { addressBelow, fileAddress, folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { drawShapes, type LabeledShape } from "./drawn-shapes.js";
import { importError, type Place } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { type LabelMapping, labelMapping } from "./label-mapping.js";
import { type LabelboxObject, type LabelboxRow, readLabelboxRows } from "./labelbox-rows.js";
import { labelboxShapes } from "./labelbox-shapes.js";

/** An export of Labelbox: the JSON list of version 1, or JSON lines of version 2. */
export interface LabelboxExport<Name extends string> extends ShapeImportOptions<Name> {
  /** The JSON or NDJSON file. */
  readonly annotations: string;
  /** Folder of the images by their external id (version 1), or external id or global key (version 2). */
  readonly images: string;
  /** Folder of the mask pictures, each named `<feature id>.png`; they are behind addresses that need a key. */
  readonly masks?: string;
  /** Whether an object whose mask picture is not in the folder is an error (`throw`, the default) or `leftOut`. */
  readonly missingMasks?: "throw" | "leftOut";
}

/** Reads Labelbox exports: mask pictures where they are not black, polygons and boxes with the pixels of their border. */
export function labelboxImporter<Name extends string>(
  classes: ClassTable<Name>,
  options: LabelboxExport<Name>,
): Importer<Name> {
  const file = fileAddress(options.annotations, "annotations");
  const folder = folderAddress(options.images, "images");
  const masks = options.masks === undefined ? undefined : folderAddress(options.masks, "masks");
  const mapping = labelMapping(classes, options);
  return {
    classes,
    description: file,
    async collect(context) {
      const found: ImportedImage<Name>[] = [];
      for await (const row of readLabelboxRows(file, context)) {
        if (row.objects.length === 0) {
          context.leftOut("Left out, nothing is drawn on it.", row.name);
          continue;
        }
        try {
          mapping.check(
            row.objects.map(({ label }) => label),
            row.place,
          );
          const imageUri = addressBelow(folder, row.name, file);
          found.push({
            stem: stem(imageUri.slice(folder.length)),
            imageUri,
            maskUri: file,
            readMask: (signal) => draw(classes, { row, imageUri, masks, mapping, options, context, signal }),
          });
        } catch (error) {
          context.problem(error, row.name);
        }
      }
      return found;
    },
  };
}

interface DrawContext<Name extends string> {
  readonly row: LabelboxRow;
  readonly imageUri: string;
  readonly masks: string | undefined;
  readonly mapping: LabelMapping;
  readonly options: LabelboxExport<Name>;
  readonly context: ImportContext;
  readonly signal: AbortSignal | undefined;
}

async function draw<Name extends string>(
  classes: ClassTable<Name>,
  { row, imageUri, masks, mapping, options, context, signal }: DrawContext<Name>,
): Promise<Awaited<ReturnType<ImportedImage<Name>["readMask"]>>> {
  const findings: string[] = [];
  const shapes: LabeledShape[] = [];
  const missing = ({ id, label }: LabelboxObject): void => {
    findings.push(`The mask picture of the object ${id} ("${label}") is not there; the object is left out.`);
  };
  // The export of version 1 does not say the size.
  const size = row.size ?? (await imageSize(imageUri, row.place, context, signal));
  for await (const shape of labelboxShapes(row.objects, { masks, size, options, context, missing, signal }))
    shapes.push(shape);
  return { mask: drawShapes(classes, { ...size, shapes, place: row.place }, mapping, options), findings };
}

async function imageSize(
  uri: string,
  place: Place,
  { store }: ImportContext,
  signal: AbortSignal | undefined,
): Promise<{ readonly width: number; readonly height: number }> {
  const head = await store.read(uri, { bytes: 512 * 1024, ...(signal === undefined ? {} : { signal }) });
  const { width, height } = sniffImage(head);
  if (width !== undefined && height !== undefined) return { width, height };
  throw importError(place, `the size of ${uri} cannot be told`, "a JPEG or PNG image");
}
