import type { ConfusionMatrixData } from "./confusion-matrix.js";
import { computeMetrics } from "./metrics.js";
import type { ClassMetrics } from "./metrics.js";
import { reportPage } from "./page/report-page.js";
import type { ReportHtmlOptions } from "./page/report-page.js";
import { errorText } from "./report-content.js";
import type { ReportContent } from "./report-content.js";
import { writeWholeFile } from "./write-whole-file.js";

/** A report as plain data. Numbers that do not exist are `null`. */
export interface ReportData {
  /** Mean of the IoUs of all classes that are not absent, 0 to 1. */
  readonly meanIoU: number | null;
  /** IoU weighted by how often each class occurs in the truth, 0 to 1. */
  readonly frequencyWeightedIoU: number | null;
  /** Share of the pixels with the right class, 0 to 1. */
  readonly pixelAccuracy: number | null;
  /** Mean recall of the classes in the truth, 0 to 1. */
  readonly meanAccuracy: number | null;
  /** There when the boundary IoU was asked for. */
  readonly meanBoundaryIoU?: number | null;
  /** Number of pixels that count. */
  readonly pixels: number;
  /** Number of pixels that the truth ignores. */
  readonly ignoredPixels: number;
  /** Number of pixels that count and were predicted as no class. */
  readonly unclassifiedPixels: number;
  /** Names and scores of the classes, in the order of their indices. */
  readonly classes: readonly ({
    /** Name of the class. */
    readonly name: string;
  } & ClassMetrics)[];
  /** The counts over all images. */
  readonly confusion: ConfusionMatrixData;
  /** Scores of every image, the worst first. */
  readonly images: readonly {
    /** Name of the image. */
    readonly name: string;
    /** Mean IoU of the classes in this image, 0 to 1; `null` when the truth ignores the whole image. */
    readonly meanIoU: number | null;
    /** Share of the image's pixels with the right class, 0 to 1; `null` as above. */
    readonly pixelAccuracy: number | null;
  }[];
  /** Samples that were passed over, in their order. */
  readonly failed: readonly {
    /** Name of the sample's image. */
    readonly name: string;
    /** What the error says. */
    readonly message: string;
  }[];
  /** How these numbers are made, in sentences. */
  readonly rules: readonly string[];
}

/** What `evaluate` found: scores over all images, and the images themselves. */
export interface SegmentationReport<in out Name extends string> extends ReportContent<Name> {
  /** Numbers only, no pictures; what `JSON.stringify(report)` writes. */
  toJSON(): ReportData;
  /** The page as text: one self-contained HTML file without scripts. */
  toHtml(options?: ReportHtmlOptions): string;
  /** Writes the page; the file appears only when it is complete. Missing folders are made. */
  writeHtml(path: string, options?: ReportHtmlOptions): Promise<void>;
}

/** Puts a report together. */
export function createReport<Name extends string>(
  parts: Pick<ReportContent<Name>, "confusion" | "images" | "worst" | "failed">,
): SegmentationReport<Name> {
  const { confusion, images, worst, failed } = parts;
  const { classes } = confusion;
  const metrics = computeMetrics(confusion);
  const content: ReportContent<Name> = { ...metrics, classes, confusion, images, worst, failed };
  return Object.freeze<SegmentationReport<Name>>({
    ...content,
    toJSON: () => ({
      meanIoU: jsonNumber(metrics.meanIoU),
      frequencyWeightedIoU: jsonNumber(metrics.frequencyWeightedIoU),
      pixelAccuracy: jsonNumber(metrics.pixelAccuracy),
      meanAccuracy: jsonNumber(metrics.meanAccuracy),
      ...(metrics.meanBoundaryIoU === undefined ? {} : { meanBoundaryIoU: jsonNumber(metrics.meanBoundaryIoU) }),
      pixels: metrics.pixels,
      ignoredPixels: metrics.ignoredPixels,
      unclassifiedPixels: metrics.unclassifiedPixels,
      classes: classes.names.map((name) => ({ name, ...metrics.perClass[name] })),
      confusion: confusion.toJSON(),
      images: images.map(({ name, meanIoU, pixelAccuracy }) => ({
        name,
        meanIoU: jsonNumber(meanIoU),
        pixelAccuracy: jsonNumber(pixelAccuracy),
      })),
      failed: failed.map(({ name, error }) => ({ name, message: errorText(error) })),
      rules: metrics.rules,
    }),
    toHtml: (options) => reportPage(content, options),
    writeHtml: (path, options) => writeWholeFile(path, reportPage(content, options)),
  });
}

function jsonNumber(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
