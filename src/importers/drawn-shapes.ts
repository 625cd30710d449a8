import { baseName, stem } from "../core/s3-uri.js";
import type { ClassTable } from "../mask/classes.js";
import type { Mask } from "../mask/mask.js";
import type { Layer } from "../raster/compose.js";
import type { Region } from "../raster/region.js";
import { drawMask } from "./draw-mask.js";
import { type Place, drawing } from "./import-error.js";
import type { ShapeImportOptions } from "./import-options.js";
import type { ImportContext, ImportedImage } from "./import-source.js";
import type { LabelMapping } from "./label-mapping.js";

/** A shape with its label, in the order of the file. */
export interface LabeledShape {
  readonly label: string;
  readonly place: Place;
  /** Makes its parts. Throws `import.shape`. */
  regions(width: number, height: number): Iterable<Region>;
}

/** A picture with the shapes on it. */
export interface DrawnPicture {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly LabeledShape[];
  readonly place: Place;
}

/** What is needed to draw an image when its turn has come. */
export interface DrawContext<Options> {
  readonly mapping: LabelMapping;
  readonly options: Options;
  readonly context: ImportContext;
  readonly signal: AbortSignal | undefined;
}

/** Draws shapes by the labels' classes. Throws `import.label`, `import.shape`, `import.file`. */
export function drawShapes<Name extends string>(
  classes: ClassTable<Name>,
  { width, height, shapes, place }: DrawnPicture,
  mapping: LabelMapping,
  { overlap }: Pick<ShapeImportOptions<Name>, "overlap">,
): Mask<Name> {
  const layers = shapes.flatMap((shape): Layer[] => {
    const value = mapping.indexOf(shape.label, shape.place);
    const regions = (): Region[] => drawing(shape.place, () => [...shape.regions(width, height)]);
    return value === undefined ? [] : [{ value, regions }];
  });
  return drawMask(classes, { width, height, layers, unlabeled: mapping.unlabeled, overlap }, place);
}

/** An image whose shapes are known already. */
export function drawnImage<Name extends string>(
  classes: ClassTable<Name>,
  picture: DrawnPicture,
  {
    folder,
    imageUri,
    mapping,
    options,
  }: {
    readonly folder: string;
    readonly imageUri: string;
    readonly mapping: LabelMapping;
    readonly options: ShapeImportOptions<Name>;
  },
): ImportedImage<Name> {
  return {
    stem: stem(imageUri.startsWith(folder) ? imageUri.slice(folder.length) : baseName(imageUri)),
    imageUri,
    maskUri: picture.place.file,
    readMask: () => Promise.resolve({ mask: drawShapes(classes, picture, mapping, options), findings: [] }),
  };
}
