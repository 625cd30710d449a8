import type { AnySegmentationError } from "../core/errors.js";
import type { Overlap } from "../raster/compose.js";

/** What becomes of a label: a class, `null` for pixels to ignore, `false` for not drawn, so that what lies under it stays. */
export type LabelTarget<Name extends string> = Name | null | false;

/** Options of all imports. */
export interface ImportOptions<Name extends string> {
  /**
   * What becomes of the export's labels: renamed (`{ person: "human" }`), merged (two labels to one class), ignored
   * (`null`), dropped to the background (the name of class 0) or not drawn (`false`). Labels that are not listed and
   * are spelt as a class go to that class.
   */
  readonly labels?: Readonly<Record<string, LabelTarget<Name>>>;
  /** What becomes of all other labels. Default: they are an error that lists them. */
  readonly otherLabels?: LabelTarget<Name>;
  /** Class of pixels that nobody labeled, or `null` to ignore them. Default: class 0, but in COCO panoptic ignored. */
  readonly unlabeled?: Name | null;
  /**
   * Whether an image that cannot be used ends the work (`throw`, the default) or is left out (`skip`) and reported among
   * the dataset's warnings. A label without a class always ends it: it is a setting, and not one image's fault.
   */
  readonly onError?: "throw" | "skip";
  /** Called with each problem that was skipped; the warnings keep the first ten of a kind only. */
  readonly onSkipped?: (problem: AnySegmentationError) => void;
}

/** Options of imports whose labels are shapes. */
export interface ShapeImportOptions<Name extends string> extends ImportOptions<Name> {
  /**
   * Which shape holds where two lie over each other: the `later` one in the file (default), the `earlier` one, the
   * `smaller` one, or neither (`ignored`: pixels of two different classes count for nothing).
   */
  readonly overlap?: Overlap;
  /** Whether shapes that cover no area (lines, points) are an error (`throw`, the default) or `leftOut`. */
  readonly otherShapes?: "throw" | "leftOut";
}
