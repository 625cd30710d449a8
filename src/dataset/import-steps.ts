import { type CityscapesOptions, cityscapesImporter } from "../importers/cityscapes.js";
import { type CocoExport, cocoImporter } from "../importers/coco.js";
import { type CocoPanopticExport, cocoPanopticImporter } from "../importers/coco-panoptic.js";
import { type CvatExport, cvatImporter } from "../importers/cvat.js";
import { type LabelStudioExport, labelStudioImporter } from "../importers/label-studio.js";
import { type LabelboxExport, labelboxImporter } from "../importers/labelbox.js";
import { type LabelMeOptions, labelMeImporter } from "../importers/labelme.js";
import { type SuperviselyOptions, superviselyImporter } from "../importers/supervisely.js";
import type { ImportOptions } from "../importers/import-options.js";
import type { Importer } from "../importers/import-source.js";
import { type VocOptions, vocImporter } from "../importers/voc.js";
import type { ClassTable } from "../mask/classes.js";
import { importSource } from "./import-source.js";
import type { SampleSource } from "./sample-source.js";

/**
 * The steps of a dataset that take exports of other tools.
 *
 * Files are named by a path, an `s3://` address, or the path of a ZIP file (`export.zip`, or `export.zip!/folder/file`
 * for what is inside). Of each source only what is needed is read: annotation files are streamed, masks are drawn when
 * their image's turn has come.
 *
 * Each step throws `input.invalid`, `s3.uri` and `classes.unknown` for settings that cannot be right; `plan` and `upload`
 * throw `import.file`, `import.label`, `import.shape` and `import.path` with file and place.
 */
export abstract class ImportSteps<in out Name extends string, out Next> {
  /** @internal */
  protected readonly importClasses: ClassTable<Name>;

  /** @internal */
  constructor(classes: ClassTable<Name>) {
    this.importClasses = classes;
  }

  /** @internal */
  protected abstract fromSource(source: SampleSource<Name>): Next;

  #from(importer: Importer<Name>, options: ImportOptions<Name>): Next {
    return this.fromSource(importSource(importer, options));
  }

  /**
   * Takes a PASCAL VOC tree: `JPEGImages`, `SegmentationClass`, and `ImageSets/Segmentation` when lists are asked for.
   * Trees that CVAT, Datumaro and LabelMe write are read by their `labelmap.txt` or `class_names.txt`.
   */
  voc(folder: string, options: VocOptions<Name> = {}): Next {
    return this.#from(vocImporter(this.importClasses, folder, options), options);
  }

  /** Takes a Cityscapes tree; labels that the benchmark does not score are ignored. Its images are PNG files. */
  cityscapes(folder: string, options: CityscapesOptions<Name> = {}): Next {
    return this.#from(cityscapesImporter(this.importClasses, folder, options), options);
  }

  /**
   * Takes a COCO file of instances or stuff: polygons and run lengths, drawn as pycocotools draws them. Of annotations
   * that lie over each other the later one in the file holds, unless `overlap` says else.
   */
  coco(source: CocoExport<Name>): Next {
    return this.#from(cocoImporter(this.importClasses, source), source);
  }

  /** Takes a COCO panoptic file with its masks; pixels of no segment are ignored. */
  cocoPanoptic(source: CocoPanopticExport<Name>): Next {
    return this.#from(cocoPanopticImporter(this.importClasses, source), source);
  }

  /** Takes CVAT's "CVAT for images 1.1", as the ZIP file or unpacked; "Segmentation mask 1.1" is a tree for `voc`. */
  cvat(source: CvatExport<Name>): Next {
    return this.#from(cvatImporter(this.importClasses, source), source);
  }

  /** Takes Label Studio's "JSON" export: brushes, polygons and rectangles. */
  labelStudio(source: LabelStudioExport<Name>): Next {
    return this.#from(labelStudioImporter(this.importClasses, source), source);
  }

  /** Takes a Labelbox export with a folder of its mask pictures, which are not fetched from their addresses. */
  labelbox(source: LabelboxExport<Name>): Next {
    return this.#from(labelboxImporter(this.importClasses, source), source);
  }

  /** Takes a folder of LabelMe's JSON files; polygons are drawn as LabelMe's own converter draws them. */
  labelMe(folder: string, options: LabelMeOptions<Name> = {}): Next {
    return this.#from(labelMeImporter(this.importClasses, folder, options), options);
  }

  /** Takes a Supervisely project: bitmaps, polygons with holes, rectangles. */
  supervisely(folder: string, options: SuperviselyOptions<Name> = {}): Next {
    return this.#from(superviselyImporter(this.importClasses, folder, options), options);
  }
}
