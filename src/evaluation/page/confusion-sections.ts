import { escapeHtml } from "../../core/escape-html.js";
import type { PageWording, ReportContent } from "../report-content.js";
import { countText, nameHtml, percentText } from "./html-text.js";
import { section, swatch } from "./score-sections.js";

/** Most classes in the drawn matrix; the report's data has all. */
const maxClasses = 64;
const maxPairs = 6;

interface Row {
  readonly name: string;
  readonly index: number;
  /** Pixels of the class in the truth. */
  readonly total: number;
}

/** The matrix of the classes that occur, each row as shares of the true class. */
export function confusionTable<Name extends string>(content: ReportContent<Name>, wording: PageWording): string {
  const { classes, confusion, perClass, unclassifiedPixels } = content;
  const present = classes.names
    .map((name, index) => ({ name, index, total: perClass[name].truePixels, absent: perClass[name].absent }))
    .filter(({ absent }) => !absent);
  // The largest ones, in the order of the table.
  const shown = [...present]
    .sort((one, other) => other.total - one.total || one.index - other.index)
    .slice(0, maxClasses)
    .sort((one, other) => one.index - other.index);
  const withUnclassified = unclassifiedPixels > 0;
  const head = shown.map(({ name }) => `<th scope="col">${nameHtml(name)}</th>`).join("");
  const rows = shown.map((row) => {
    const cells = shown.map((column) => {
      const pixels = confusion.counts[row.index * classes.count + column.index]!;
      return cell(pixels, row, column.name, column.index === row.index);
    });
    if (withUnclassified) cells.push(cell(confusion.unclassified[row.index]!, row, "no class", false));
    return `<tr><th scope="row">${swatch(classes.colors[row.index]!)}${nameHtml(row.name)}</th>${cells.join("")}</tr>`;
  });
  const note = [
    wording.comparison
      ? `Rows are the classes of ${escapeHtml(wording.truth)}, columns those of ${escapeHtml(wording.prediction)}; each row adds up to 100%.`
      : "Rows are the true classes, columns the predicted ones; each row adds up to 100% of the true class.",
    ...(shown.length < present.length ? [`The ${shown.length} largest of ${present.length} classes are drawn.`] : []),
  ].join(" ");
  const corner = wording.comparison
    ? `${escapeHtml(wording.truth)} \\ ${escapeHtml(wording.prediction)}`
    : "truth \\ predicted";
  const noClass = withUnclassified ? `<th scope="col">no class</th>` : "";
  return section(
    "Confusion matrix",
    `<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="matrix"><thead><tr><th scope="col">${corner}</th>${head}${noClass}</tr></thead><tbody>${rows.join("")}</tbody></table></div><p class="note">${note}</p>`,
  );
}

function cell(pixels: number, row: Row, predicted: string, right: boolean): string {
  const title = `title="${escapeHtml(row.name)} predicted as ${escapeHtml(predicted)}: ${countText(pixels)} pixels"`;
  if (row.total === 0 || pixels === 0) return `<td class="zero" ${title}>${row.total === 0 ? "–" : "0"}</td>`;
  const share = pixels / row.total;
  // The root makes small confusions visible. From these strengths on the text needs the other colour to be readable:
  // `hi` on the light page, both on the dark one.
  const strength = Math.sqrt(share) * 0.95;
  const names = [right ? "on" : "", strength > 0.84 ? "hi" : strength > 0.6 ? "mid" : ""]
    .filter((name) => name !== "")
    .join(" ");
  return `<td${names === "" ? "" : ` class="${names}"`} style="--v:${strength.toFixed(2)}" ${title}>${percentText(share)}</td>`;
}

/** The confusions with the most pixels. */
export function commonConfusions<Name extends string>(
  content: ReportContent<Name>,
  { comparison }: PageWording,
): string {
  const { classes, confusion, perClass } = content;
  const { names, count } = classes;
  const pairs: { readonly t: number; readonly p: number; readonly pixels: number }[] = [];
  for (let t = 0; t < count; t++) {
    for (let p = 0; p < count; p++) {
      const pixels = confusion.counts[t * count + p]!;
      if (t !== p && pixels > 0) pairs.push({ t, p, pixels });
    }
  }
  pairs.sort((one, other) => other.pixels - one.pixels || one.t - other.t || one.p - other.p);
  const title = comparison ? "Most frequent differences" : "Most frequent confusions";
  if (pairs.length === 0) {
    return section(title, `<p class="sub">None: every pixel is ${comparison ? "the same" : "right"}.</p>`);
  }
  const items = pairs.slice(0, maxPairs).map(({ t, p, pixels }) => {
    const [truth, predicted] = [names[t]!, names[p]!];
    const share = percentText(pixels / perClass[truth].truePixels);
    return `<li>${swatch(classes.colors[t]!)}${nameHtml(truth)} → ${swatch(classes.colors[p]!)}${nameHtml(predicted)}<small>${countText(pixels)} pixels, ${share} of the ${comparison ? "first" : "true"} class</small></li>`;
  });
  return section(title, `<ol class="pairs">${items.join("")}</ol>`);
}
