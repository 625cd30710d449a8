import { escapeHtml } from "../../core/escape-html.js";
import type { PageWording, ReportContent } from "../report-content.js";
import { errorText, truthAndPrediction } from "../report-content.js";
import { commonConfusions, confusionTable } from "./confusion-sections.js";
import { nameHtml } from "./html-text.js";
import { worstImages } from "./image-cards.js";
import { classTable, histogram, section, summary, tiles } from "./score-sections.js";
import { htmlPage } from "./html-page.js";

/** Options of a report's page. */
export interface ReportHtmlOptions {
  /** Heading of the page; default `Segmentation report`. */
  readonly title?: string;
  /** Bytes of image files that may be embedded, worst images first; default 24 MB. Masks are shown in any case. */
  readonly maxImageBytes?: number;
}

/** Failures that are listed; the rest is counted. */
const maxFailures = 100;
/** Most classes of a confusion matrix beside other things. */
const maxSmallMatrix = 5;

/**
 * Writes the page: one HTML file, no script, nothing loaded from elsewhere, and its own policy forbids both. The same
 * report gives the same text.
 */
export function reportPage<Name extends string>(
  content: ReportContent<Name>,
  options: ReportHtmlOptions = {},
  wording: PageWording = truthAndPrediction,
): string {
  const { title = "Segmentation report", maxImageBytes = 24_000_000 } = options;
  return htmlPage({
    title,
    header: summary(content),
    images: true,
    parts: [
      tiles(content, wording),
      scores(content, wording),
      worstImages(content, maxImageBytes, wording),
      failures(content),
      section(
        "How these numbers are made",
        `<ul class="rules">${content.rules.map((rule) => `<li>${escapeHtml(rule)}</li>`).join("")}</ul>`,
      ),
    ],
  });
}

/** A small confusion matrix fits below the table of classes; a large one gets the whole width. */
function scores<Name extends string>(content: ReportContent<Name>, wording: PageWording): string {
  const small = content.classes.count - content.absentClasses.length <= maxSmallMatrix;
  const side = `<div class="stack">${histogram(content)}${commonConfusions(content, wording)}</div>`;
  const matrix = confusionTable(content, wording);
  if (!small) return `<div class="pair">${classTable(content, wording)}${side}</div>${matrix}`;
  return `<div class="pair"><div class="stack">${classTable(content, wording)}${matrix}</div>${side}</div>`;
}

function failures<Name extends string>({ failed }: ReportContent<Name>): string {
  if (failed.length === 0) return "";
  const items = failed
    .slice(0, maxFailures)
    .map(({ name, error }) => `<li>${nameHtml(name)}<small>${escapeHtml(errorText(error))}</small></li>`);
  if (failed.length > maxFailures) items.push(`<li>and ${failed.length - maxFailures} more</li>`);
  return section("Not scored", `<ol class="pairs">${items.join("")}</ol>`);
}
