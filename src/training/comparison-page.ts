import { escapeHtml } from "../core/escape-html.js";
import { nameHtml } from "../evaluation/page/html-text.js";
import { section } from "../evaluation/page/score-sections.js";
import { htmlPage } from "../evaluation/page/html-page.js";
import type { TrainingCurve } from "./curve.js";
import { plotCurves } from "./curve-svg.js";
import type { TrainingEnd } from "./training-end.js";

/** What the page shows of a job beside its row. */
interface ShownTraining {
  readonly name: string;
  readonly curve: TrainingCurve;
  readonly end: TrainingEnd;
}

/** Writes the page of a comparison; the same jobs give the same text. */
export function comparisonPage(
  jobs: readonly ShownTraining[],
  rows: readonly (readonly string[])[],
  { title = "Training jobs" }: { readonly title?: string },
): string {
  const [head = [], ...body] = rows;
  const table = [
    `<thead><tr>${head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("")}</tr></thead>`,
    `<tbody>${body.map(([name = "", ...cells]) => `<tr><th scope="row">${nameHtml(name)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`).join("")}</tbody>`,
  ].join("");
  const plot = plotCurves(Object.fromEntries(jobs.map(({ name, curve }) => [name, curve])), {
    width: 1100,
    height: 420,
  });
  const ends = jobs.map(({ name, end }) => `<li>${nameHtml(name)}: ${escapeHtml(end.text)}</li>`).join("");
  return htmlPage({
    title,
    style: "svg{max-width:100%;height:auto}",
    images: false,
    parts: [
      section(
        "Jobs, best first",
        `<div class="scroll" tabindex="0" role="region" aria-label="Jobs"><table>${table}</table></div><p class="note">mIoU, accuracy and epoch are those of the best epoch, whose weights are served. A hyperparameter that was not sent has the container's default.</p>`,
      ),
      section("mIoU by epoch", plot),
      section("How they ended", `<ul class="rules">${ends}</ul>`),
    ],
  });
}
