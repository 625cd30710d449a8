import { decode } from "jpeg-js";
import { encodeMask, overlay } from "../src/index.js";
import type { AnyClassTable, LegendEntry, PicturedImage, PixelImage, SegmentationReport } from "../src/index.js";
import { difference, differenceColors } from "../src/masks.js";
import { quantize } from "./quantize.js";
import { Sheet, lineWidth, textHeight } from "./sheet.js";

const columns = ["image", "truth", "prediction", "difference"] as const;
const largest = { width: 240, height: 180 } as const;
/** So that the titles of narrow columns have room. */
const narrowest = 130;
const gap = 8;
const caption = textHeight + 6;

/** The pictures to show: the named ones, or three from the worst to the best. */
export function choosePictures(
  report: SegmentationReport<string>,
  names: readonly string[] = [],
): readonly PicturedImage<string>[] {
  const named = names.flatMap((name) => report.worst.filter((picture) => picture.name === name));
  if (named.length > 0) return named;
  const last = report.worst.length - 1;
  const places = new Set([0.05, 0.4, 0.75].map((share) => Math.round(share * last)));
  return [...places].map((at) => report.worst[at]!);
}

/**
 * Draws a row for each picture: the image, the true mask and the predicted one over it, and where they differ.
 *
 * @returns A PNG in 256 colours; it is written as masks are, with other colours.
 */
export function pictureStrip(pictures: readonly PicturedImage<string>[], classes: AnyClassTable): Uint8Array {
  const width = Math.min(largest.width, Math.max(narrowest, ...pictures.map(({ truth }) => truth.width)));
  const height = Math.min(largest.height, Math.max(...pictures.map(({ truth }) => truth.height)));
  const rowHeight = caption + height + 2 * gap;
  const sheet = new Sheet(gap + columns.length * (width + gap), gap + caption + pictures.length * rowHeight + caption);
  columns.forEach((title, column) => sheet.write(title, gap + column * (width + gap), gap));
  for (const [row, picture] of pictures.entries()) {
    const top = gap + caption + row * rowHeight;
    sheet.write(captionOf(picture), gap, top, [110, 116, 128]);
    for (const [column, view] of views(picture).entries()) {
      sheet.place(view, gap + column * (width + gap), top + caption, width, height);
    }
  }
  writeLegend(sheet, legendOf(classes), sheet.height - caption - 2);
  const { palette, indices } = quantize(sheet.rgb);
  return encodeMask(
    { width: sheet.width, height: sheet.height, data: indices },
    { colors: palette, compression: "small" },
  );
}

/** Image, truth, prediction, difference. */
function views({ image, truth, prediction }: PicturedImage<string>): readonly PixelImage[] {
  const { width, height, data } = decode(image, { useTArray: true, maxMemoryUsageInMB: 256 });
  const photograph = { width, height, data };
  const paint = (mask: typeof truth): PixelImage => overlay(photograph, mask, { alpha: 0.62, ignored: true });
  return [photograph, paint(truth), paint(prediction), difference(truth, prediction)];
}

function captionOf({ name, meanIoU }: PicturedImage<string>): string {
  return `${name}: mean IoU ${meanIoU.toFixed(2)}`;
}

function legendOf({ names, colors }: AnyClassTable): readonly LegendEntry[] {
  return [
    ...names.slice(1).map((label, at) => ({ label, color: colors[at + 1]! })),
    { label: "right", color: differenceColors.correct },
    { label: "wrong", color: differenceColors.wrong },
  ];
}

function writeLegend(sheet: Sheet, legend: readonly LegendEntry[], top: number): void {
  let left = gap;
  for (const { label, color } of legend) {
    if (left + textHeight + gap + lineWidth(label) > sheet.width) return;
    sheet.fill(left, top, textHeight, textHeight, color);
    sheet.write(label, left + textHeight + gap, top);
    left += textHeight + lineWidth(label) + 4 * gap;
  }
}
