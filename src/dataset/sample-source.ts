import type { ObjectStore, StoredObject } from "../core/object-store.js";
import type { ClassTable } from "../mask/classes.js";
import type { Mask } from "../mask/mask.js";
import type { WarningList } from "./warning-list.js";

/** A mask in the class table, with what a person should know of the file. */
export interface ReadMask<in out Name extends string> {
  readonly mask: Mask<Name>;
  readonly findings: readonly string[];
}

/** One image with its mask, before anything of it is read. */
export interface SourceSample<in out Name extends string> {
  /** Name of the image, without extension. */
  readonly stem: string;
  readonly imageUri: string;
  /** What a listing said of the image, when there was one. */
  readonly listed?: StoredObject;
  readonly maskUri: string;
  /**
   * What decides the content of the mask, e.g. its entity tag and the meaning of its values; `undefined`, or without the
   * member, it cannot be told without reading it, and a journal does not remember the check.
   */
  maskVersion?(signal: AbortSignal | undefined): Promise<string | undefined>;
  /** Reads and decodes the mask. Throws errors of the codec and mask rooms. */
  readMask(signal: AbortSignal | undefined): Promise<ReadMask<Name>>;
  /** Whether the image is left out because of this error; then it was reported. Without it every error counts. */
  skip?(error: unknown): boolean;
}

/** What a source needs to find its samples. */
export interface CollectContext {
  readonly store: ObjectStore;
  readonly warnings: WarningList;
  readonly signal: AbortSignal | undefined;
}

/** Where images and masks come from. */
export interface SampleSource<in out Name extends string> {
  readonly classes: ClassTable<Name>;
  /** For messages, e.g. the prefix or manifest. */
  readonly description: string;
  /** Finds all samples, pairing checked, masks not yet read. */
  collect(context: CollectContext): Promise<readonly SourceSample<Name>[]>;
}
