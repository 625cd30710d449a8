import { escapeHtml } from "../../core/escape-html.js";
import { countText, nameHtml, percentText, plural } from "../../evaluation/page/html-text.js";
import { section, swatch } from "../../evaluation/page/score-sections.js";
import { htmlPage } from "../../evaluation/page/html-page.js";
import type { AuditSeverity } from "../audit-finding.js";
import type { AuditContent } from "../audit-content.js";
import { pictureCards } from "./picture-cards.js";

/** Options of an audit's page. */
export interface AuditHtmlOptions {
  /** Heading of the page; default `Label audit`. */
  readonly title?: string;
  /** Bytes of image files that may be embedded; default 24 MB. Masks are shown in any case. */
  readonly maxImageBytes?: number;
}

/** Most classes that are listed. */
const maxClasses = 254;
const severities: readonly AuditSeverity[] = ["error", "warning", "note"];

/** Writes the page: one HTML file, no script, nothing loaded from elsewhere, and its own policy forbids both. */
export function auditPage<Name extends string>(content: AuditContent<Name>, options: AuditHtmlOptions = {}): string {
  const { title = "Label audit", maxImageBytes = 24_000_000 } = options;
  return htmlPage({
    title,
    header: `<p class="sub">${nameHtml(content.uri)}</p>`,
    images: true,
    parts: [tiles(content), found(content), balance(content), pictureCards(content, maxImageBytes), skipped(content)],
  });
}

function tiles<Name extends string>({ counts, kinds }: AuditContent<Name>): string {
  const tile = (value: number, label: string): string =>
    `<div class="tile"><b>${countText(value)}</b><span>${label}</span></div>`;
  const of = (wanted: AuditSeverity): number => kinds.filter(({ severity }) => severity === wanted).length;
  return `<div class="tiles">${[
    tile(counts.labeled, "masks looked at"),
    tile(counts.clean, "without a finding"),
    tile(of("error"), "kinds of errors"),
    tile(of("warning"), "kinds of warnings"),
    tile(counts.failed, "failed to be labeled"),
    tile(counts.untouched, "not labeled"),
  ].join("")}</div>`;
}

function found<Name extends string>({ kinds }: AuditContent<Name>): string {
  if (kinds.length === 0) return section("Findings", `<p class="sub">None: every mask is as it should be.</p>`);
  const items = severities.flatMap((severity) =>
    kinds
      .filter((kind) => kind.severity === severity)
      .map(({ kind, advice, images, pixels, examples }) => {
        const numbers = [
          ...(images > 0 ? [plural(images, "image")] : []),
          ...(pixels > 0 ? [`${countText(pixels)} pixels`] : []),
        ].join(", ");
        const lines = examples.map(({ line }) => line).join(", ");
        const where = examples.length === 0 ? "" : ` Lines ${lines}${images > examples.length ? ", ..." : ""}.`;
        return `<li><b>${severity}: ${escapeHtml(kind)}</b>${numbers === "" ? "" : ` (${numbers})`}<small>${escapeHtml(advice)}${where}</small></li>`;
      }),
  );
  return section("Findings", `<ol class="pairs">${items.join("")}</ol>`);
}

function balance<Name extends string>({ classes, balance: shares }: AuditContent<Name>): string {
  const rows = classes.names.slice(0, maxClasses).map((name, index) => {
    const { pixels, share, images } = shares[name];
    const bar = `<span class="bar"><i style="width:${(share * 100).toFixed(1)}%"></i></span>`;
    const absent = images === 0 ? ` class="absent"` : "";
    return `<tr${absent}><th scope="row">${swatch(classes.colors[index]!)}${nameHtml(name)}</th><td>${bar}${percentText(share)}</td><td>${countText(images)}</td><td class="wide">${countText(pixels)}</td></tr>`;
  });
  return section(
    "Class balance",
    `<div class="scroll" tabindex="0" role="region" aria-label="Class balance"><table><thead><tr><th scope="col">class</th><th scope="col">share</th><th scope="col">images</th><th scope="col" class="wide">pixels</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`,
  );
}

function skipped<Name extends string>({ counts, skippedLines }: AuditContent<Name>): string {
  if (counts.skipped === 0) return "";
  const items = skippedLines.map((message) => `<li>${escapeHtml(message)}</li>`);
  if (counts.skipped > items.length) items.push(`<li>and ${countText(counts.skipped - items.length)} more</li>`);
  return section("Lines that could not be read", `<ol class="pairs">${items.join("")}</ol>`);
}
