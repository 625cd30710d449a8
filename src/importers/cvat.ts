import { addressBelow, fileAddress, folderAddress } from "../files/file-address.js";
import type { ClassTable } from "../mask/classes.js";
import { checkSize } from "./draw-mask.js";
import { type CvatShape, cvatShape, shapeElements } from "./cvat-shapes.js";
import { type DrawnPicture, drawnImage } from "./drawn-shapes.js";
import { importError } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage, Importer } from "./import-source.js";
import { labelMapping } from "./label-mapping.js";
import { readXmlTags, type XmlTag } from "./xml-elements.js";

/** An export of CVAT in its format "CVAT for images 1.1". */
export interface CvatExport<Name extends string> extends ShapeImportOptions<Name> {
  /** The XML file, or the ZIP file that CVAT gives. */
  readonly annotations: string;
  /** Folder that the images' names are below; default `images/` in the ZIP file. */
  readonly images?: string;
}

/**
 * Reads "CVAT for images": masks, polygons and boxes, those of a higher `z_order` over lower ones, then later over
 * earlier ones. (The format "Segmentation mask 1.1" is a VOC tree: use `voc`.)
 */
export function cvatImporter<Name extends string>(
  classes: ClassTable<Name>,
  options: CvatExport<Name>,
): Importer<Name> {
  const given = fileAddress(options.annotations, "annotations");
  const zipped = /\.zip$/i.test(given);
  const file = zipped ? `${given}!/annotations.xml` : given;
  const images = options.images ?? (zipped ? undefined : file.slice(0, file.lastIndexOf("/")));
  const folder = images === undefined ? `${given}!/images/` : folderAddress(images, "images");
  const mapping = labelMapping(classes, options);
  return {
    classes,
    description: file,
    async collect(context) {
      const found: ImportedImage<Name>[] = [];
      for await (const { name, picture } of readImages(file, context, options.otherShapes)) {
        if (picture.shapes.length === 0) {
          context.leftOut("Left out, nothing is drawn on it.", name);
          continue;
        }
        try {
          mapping.check(
            picture.shapes.map(({ label }) => label),
            picture.place,
          );
          const imageUri = addressBelow(folder, name, file);
          found.push(drawnImage(classes, picture, { folder, imageUri, mapping, options }));
        } catch (error) {
          context.problem(error, name);
        }
      }
      return found;
    },
  };
}

interface CvatImage {
  readonly name: string;
  readonly picture: DrawnPicture;
}

async function* readImages(
  file: string,
  context: ImportContext,
  otherShapes: "throw" | "leftOut" | undefined,
): AsyncGenerator<CvatImage, void, void> {
  let image: { readonly tag: XmlTag; readonly shapes: CvatShape[] } | undefined;
  let broken = false;
  let seen = false;
  for await (const tag of readXmlTags(context.store, file, context.signal)) {
    if (!seen && tag.name !== "annotations")
      throw importError(tag.place, `the document is <${tag.name}>`, "<annotations>, a CVAT export");
    seen = true;
    if (tag.name === "track" && tag.kind === "open")
      throw importError(tag.place, "the export is one of a video", 'the format "CVAT for images 1.1"');
    try {
      if (tag.name === "image" && tag.kind === "open") {
        image = { tag, shapes: [] };
        broken = false;
      } else if (tag.name === "image" && image !== undefined) {
        const { tag: start, shapes } = image;
        image = undefined;
        if (!broken) yield finish(start, shapes);
      } else if (image !== undefined && tag.kind === "open" && shapeElements.has(tag.name)) {
        const shape = cvatShape(tag, otherShapes);
        if (shape !== undefined) image.shapes.push(shape);
      }
    } catch (error) {
      // Of an image with a shape that cannot be drawn the others would make a wrong mask.
      broken = true;
      context.problem(error, file);
    }
  }
}

function finish({ attributes, place }: XmlTag, shapes: readonly CvatShape[]): CvatImage {
  const { name } = attributes;
  if (name === undefined || name === "") throw importError(place, "the image has no name", 'an attribute "name"');
  const [width, height] = [Number(attributes["width"]), Number(attributes["height"])];
  checkSize(width, height, place);
  const ordered = [...shapes].sort((a, b) => a.z - b.z);
  return { name, picture: { width, height, shapes: ordered, place } };
}
