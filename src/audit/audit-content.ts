import type { LabeledEntry } from "../manifest/entry.js";
import type { ClassTable } from "../mask/classes.js";
import type { IndexMask, Mask } from "../mask/mask.js";
import type { AuditFinding, AuditKindSummary } from "./audit-finding.js";

/** How often a class occurs in audited masks. */
export interface AuditedClass {
  /** Pixels of the class. */
  readonly pixels: number;
  /** Share of the pixels that are not ignored, 0 to 1. */
  readonly share: number;
  /** Images in which the class occurs. */
  readonly images: number;
}

/** All that an audit tells, as plain data. */
export interface AuditData<Name extends string = string> {
  /** Address of the manifest. */
  readonly uri: string;
  /** Lines of the manifest by state; `clean` are labeled ones without any finding, `skipped` could not be read. */
  readonly counts: {
    /** All lines that were read. */
    readonly images: number;
    /** Lines with a mask. */
    readonly labeled: number;
    /** Lines with a mask and no finding. */
    readonly clean: number;
    /** Lines with a failure in place of a mask. */
    readonly failed: number;
    /** Lines with neither. */
    readonly untouched: number;
    /** Lines that could not be read; 0 unless `onError` is `"skip"`. */
    readonly skipped: number;
  };
  /** What was found, by kind, errors first as listed in the documentation; empty when all is well. */
  readonly kinds: readonly AuditKindSummary[];
  /** All findings in the order of the manifest, at most 10,000. */
  readonly findings: readonly AuditFinding[];
  /** Lines that could not be read, in words, at most 100; only with `onError: "skip"`. */
  readonly skippedLines: readonly string[];
  /** Classes that occur in no mask. */
  readonly absentClasses: readonly Name[];
  /** Pixels that are ignored or of no class. */
  readonly ignoredPixels: number;
  /** How often each class occurs, by class name. */
  readonly balance: Readonly<Record<Name, AuditedClass>>;
}

/** An image that the page shows. */
export interface PicturedEntry {
  readonly entry: LabeledEntry;
  readonly findings: readonly AuditFinding[];
}

/** An image of the page. */
export interface AuditPicture<in out Name extends string> {
  readonly imageUri: string;
  readonly maskUri: string;
  readonly findings: readonly AuditFinding[];
  /** The image file; `undefined` when it cannot be read. */
  readonly image: Uint8Array | undefined;
  /** The mask with its problems; `undefined` when the file cannot be read. */
  readonly mask: { readonly classes: Mask<Name>; readonly problems: IndexMask } | undefined;
}

/** What a report is made of. */
export interface AuditContent<in out Name extends string> extends AuditData<Name> {
  readonly classes: ClassTable<Name>;
  readonly pictures: readonly AuditPicture<Name>[];
}
