import { escapeHtml } from "../../core/escape-html.js";
import type { ClassTable } from "../../mask/classes.js";
import type { PageWording, ReportContent } from "../report-content.js";
import type { PicturedImage } from "../worst-images.js";
import { imageDataUri, pngDataUri } from "./embedded-image.js";
import { nameHtml, percentText, scoreText } from "./html-text.js";
import { differenceKinds, differenceLayer, maskLayer } from "./layers.js";
import { section, swatch } from "./score-sections.js";

/** The worst images, each as image, truth, prediction and difference. */
export function worstImages<Name extends string>(
  content: ReportContent<Name>,
  maxImageBytes: number,
  wording: PageWording,
): string {
  const { worst, images, classes } = content;
  if (worst.length === 0) return "";
  let left = maxImageBytes;
  const cards = worst.map((image, at) => {
    const fits = image.image.length <= left;
    if (fits) left -= image.image.length;
    return card(image, at + 1, classes, fits, wording);
  });
  const title =
    worst.length === images.length ? "Images, worst first" : `The ${worst.length} worst of ${images.length} images`;
  return section(title, legends(content, wording) + cards.join(""));
}

/** The classes in the pictures, and the colours of the difference. */
function legends<Name extends string>({ classes, worst }: ReportContent<Name>, wording: PageWording): string {
  const seen = classes.names.flatMap((name, index) =>
    index > 0 && worst.some(({ iou }) => iou[name] !== undefined)
      ? [`<li>${swatch(classes.colors[index]!)}${nameHtml(name)}</li>`]
      : [],
  );
  const differences = differenceKinds(wording)
    .filter(({ key }) => (key !== "confused" || classes.count > 2) && (key !== "ignored" || worst.some(hasIgnored)))
    .map(({ label, color }) => `<li>${swatch(color)}${escapeHtml(label)}</li>`);
  return `<ul class="legend" aria-label="Classes">${seen.join("")}</ul><ul class="legend" aria-label="Colours of the difference">${differences.join("")}</ul>`;
}

function hasIgnored<Name extends string>({ truth }: PicturedImage<Name>): boolean {
  return truth.data.includes(truth.classes.ignoreIndex);
}

function card<Name extends string>(
  picture: PicturedImage<Name>,
  number: number,
  classes: ClassTable<Name>,
  embed: boolean,
  wording: PageWording,
): string {
  const { name, meanIoU, pixelAccuracy, iou, truth, prediction } = picture;
  const data = embed ? imageDataUri(picture.image) : undefined;
  const chips = classes.names.flatMap((className, index) => {
    const value = iou[className];
    return value === undefined
      ? []
      : [`<li>${swatch(classes.colors[index]!)}${nameHtml(className)}&nbsp;${scoreText(value)}</li>`];
  });
  const panel = (key: string, label: string, layer: Uint8Array | undefined, dim: boolean): string =>
    figure({ number, key, label, name, data, layer, dim, width: truth.width, height: truth.height });
  const why = embed ? "it is no JPEG or PNG" : "the page has reached its size limit";
  const note = data === undefined ? `<p class="note">The image itself is not shown: ${why}.</p>` : "";
  return `<article id="image-${number}"><header><h3>${nameHtml(name)}</h3><p>mean IoU ${scoreText(meanIoU)} · ${percentText(pixelAccuracy)} of pixels ${wording.comparison ? "the same" : "right"}</p></header><ul class="chips" aria-label="IoU by class">${chips.join("")}</ul><div class="panels">${[
    panel("image", "image", undefined, false),
    panel("truth", wording.truth, maskLayer(truth, classes), false),
    panel("prediction", wording.prediction, maskLayer(prediction, classes), false),
    panel("difference", "difference", differenceLayer(truth, prediction, classes), true),
  ].join("")}</div>${note}</article>`;
}

interface FigureParts {
  readonly number: number;
  readonly key: string;
  readonly label: string;
  readonly name: string;
  readonly data: string | undefined;
  readonly layer: Uint8Array | undefined;
  readonly dim: boolean;
  readonly width: number;
  readonly height: number;
}

/**
 * One picture. The image stands in the page once, in the first figure, and the others use it: four copies would make the
 * page four times as large. A click enlarges by `:target`, without script.
 */
function figure({ number, key, label, name, data, layer, dim, width, height }: FigureParts): string {
  const id = `image-${number}-${key}`;
  const source = `image-${number}-source`;
  const size = `width="${width}" height="${height}"`;
  const first = layer === undefined;
  const base =
    data === undefined
      ? ""
      : first
        ? `<image id="${source}" ${size} preserveAspectRatio="none" href="${data}"/>`
        : `<use href="#${source}"${dim ? ` opacity=".4"` : ""}/>`;
  const over =
    layer === undefined ? "" : `<image class="layer" ${size} preserveAspectRatio="none" href="${pngDataUri(layer)}"/>`;
  const alt = escapeHtml(`${label} of ${name}`);
  return `<figure id="${id}"><a href="#${id}" aria-label="Enlarge: ${alt}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${alt}">${base}${over}</svg></a><figcaption>${escapeHtml(label)}<a class="close" href="#image-${number}">close</a></figcaption></figure>`;
}
