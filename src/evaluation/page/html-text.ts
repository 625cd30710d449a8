import { escapeHtml } from "../../core/escape-html.js";

/** Somebody's name for something: escaped, and kept from turning the writing direction of what stands around it. */
export function nameHtml(name: string): string {
  return `<bdi>${escapeHtml(name)}</bdi>`;
}

/** A score with three digits; a dash where there is none. */
export function scoreText(score: number | undefined): string {
  return score === undefined || Number.isNaN(score) ? "–" : score.toFixed(3);
}

/** A share as percent; small shares keep a digit that is not 0. */
export function percentText(share: number): string {
  if (Number.isNaN(share)) return "–";
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "<0.1%";
  return `${percent > 99.95 && percent < 100 ? "99.9" : percent.toFixed(1)}%`;
}

/** A whole number with thousands separated. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1 image`, `2 images`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
