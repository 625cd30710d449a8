import type { GroundTruthColorMap } from "./color-map.js";

/** One line of an output manifest, in the state that the labeling job left it in. */
export type ManifestEntry = LabeledEntry | FailedEntry | UntouchedEntry;

/** What every line has. */
export interface EntryBase {
  /** Line number in the manifest, from 1. */
  readonly line: number;
  /** The image, as the line gives it (`source-ref`). */
  readonly imageUri: string;
}

/** An image that has a mask. */
export interface LabeledEntry extends EntryBase {
  /** Tells this kind of entry from the others. */
  readonly state: "labeled";
  /** The label attribute that the mask stands under, e.g. `turtles-ref`. */
  readonly attribute: string;
  /** The mask file, as the line gives it. */
  readonly maskUri: string;
  /** The classes of the job with their indices and colours. */
  readonly colorMap: GroundTruthColorMap;
  /** `human`, or `machine` for automated labels; `undefined` when the line does not say. */
  readonly annotatedBy: "human" | "machine" | undefined;
  /** Confidence of the image's mask, 0 to 1; Ground Truth writes 0 when one worker labeled it. */
  readonly confidence?: number;
  /** When the mask was made; a date without zone is taken as UTC. */
  readonly createdAt?: Date;
  /** Job that made it, as written, e.g. `labeling-job/turtles` (the service writes it in small letters). */
  readonly jobName?: string;
  /** Whether an adjustment job changed the mask; present only where the line says so. */
  readonly adjustment?: "adjusted" | "unadjusted";
}

/** An image that could not be labeled. */
export interface FailedEntry extends EntryBase {
  /** Tells this kind of entry from the others. */
  readonly state: "failed";
  /** Attribute that the failure stands under. */
  readonly attribute: string;
  /** Ground Truth's own words. */
  readonly reason: string;
  /** How often Ground Truth tried again, when the line says so. */
  readonly retryCount?: number;
}

/** An image that was not labeled: the job was stopped, has ended early or is still running. */
export interface UntouchedEntry extends EntryBase {
  /** Tells this kind of entry from the others. */
  readonly state: "untouched";
}

/** One line of an output manifest with every mask on it: labeling, adjustment and chained jobs each add theirs. */
export interface LineLabels extends EntryBase {
  /** All segmentation labels of the line, the oldest first. Empty when nobody has labeled the image. */
  readonly labels: readonly (LabeledEntry | FailedEntry)[];
  /** What verification jobs said of them, in the order of the line. */
  readonly verifications: readonly Verification[];
  /** Labels of other kinds on the line, those of verification jobs included. */
  readonly others: readonly {
    /** Name of the label attribute. */
    readonly attribute: string;
    /** Its type, e.g. `groundtruth/object-detection`. */
    readonly type: string;
  }[];
}

/** What a verification job said of a mask. */
export interface Verification {
  /** The label attribute of the verification job. */
  readonly attribute: string;
  /** Name of the category that was chosen, e.g. `good`. */
  readonly verdict: string;
  /** Who decided; `undefined` when the line does not say. */
  readonly annotatedBy: "human" | "machine" | undefined;
  /** What workers wrote, at most 100. */
  readonly comments: readonly string[];
  /** Confidence in the verdict, 0 to 1, where the line has it. */
  readonly confidence?: number;
  /** When it was given; a date without zone is taken as UTC. */
  readonly createdAt?: Date;
}
