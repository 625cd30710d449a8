import { inOrder } from "../core/in-order.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { progressReporter } from "../core/progress.js";
import type { WorkOptions } from "../core/progress.js";
import { largestMaskFile, readWithin } from "../core/read-within.js";
import type { LabeledEntry } from "../manifest/entry.js";
import type { Labels } from "../manifest/labels.js";
import type { BadLineOptions } from "../manifest/read-entries.js";
import type { Mask } from "../mask/mask.js";
import type { FoundInMask } from "./audit-finding.js";
import { createReport } from "./audit-report.js";
import type { AuditReport } from "./audit-report.js";
import { AuditTally } from "./audit-tally.js";
import { compareSizes, examineImage } from "./examine-image.js";
import { examineMask } from "./examine-mask.js";
import { loadPictures } from "./pictures.js";

/** Options of an audit. */
export interface AuditOptions extends WorkOptions, BadLineOptions {
  /** Whether the first kilobytes of each image are read, for size and EXIF orientation; default true. */
  readonly images?: boolean;
  /** Most images that the page shows with pictures, three of each kind of finding; default 24, at most 1000. */
  readonly pictures?: number;
  /** Images and masks that are read at a time, 1 to 64; default 8. */
  readonly concurrency?: number;
}

interface Examined<Name extends string> {
  readonly entry: LabeledEntry;
  readonly mask: Mask<Name> | undefined;
  readonly findings: readonly FoundInMask[];
}

/**
 * Looks at every mask of some labels and tells what is wrong, as data and as a page with pictures. Changes nothing.
 *
 * Streams: memory does not grow with the number of masks, apart from the names of the images.
 *
 * @throws `manifest.line` unless `onError` is `"skip"`, `manifest.attribute`, `aws`, `input.invalid`.
 */
export async function auditLabels<Name extends string>(
  store: ObjectStore,
  labels: Labels<Name>,
  options: AuditOptions = {},
): Promise<AuditReport<Name>> {
  const { signal, images = true, onError, onSkip } = options;
  const concurrency = whole("concurrency", options.concurrency ?? 8, 1, 64);
  const pictures = whole("pictures", options.pictures ?? 24, 0, 1000);
  const tally = new AuditTally(labels.classes, pictures);
  const reporter = progressReporter(options.progress, "audit labels", "masks");
  const entries = labeledOnly();
  async function* labeledOnly(): AsyncGenerator<LabeledEntry, void, void> {
    const read = labels.entries({
      onSkip: (error) => {
        tally.skipped(error);
        onSkip?.(error);
      },
      ...(onError === undefined ? {} : { onError }),
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const entry of read) {
      if (entry.state === "labeled") yield entry;
      else tally.unlabeled(entry);
    }
  }
  const examine = async (entry: LabeledEntry, abort: AbortSignal): Promise<Examined<Name>> => {
    const image = images ? await examineImage(store, entry.imageUri, abort) : undefined;
    const { mask, findings } = await examineFile(store, labels, entry, abort);
    const sizes = image === undefined || mask === undefined ? [] : compareSizes(image, mask);
    return { entry, mask, findings: [...findings, ...(image?.findings ?? []), ...sizes] };
  };
  try {
    let done = 0;
    for await (const { entry, mask, findings } of inOrder(entries, concurrency, examine, signal)) {
      tally.add(entry, mask, findings);
      reporter.report(++done);
    }
  } finally {
    reporter.end();
  }
  const content = tally.finish(labels.uri);
  return createReport({ ...content, pictures: await loadPictures(store, labels.classes, tally.pictured(), signal) });
}

async function examineFile<Name extends string>(
  store: ObjectStore,
  labels: Labels<Name>,
  entry: LabeledEntry,
  signal: AbortSignal,
): Promise<{ readonly mask: Mask<Name> | undefined; readonly findings: readonly FoundInMask[] }> {
  try {
    const png = await readWithin(store, entry.maskUri, { what: "mask", limit: largestMaskFile, signal });
    return examineMask(png, entry, labels.classes);
  } catch (error) {
    const ofData = ["aws.not-found", "s3.uri", "codec.limit"] as const;
    if (!ofData.some((code) => SegmentationError.is(error, code))) throw error;
    return { mask: undefined, findings: [{ kind: "unreadable-mask", message: (error as Error).message }] };
  }
}

function whole(parameter: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const expected = `a whole number from ${min} to ${max}`;
  throw new SegmentationError("input.invalid", `${parameter} is ${value}. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}
