import type { ConfusionMatrix, ConfusionMatrixData } from "../evaluation/confusion-matrix.js";
import { reportPage } from "../evaluation/page/report-page.js";
import type { ReportHtmlOptions } from "../evaluation/page/report-page.js";
import type { FailedSample } from "../evaluation/report-content.js";
import type { SegmentationReport } from "../evaluation/report.js";
import type { PicturedImage } from "../evaluation/worst-images.js";
import { writeWholeFile } from "../evaluation/write-whole-file.js";
import type { ClassTable } from "../mask/classes.js";

/** How far two predictors agree on one class. */
export interface ClassAgreement {
  /** Pixels where both have the class, divided by those where at least one has; `undefined` where neither has. */
  readonly iou: number | undefined;
  /** Pixels that the first has as this class. */
  readonly firstPixels: number;
  /** Pixels that the second has as this class. */
  readonly secondPixels: number;
}

/** How far two predictors agree on one image. */
export interface ImageAgreement<in out Name extends string> {
  /** Name of the image. */
  readonly name: string;
  /** Share of the image's pixels with the same class, 0 to 1. */
  readonly pixelAgreement: number;
  /** Mean IoU of the classes that either has in this image, 0 to 1. */
  readonly meanIoU: number;
  /** IoU by class; `undefined` for classes that neither has in this image. */
  readonly iou: Readonly<Record<Name, number | undefined>>;
}

/** A comparison as plain data. Numbers that do not exist are `null`. */
export interface ComparisonData {
  /** What the two are called. */
  readonly names: readonly [first: string, second: string];
  /** Share of all pixels with the same class, 0 to 1. */
  readonly pixelAgreement: number | null;
  /** Mean of the IoUs of the classes that either has, 0 to 1. */
  readonly meanIoU: number | null;
  /** Number of pixels that were compared. */
  readonly pixels: number;
  /** Number of pixels with two classes. */
  readonly differingPixels: number;
  /** The classes in the order of their indices. */
  readonly classes: readonly {
    /** Name of the class. */
    readonly name: string;
    /** Its IoU; `null` where neither has it. */
    readonly iou: number | null;
    /** Pixels that the first has as this class. */
    readonly firstPixels: number;
    /** Pixels that the second has as this class. */
    readonly secondPixels: number;
  }[];
  /** Which classes were given to the same pixels: rows are the first's classes. */
  readonly confusion: ConfusionMatrixData;
  /** Every image, the one with the lowest mean IoU first. */
  readonly images: readonly {
    /** Name of the image. */
    readonly name: string;
    /** Share of its pixels with the same class, 0 to 1. */
    readonly pixelAgreement: number | null;
    /** Mean IoU of its classes, 0 to 1. */
    readonly meanIoU: number | null;
  }[];
  /** Images that were passed over, in their order. */
  readonly failed: readonly {
    /** Name of the image. */
    readonly name: string;
    /** What the error says. */
    readonly message: string;
  }[];
}

/** What `compare` found. */
export interface ComparisonReport<in out Name extends string> {
  /** What the two are called. */
  readonly names: readonly [first: string, second: string];
  /** The classes that both tell apart. */
  readonly classes: ClassTable<Name>;
  /** Share of all pixels with the same class, 0 to 1. */
  readonly pixelAgreement: number;
  /** Mean of the IoUs of the classes that either has, 0 to 1. */
  readonly meanIoU: number;
  /** Number of pixels that were compared. */
  readonly pixels: number;
  /** Number of pixels with two classes. */
  readonly differingPixels: number;
  /** Agreement by class. */
  readonly perClass: Readonly<Record<Name, ClassAgreement>>;
  /** Which classes were given to the same pixels: rows are the first's classes. */
  readonly confusion: ConfusionMatrix<Name>;
  /** Every image, the one with the lowest mean IoU first. */
  readonly images: readonly ImageAgreement<Name>[];
  /** The images that agree least, with their masks: `truth` is the first's, `prediction` the second's. */
  readonly worst: readonly PicturedImage<Name>[];
  /** Images that were passed over, in their order; empty unless `onError` was given. */
  readonly failed: readonly FailedSample[];
  /** Numbers only, no pictures; what `JSON.stringify(report)` writes. */
  toJSON(): ComparisonData;
  /** The page as text: one self-contained HTML file without scripts. */
  toHtml(options?: ReportHtmlOptions): string;
  /** Writes the page; the file appears only when it is complete. Missing folders are made. */
  writeHtml(path: string, options?: ReportHtmlOptions): Promise<void>;
}

/** Reads the report of an evaluation whose truth is another prediction. */
export function createComparisonReport<Name extends string>(
  report: SegmentationReport<Name>,
  names: readonly [first: string, second: string],
): ComparisonReport<Name> {
  const { classes, confusion, pixels, worst, failed, meanIoU } = report;
  const same = classes.names.reduce((sum, _, index) => sum + confusion.counts[index * (classes.count + 1)]!, 0);
  const perClass = Object.fromEntries(
    classes.names.map((name): [Name, ClassAgreement] => {
      const { iou, truePixels, predictedPixels } = report.perClass[name];
      return [name, { iou, firstPixels: truePixels, secondPixels: predictedPixels }];
    }),
  ) as Record<Name, ClassAgreement>; // `fromEntries` forgets the names
  const images = report.images.map(({ name, pixelAccuracy, meanIoU: mean, iou }): ImageAgreement<Name> => ({
    name,
    pixelAgreement: pixelAccuracy,
    meanIoU: mean,
    iou,
  }));
  const html = (options: ReportHtmlOptions = {}): string =>
    reportPage(
      { ...report, rules: rulesOf(names) },
      { title: `${names[0]} beside ${names[1]}`, ...options },
      { truth: names[0], prediction: names[1], comparison: true },
    );
  return Object.freeze<ComparisonReport<Name>>({
    names,
    classes,
    pixelAgreement: report.pixelAccuracy,
    meanIoU,
    pixels,
    differingPixels: pixels - same,
    perClass,
    confusion,
    images,
    worst,
    failed,
    toJSON: () => dataOf(report, names, pixels - same),
    toHtml: html,
    writeHtml: (path, options) => writeWholeFile(path, html(options)),
  });
}

function dataOf<Name extends string>(
  report: SegmentationReport<Name>,
  names: readonly [first: string, second: string],
  differingPixels: number,
): ComparisonData {
  const { pixelAccuracy, meanIoU, pixels, classes, confusion, images, failed } = report.toJSON();
  return {
    names,
    pixelAgreement: pixelAccuracy,
    meanIoU,
    pixels,
    differingPixels,
    classes: classes.map(({ name, iou, truePixels, predictedPixels }) => ({
      name,
      iou: iou ?? null,
      firstPixels: truePixels,
      secondPixels: predictedPixels,
    })),
    confusion,
    images: images.map(({ name, pixelAccuracy: agreement, meanIoU: mean }) => ({
      name,
      pixelAgreement: agreement,
      meanIoU: mean,
    })),
    failed,
  };
}

function rulesOf([first, second]: readonly [string, string]): readonly string[] {
  return [
    "The pixel agreement is the share of pixels to which both give the same class.",
    `The IoU of a class is the number of pixels where ${first} and ${second} both have it, divided by the number where at least one has it.`,
    "A class that neither has is absent: it has no IoU and is left out of the means.",
    "Neither is the truth: a low number says that they differ, not which of them is wrong.",
  ];
}
