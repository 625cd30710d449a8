import { largestMaskFile, readWithin } from "../core/read-within.js";
import { stem } from "../core/s3-uri.js";
import { folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { decodeMask } from "../mask/decode-mask.js";
import { type FileBelow, filesBelow, pictureOf, picturesByStem } from "./folder-files.js";
import { importError } from "./import-error.js";
import type { ImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { readText } from "./json-document.js";
import { type LabelMapping, labelMapping } from "./label-mapping.js";
import { labelPixels } from "./label-pixels.js";
import { type VocLabels, readVocLabels, vocLabels } from "./voc-labels.js";
import { vocVoid } from "../mask/voc-colors.js";

/** Options of a PASCAL VOC tree. */
export interface VocOptions<Name extends string> extends ImportOptions<Name> {
  /** Lists of `ImageSets/Segmentation` to take, e.g. `["train", "val"]`; default: every mask there is. */
  readonly lists?: readonly string[];
  /** Labels by index; default: those of `labelmap.txt` or `class_names.txt`, or PASCAL VOC's own 21. */
  readonly classNames?: readonly string[];
  /** Folder of the images; default `JPEGImages` in the tree. */
  readonly images?: string;
}

/**
 * Reads a PASCAL VOC tree, also as CVAT ("segmentation mask"), Datumaro and LabelMe write it: palette masks by their
 * indices, RGB masks by the VOC colours, and with a `labelmap.txt` all masks by its colours. Index 255 is ignored.
 */
export function vocImporter<Name extends string>(
  classes: ClassTable<Name>,
  tree: string,
  options: VocOptions<Name>,
): Importer<Name> {
  const folder = folderAddress(tree, "folder");
  const images = options.images === undefined ? `${folder}JPEGImages/` : folderAddress(options.images, "images");
  const mapping = labelMapping(classes, options, {
    known: new Map([
      ["background", "background"],
      ["_background_", "background"],
      ["__ignore__", "ignored"],
      ["ignored", "ignored"],
      ["void", "ignored"],
    ]),
  });
  return {
    classes,
    description: folder,
    async collect(context) {
      const labels =
        options.classNames === undefined ? await readVocLabels(folder, context) : vocLabels(options.classNames);
      const wanted = options.lists === undefined ? undefined : await readLists(folder, options.lists, context);
      const pictures = await picturesByStem(context, images);
      const found: ImportedImage<Name>[] = [];
      for await (const mask of filesBelow(context, `${folder}SegmentationClass/`, /\.png$/i)) {
        const name = stem(mask.path);
        if (wanted !== undefined && !wanted.delete(name)) continue;
        const picture = pictures.get(name);
        const file = mask.object.uri;
        if (picture === undefined)
          context.problem(importError({ file }, "the mask has no image", `an image ${images}${name}.jpg`), file);
        else found.push(importedMask(classes, { name, mask, picture, labels, mapping, context }));
      }
      for (const name of wanted ?? [])
        context.problem(
          importError({ file: folder }, `the image ${name} has no mask`, "a mask of each listed image"),
          name,
        );
      return found;
    },
  };
}

async function readLists(folder: string, lists: readonly string[], context: ImportContext): Promise<Set<string>> {
  const names = new Set<string>();
  for (const list of lists) {
    const text = await readText(context.store, `${folder}ImageSets/Segmentation/${list}.txt`, context.signal);
    for (const line of text.split(/\r?\n/)) if (line.trim() !== "") names.add(line.trim());
  }
  return names;
}

interface MaskOfTree {
  readonly name: string;
  readonly mask: FileBelow;
  readonly picture: FileBelow;
  readonly labels: VocLabels;
  readonly mapping: LabelMapping;
  readonly context: ImportContext;
}

function importedMask<Name extends string>(
  classes: ClassTable<Name>,
  { name, mask, picture, labels, mapping, context }: MaskOfTree,
): ImportedImage<Name> {
  const file = mask.object.uri;
  return {
    stem: name,
    ...pictureOf(picture),
    maskUri: file,
    async readMask(signal) {
      const png = await readWithin(context.store, file, { what: "mask", limit: largestMaskFile, signal });
      const plain = labels.byColor ? undefined : decodePlain(png, file);
      const { width, height, data } = plain ?? decodeMask(png, { name: file, colorMap: labels.colors });
      const meaning = (value: number): { readonly label: string } | "ignored" | undefined => {
        const label = labels.names[value];
        return label === undefined ? (value === vocVoid ? "ignored" : undefined) : { label };
      };
      const pixels = { width, height, valueAt: (pixel: number) => data[pixel]!, meaning };
      return { mask: labelPixels(classes, pixels, mapping, { file }), findings: [] };
    },
  };
}

/** Palette and gray masks hold indices; `undefined` for RGB ones, whose colours are looked up. */
function decodePlain(png: Uint8Array, file: string): ReturnType<typeof decodeMask> | undefined {
  // Byte 25 is the colour type of IHDR: 2 and 6 are colour pictures (PNG 3rd edition, 11.2.1).
  return png[25] === 2 || png[25] === 6 ? undefined : decodeMask(png, { name: file });
}
