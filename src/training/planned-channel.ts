/**
 * How data reaches the container. `File` copies it to the disk before the training starts; `Pipe` streams it;
 * `FastFile` opens files when they are read, and is not documented for this algorithm by name.
 */
export type TrainingInputMode = "File" | "Pipe" | "FastFile";

/** Name of a channel that the algorithm knows. */
export type ChannelName = "train" | "validation" | "train_annotation" | "validation_annotation" | "label_map" | "model";

/** A channel, checked, as it goes into a request. */
export interface PlannedChannel {
  readonly name: ChannelName;
  /** All objects below a prefix, those that a manifest of S3 lists, or those that the lines of an augmented manifest name. */
  readonly kind: "prefix" | "manifest" | "augmented";
  /** A folder ends in `/`. */
  readonly uri: string;
  readonly contentType?: string;
  readonly inputMode?: TrainingInputMode;
  /** Of an augmented manifest: where images and masks are named, in this order. */
  readonly attributes?: readonly [images: string, labels: string];
  readonly shuffleSeed?: number;
}
