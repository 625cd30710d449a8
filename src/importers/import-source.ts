import type { ObjectStore, StoredObject } from "../core/object-store.js";
import type { ClassTable } from "../mask/classes.js";
import type { Mask } from "../mask/mask.js";

/** One image of an export with its mask, before pixels of either are read. */
export interface ImportedImage<in out Name extends string> {
  /** Name of the image without extension; folders in front of it stay. */
  readonly stem: string;
  readonly imageUri: string;
  /** What a listing of S3 said of the image, with its entity tag. */
  readonly listed?: StoredObject;
  /** The file that says what is in the image, for messages. */
  readonly maskUri: string;
  /** Draws or reads the mask. Throws errors of the areas `import`, `codec` and `mask`. */
  readMask(
    signal: AbortSignal | undefined,
  ): Promise<{ readonly mask: Mask<Name>; readonly findings: readonly string[] }>;
}

/** What an importer needs while it looks through an export. */
export interface ImportContext {
  readonly store: ObjectStore;
  readonly signal: AbortSignal | undefined;
  /** Takes a problem with one part of the export: throws it, or reports it and lets the work go on. */
  problem(error: unknown, uri: string): void;
  /** Something a person should know: an image that was left out without being wrong. */
  leftOut(message: string, uri: string): void;
}

/** Reads an export of another tool. */
export interface Importer<in out Name extends string> {
  readonly classes: ClassTable<Name>;
  /** For messages, e.g. the file or folder. */
  readonly description: string;
  /** Finds all images; everything but pixels is read. */
  collect(context: ImportContext): Promise<readonly ImportedImage<Name>[]>;
}
