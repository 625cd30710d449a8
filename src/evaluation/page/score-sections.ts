import { escapeHtml } from "../../core/escape-html.js";
import { formatColor } from "../../mask/palette.js";
import type { PageWording, ReportContent } from "../report-content.js";
import { countText, nameHtml, percentText, plural, scoreText } from "./html-text.js";

/** Most classes of which all are listed. */
const maxRows = 254;

/** The numbers at the top. */
export function tiles<Name extends string>(content: ReportContent<Name>, { comparison }: PageWording): string {
  const tile = (label: string, value: number): string =>
    `<div class="tile"><b>${scoreText(value)}</b><span>${label}</span></div>`;
  if (comparison) {
    const two = [tile("pixel agreement", content.pixelAccuracy), tile("mean IoU", content.meanIoU)];
    return `<div class="tiles">${two.join("")}</div>`;
  }
  return `<div class="tiles">${[
    tile("mean IoU", content.meanIoU),
    tile("pixel accuracy", content.pixelAccuracy),
    tile("frequency-weighted IoU", content.frequencyWeightedIoU),
    tile("mean class accuracy", content.meanAccuracy),
    ...(content.meanBoundaryIoU === undefined ? [] : [tile("mean boundary IoU", content.meanBoundaryIoU)]),
  ].join("")}</div>`;
}

/** A line on what was scored. */
export function summary<Name extends string>(content: ReportContent<Name>): string {
  const { images, classes, pixels, ignoredPixels, unclassifiedPixels, failed } = content;
  const parts = [
    plural(images.length, "image"),
    plural(classes.count, "class", "classes"),
    `${countText(pixels)} pixels`,
  ];
  if (ignoredPixels > 0) parts.push(`${countText(ignoredPixels)} more ignored`);
  if (unclassifiedPixels > 0) parts.push(`${countText(unclassifiedPixels)} predicted as no class`);
  if (failed.length > 0) parts.push(`${plural(failed.length, "image")} failed`);
  return `<p class="sub">${parts.join(" · ")}</p>`;
}

/** A square of a class's colour. */
export function swatch(color: readonly [number, number, number]): string {
  return `<i class="swatch" style="background:${formatColor(color)}"></i>`;
}

/** The table with a row for each class. */
export function classTable<Name extends string>(content: ReportContent<Name>, wording: PageWording): string {
  if (wording.comparison) return agreementTable(content, wording);
  const { classes, perClass, pixels } = content;
  const boundaries = content.meanBoundaryIoU !== undefined;
  const rows = classes.names.slice(0, maxRows).map((name, index) => {
    const { iou, precision, recall, f1, truePixels, absent, boundaryIoU } = perClass[name];
    const bar = `<span class="bar"><i style="width:${((iou ?? 0) * 100).toFixed(1)}%"></i></span>`;
    const cells = absent
      ? `<td class="absent" colspan="${boundaries ? 5 : 4}">absent</td>`
      : `<td>${bar}${scoreText(iou)}</td><td>${scoreText(precision)}</td><td>${scoreText(recall)}</td><td class="wide">${scoreText(f1)}</td>${boundaries ? `<td class="wide">${scoreText(boundaryIoU)}</td>` : ""}`;
    const share = `<td class="wide" title="${countText(truePixels)} pixels">${percentText(truePixels / pixels)}</td>`;
    return `<tr${absent ? ` class="absent"` : ""}><th scope="row">${swatch(classes.colors[index]!)}${nameHtml(name)}</th>${cells}${share}</tr>`;
  });
  const head = `<th scope="col">class</th><th scope="col">IoU</th><th scope="col">precision</th><th scope="col">recall</th><th scope="col" class="wide">F1</th>${boundaries ? `<th scope="col" class="wide">boundary IoU</th>` : ""}<th scope="col" class="wide">share</th>`;
  return section(
    "Classes",
    `<div class="scroll" tabindex="0" role="region" aria-label="Scores by class"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
  );
}

/** The same of two predictions, neither of which is the truth. */
function agreementTable<Name extends string>(
  { classes, perClass, pixels }: ReportContent<Name>,
  { truth, prediction }: PageWording,
): string {
  const share = (count: number): string => `<td title="${countText(count)} pixels">${percentText(count / pixels)}</td>`;
  const rows = classes.names.slice(0, maxRows).map((name, index) => {
    const { iou, truePixels, predictedPixels, absent } = perClass[name];
    const bar = `<span class="bar"><i style="width:${((iou ?? 0) * 100).toFixed(1)}%"></i></span>`;
    const cells = absent
      ? `<td class="absent" colspan="3">absent</td>`
      : `<td>${bar}${scoreText(iou)}</td>${share(truePixels)}${share(predictedPixels)}`;
    return `<tr${absent ? ` class="absent"` : ""}><th scope="row">${swatch(classes.colors[index]!)}${nameHtml(name)}</th>${cells}</tr>`;
  });
  const head = ["class", "IoU", `share in ${truth}`, `share in ${prediction}`]
    .map((text) => `<th scope="col">${escapeHtml(text)}</th>`)
    .join("");
  return section(
    "Classes",
    `<div class="scroll" tabindex="0" role="region" aria-label="Agreement by class"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
  );
}

/** How many images have which score. */
export function histogram<Name extends string>({ images }: ReportContent<Name>): string {
  const bins = new Array<number>(10).fill(0);
  for (const { meanIoU } of images) if (!Number.isNaN(meanIoU)) bins[Math.min(9, Math.floor(meanIoU * 10))]! += 1;
  const highest = Math.max(1, ...bins);
  const columns = bins.map((count, bin) => {
    const range = `${(bin / 10).toFixed(1)} to ${((bin + 1) / 10).toFixed(1)}: ${plural(count, "image")}`;
    const height = ((count / highest) * 80).toFixed(1);
    return `<div title="${range}">${count === 0 ? "" : `${countText(count)}<i style="height:${height}%"></i>`}</div>`;
  });
  const axis = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => `<span>${value.toFixed(1)}</span>`).join("");
  return section(
    "Images by mean IoU",
    `<div class="histogram" role="img" aria-label="Number of images in ten steps of mean IoU">${columns.join("")}</div><div class="axis" aria-hidden="true">${axis}</div>`,
  );
}

/** One block of the page. */
export function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>${body}</section>`;
}
