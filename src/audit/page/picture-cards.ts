import { encodePng } from "../../codec/png/encode.js";
import { escapeHtml } from "../../core/escape-html.js";
import { imageDataUri, pngDataUri } from "../../evaluation/page/embedded-image.js";
import { nameHtml, plural } from "../../evaluation/page/html-text.js";
import { maskLayer } from "../../evaluation/page/layers.js";
import { section, swatch } from "../../evaluation/page/score-sections.js";
import type { IndexMask } from "../../mask/mask.js";
import type { Rgb } from "../../mask/palette.js";
import { resizeMask } from "../../mask/resize-mask.js";
import type { AuditContent, AuditPicture } from "../audit-content.js";
import { pixelProblems } from "../painted-pixels.js";

/** Longest side of a layer in pixels. */
const maxSide = 1024;

/** Colours of the problem picture; position = code of the problem. */
const problemColors = [[0, 0, 0], [213, 94, 0], [204, 121, 167], [240, 228, 66]] as const satisfies readonly Rgb[]; // prettier-ignore
const problemWords: Readonly<Record<(typeof pixelProblems)[number], string>> = {
  none: "",
  "index-mismatch": "index and colour disagree",
  unknown: "no class",
  blended: "between two classes",
};

/** The images with findings, each as image, mask and problems. */
export function pictureCards<Name extends string>(content: AuditContent<Name>, maxImageBytes: number): string {
  const { pictures, classes } = content;
  if (pictures.length === 0) return "";
  let left = maxImageBytes;
  const cards = pictures.map((picture, at) => {
    const size = picture.image?.length ?? 0;
    const fits = size <= left;
    if (fits) left -= size;
    return card(picture, at + 1, content, fits);
  });
  const legend = [
    ...classes.names.slice(1, 65).map((name, at) => `<li>${swatch(classes.colors[at + 1]!)}${nameHtml(name)}</li>`),
    ...pixelProblems
      .slice(1)
      .map((problem, at) => `<li>${swatch(problemColors[at + 1]!)}${problemWords[problem]}</li>`),
  ];
  const legendHtml = `<ul class="legend" aria-label="Colours">${legend.join("")}</ul>`;
  return section(`${plural(pictures.length, "image")} with findings`, legendHtml + cards.join(""));
}

function card<Name extends string>(
  { imageUri, maskUri, findings, image, mask }: AuditPicture<Name>,
  number: number,
  { classes }: AuditContent<Name>,
  embed: boolean,
): string {
  const chips = findings.map(({ severity, kind, message }) => {
    return `<li><b>${severity}: ${escapeHtml(kind)}</b>&nbsp;${escapeHtml(message)}</li>`;
  });
  const data = image === undefined || !embed ? undefined : imageDataUri(image);
  const why =
    image === undefined ? "it cannot be read" : embed ? "it is no JPEG or PNG" : "the page has reached its size limit";
  const notes = [
    ...(data === undefined ? [`The image itself is not shown: ${why}.`] : []),
    ...(mask === undefined ? ["The mask cannot be read."] : []),
  ];
  // Each picture in the shape of its own file: a mask that is turned or of another size is to be seen so.
  const panels = [
    ...(data === undefined ? [] : [panel(number, "image", imageUri, [data], undefined)]),
    ...(mask === undefined
      ? []
      : [
          panel(number, "mask", maskUri, [pngDataUri(maskLayer(mask.classes, classes))], mask.classes),
          panel(number, "problems", maskUri, [pngDataUri(problemLayer(mask.problems))], mask.classes),
        ]),
  ];
  return `<article id="image-${number}"><header><h3>${nameHtml(imageUri)}</h3><p>line ${findings[0]?.line ?? 0}</p></header><ul class="chips" aria-label="Findings">${chips.join("")}</ul><div class="panels">${panels.join("")}</div>${notes.map((note) => `<p class="note">${note}</p>`).join("")}</article>`;
}

function panel(
  number: number,
  label: string,
  name: string,
  layers: readonly string[],
  size: { readonly width: number; readonly height: number } | undefined,
): string {
  const id = `image-${number}-${label}`;
  const alt = escapeHtml(`${label} of ${name}`);
  // Without a size the browser takes the file's own, unturned by the page's style.
  const picture =
    size === undefined
      ? `<img src="${layers[0] ?? ""}" alt="${alt}" style="display:block;width:100%;image-orientation:none;border-radius:6px">`
      : `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${alt}">${layers
          .map(
            (layer) =>
              `<image class="layer" width="${size.width}" height="${size.height}" preserveAspectRatio="none" href="${layer}"/>`,
          )
          .join("")}</svg>`;
  return `<figure id="${id}"><a href="#${id}" aria-label="Enlarge: ${alt}">${picture}</a><figcaption>${label}<a class="close" href="#image-${number}">close</a></figcaption></figure>`;
}

function problemLayer(problems: IndexMask): Uint8Array {
  const scale = maxSide / Math.max(problems.width, problems.height);
  const fit = (side: number): number => Math.max(1, Math.round(side * scale));
  const { width, height, data } =
    scale >= 1 ? problems : resizeMask(problems, fit(problems.width), fit(problems.height));
  return encodePng({
    width,
    height,
    colorType: "palette",
    samples: data,
    palette: Uint8Array.from(problemColors.flat()),
    transparency: Uint8Array.of(0, 235, 235, 235),
  });
}
