import type { WorkOptions } from "../core/progress.js";
import type { ClassTable } from "../mask/classes.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import type { DatasetCheck } from "./dataset-finding.js";
import type { DatasetPreviewOptions } from "./preview-options.js";
import type { AugmentedManifestOptions, DatasetManifests } from "./manifest-address.js";

/** Where the channels of a dataset lie; every folder ends in `/`, as training needs it. */
export interface DatasetChannels {
  /** S3 folder of the training images. */
  readonly train: string;
  /** S3 folder of their masks, one PNG of the same name for each image. */
  readonly train_annotation: string;
  /** S3 folder of the validation images. */
  readonly validation: string;
  /** S3 folder of their masks, one PNG of the same name for each image. */
  readonly validation_annotation: string;
  /** Only when masks are stored under other values than their class index; this package rewrites masks instead. */
  readonly label_map?: string;
}

/** Name of a half of a dataset. */
export type SplitName = "train" | "validation";

/** How often a class occurs in one half of a dataset. */
export interface ClassShare {
  /** Pixels of the class. */
  readonly pixels: number;
  /** Share of the pixels that are not ignored, 0 to 1. */
  readonly share: number;
  /** Images in which the class occurs. */
  readonly images: number;
}

/** Something a person should know, that does not stop the work. */
export interface DatasetWarning {
  /** The kind of warning, for programs. */
  readonly code:
    | "class-absent"
    | "exif-orientation"
    | "png-image"
    | "jpeg-kind"
    | "label-failed"
    | "label-missing"
    | "mask-finding"
    | "renamed"
    | "skipped";
  /** The warning in a sentence, for people. */
  readonly message: string;
  /** The object it is about. */
  readonly uri?: string;
}

/** Images with masks, in S3, laid out as the training algorithm reads them. */
export interface Dataset<in out Name extends string> {
  /** The classes that the masks' indices stand for. */
  readonly classes: ClassTable<Name>;
  /** The folder that holds it, ending in `/`. */
  readonly uri: string;
  /** The S3 folders that a training job takes. */
  readonly channels: DatasetChannels;
  /** Number of images; `train` is what `num_training_samples` must be. */
  readonly counts: Readonly<Record<SplitName, number>>;
  /** Training images with their masks, read from S3 as they are asked for; may be iterated again and again. */
  readonly train: AsyncIterable<LabeledImage<Name>>;
  /** Validation images with their masks. */
  readonly validation: AsyncIterable<LabeledImage<Name>>;
  /** How often each class occurs, by class name. */
  readonly balance: Readonly<Record<SplitName, Readonly<Record<Name, ClassShare>>>>;
  /** What the checks found and a person should know; empty when there is nothing. */
  readonly warnings: readonly DatasetWarning[];
  /**
   * Writes augmented manifests beside the channels, for Pipe mode:
   * `estimator.augmentedManifests(await dataset.augmentedManifests())`. In File and FastFile mode training reads the
   * channels themselves.
   */
  augmentedManifests(options?: AugmentedManifestOptions): Promise<DatasetManifests>;
  /**
   * Reads the dataset as training will and tells what would go wrong: files that are gone or strange, sizes, modes and
   * values of masks, classes that are not learned or not measured, images that are there twice. Changes nothing.
   */
  check(options?: WorkOptions): Promise<DatasetCheck>;
  /** A contact sheet of images under their masks with class statistics, as one HTML page without script. */
  preview(options?: DatasetPreviewOptions): Promise<string>;
  /** Writes the contact sheet to a file; missing folders are made. */
  writePreview(path: string, options?: DatasetPreviewOptions): Promise<void>;
}
