import { escapeHtml } from "../core/escape-html.js";
import { imageDataUri, pngDataUri } from "../evaluation/page/embedded-image.js";
import { countText, nameHtml, percentText } from "../evaluation/page/html-text.js";
import { maskLayer } from "../evaluation/page/layers.js";
import { section, swatch } from "../evaluation/page/score-sections.js";
import { htmlPage } from "../evaluation/page/html-page.js";
import type { LabeledImage } from "../mask/labeled-image.js";
import { type Random, seededRandom, shuffle } from "../core/random.js";
import type { Dataset, SplitName } from "./dataset.js";
import type { DatasetPreviewOptions } from "./preview-options.js";

const halves: readonly SplitName[] = ["train", "validation"];
const grid = `.sheet{display:grid;gap:10px;grid-template-columns:repeat(auto-fill,minmax(min(100%,170px),1fr))}.sheet figcaption{display:block;overflow-wrap:anywhere}`;

/** Makes a contact sheet: images of both halves under their masks, and the class statistics. No script, nothing loaded. */
export async function previewPage<Name extends string>(
  dataset: Pick<Dataset<Name>, "uri" | "classes" | "counts" | "balance" | SplitName>,
  options: DatasetPreviewOptions = {},
): Promise<string> {
  const { images = 24, seed = 0, title = "Dataset", maxImageBytes = 24_000_000, signal } = options;
  const most = Math.max(1, Math.min(500, Math.floor(images)));
  const budget = { left: maxImageBytes };
  const random = seededRandom(seed);
  const { classes } = dataset;
  const sheets: string[] = [];
  for (const half of halves) {
    const figures: string[] = [];
    for (const sample of await choose(dataset[half], dataset.counts[half], most, random)) {
      signal?.throwIfAborted();
      figures.push(await figure(sample, dataset, budget, signal));
    }
    const shown = figures.length < dataset.counts[half] ? `${figures.length} of ` : "";
    sheets.push(
      section(
        `${half}: ${shown}${countText(dataset.counts[half])} images`,
        `<div class="sheet">${figures.join("")}</div>`,
      ),
    );
  }
  const legend = classes.names
    .slice(1, 65)
    .map((name, at) => `<li>${swatch(classes.colors[at + 1]!)}${nameHtml(name)}</li>`);
  return htmlPage({
    title,
    header: `<p class="sub">${nameHtml(dataset.uri)}</p>`,
    style: grid,
    images: true,
    parts: [statistics(dataset), `<ul class="legend" aria-label="Classes">${legend.join("")}</ul>`, ...sheets],
  });
}

/** Some images by chance, the same for the same seed, in the order of the dataset. */
async function choose<Item>(items: AsyncIterable<Item>, count: number, most: number, random: Random): Promise<Item[]> {
  const places = new Set(shuffle([...Array(count).keys()], random).slice(0, most));
  const chosen: Item[] = [];
  let at = 0;
  for await (const item of items) if (places.has(at++)) chosen.push(item);
  return chosen;
}

async function figure<Name extends string>(
  sample: LabeledImage<Name>,
  { classes }: Pick<Dataset<Name>, "classes">,
  budget: { left: number },
  signal: AbortSignal | undefined,
): Promise<string> {
  const [file, mask] = [await sample.image(signal), await sample.mask(signal)];
  const fits = file.length <= budget.left;
  if (fits) budget.left -= file.length;
  const data = fits ? imageDataUri(file) : undefined;
  const { width, height } = mask;
  const size = `width="${width}" height="${height}" preserveAspectRatio="none"`;
  const base = data === undefined ? "" : `<image ${size} href="${data}"/>`;
  const alt = escapeHtml(`image and mask of ${sample.name}`);
  const shares = classes.names.filter((name, index) => index > 0 && mask.share(name) > 0);
  const words = shares.slice(0, 4).map((name) => `${nameHtml(name)} ${percentText(mask.share(name))}`);
  return `<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${alt}">${base}<image class="layer" ${size} href="${pngDataUri(maskLayer(mask, classes))}"/></svg><figcaption>${nameHtml(sample.name)}<br>${words.length === 0 ? "background only" : words.join(", ")}</figcaption></figure>`;
}

function statistics<Name extends string>({ classes, balance }: Pick<Dataset<Name>, "classes" | "balance">): string {
  const rows = classes.names.slice(0, 254).map((name, index) => {
    const cells = halves.map((half) => {
      const { share, images } = balance[half][name];
      const bar = `<span class="bar"><i style="width:${(share * 100).toFixed(1)}%"></i></span>`;
      return `<td>${bar}${percentText(share)}</td><td class="wide">${countText(images)}</td>`;
    });
    return `<tr><th scope="row">${swatch(classes.colors[index]!)}${nameHtml(name)}</th>${cells.join("")}</tr>`;
  });
  const head = halves.map((half) => `<th scope="col">${half}</th><th scope="col" class="wide">images</th>`).join("");
  return section(
    "Classes",
    `<div class="scroll" tabindex="0" role="region" aria-label="Classes"><table><thead><tr><th scope="col">class</th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
  );
}
