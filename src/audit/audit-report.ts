import { writeWholeFile } from "../evaluation/write-whole-file.js";
import type { ClassTable } from "../mask/classes.js";
import type { AuditFinding, AuditKindSummary } from "./audit-finding.js";
import { auditPage } from "./page/audit-page.js";
import type { AuditHtmlOptions } from "./page/audit-page.js";
import type { AuditPicture } from "./pictures.js";

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
    readonly images: number;
    readonly labeled: number;
    readonly clean: number;
    readonly failed: number;
    readonly untouched: number;
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

/** The outcome of an audit of labels. */
export interface AuditReport<in out Name extends string> extends AuditData<Name> {
  /** The classes that the masks were read by. */
  readonly classes: ClassTable<Name>;
  /** Whether nothing of severity `error` was found. */
  readonly ok: boolean;
  /** The report as data for `JSON.stringify`. */
  toJSON(): AuditData<Name>;
  /** The report as one HTML page with pictures; no script, nothing loaded from elsewhere. */
  toHtml(options?: AuditHtmlOptions): string;
  /** Writes the page; missing folders are made. */
  writeHtml(path: string, options?: AuditHtmlOptions): Promise<void>;
}

/** What a report is made of. */
export interface AuditContent<in out Name extends string> extends AuditData<Name> {
  readonly classes: ClassTable<Name>;
  readonly pictures: readonly AuditPicture<Name>[];
}

/** Makes the report. */
export function createReport<Name extends string>(content: AuditContent<Name>): AuditReport<Name> {
  const { pictures, classes, ...data } = content;
  const toHtml = (options?: AuditHtmlOptions): string => auditPage({ ...data, classes, pictures }, options);
  return Object.freeze({
    ...data,
    classes,
    ok: data.kinds.every(({ severity }) => severity !== "error"),
    toJSON: () => data,
    toHtml,
    writeHtml: (path: string, options?: AuditHtmlOptions) => writeWholeFile(path, toHtml(options)),
  });
}
