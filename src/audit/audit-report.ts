import { writeWholeFile } from "../evaluation/write-whole-file.js";
import type { ClassTable } from "../mask/classes.js";
import type { AuditContent, AuditData } from "./audit-content.js";
import { auditPage } from "./page/audit-page.js";
import type { AuditHtmlOptions } from "./page/audit-page.js";

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
