import { escapeHtml } from "../core/escape-html.js";
import type { EpochMetrics, TrainingCurve } from "./curve.js";

/** Options of {@link plotCurves}. */
export interface PlotOptions {
  /** Heading; default none. */
  readonly title?: string;
  /** Width in pixels, 200 to 10,000; default 800. */
  readonly width?: number;
  /** Height in pixels, 150 to 10,000; default 400. */
  readonly height?: number;
}

/** Colours that people with any colour vision can tell apart (Okabe and Ito). */
export const plotColors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"] as const;

type Measure = "mIoU" | "pixelAccuracy" | "trainLoss";

/** Beyond these a plot tells nothing. */
const mostCurves = 50;

/**
 * Draws curves as SVG: one curve with mIoU, pixel accuracy and loss, several ones with the mIoU of each, by name. The
 * best epoch has a dot. Losses have their own axis at the right.
 *
 * The text holds no script and loads nothing. Of more than 50 curves the first 50 are drawn.
 *
 * @example
 * ```ts
 * import { plotCurves } from "sagemaker-semseg";
 *
 * const svg = plotCurves({ turtles: await training.curve() });
 * ```
 */
export function plotCurves(curves: Readonly<Record<string, TrainingCurve>>, options: PlotOptions = {}): string {
  const entries = Object.entries(curves).slice(0, mostCurves);
  const { title } = options;
  const width = within(options.width ?? 800, 200, 10_000);
  const height = within(options.height ?? 400, 150, 10_000);
  const area = { left: 52, right: width - 56, top: title === undefined ? 16 : 40, bottom: height - 64 };
  const single = entries.length === 1;
  const last = Math.max(1, ...entries.flatMap(([, { epochs }]) => epochs.map(({ epoch }) => epoch)));
  const losses = entries
    .flatMap(([, { epochs }]) => epochs.map(({ trainLoss = 0 }) => trainLoss))
    .filter(Number.isFinite);
  const highest = Math.max(...losses, 1e-9);
  const x = (epoch: number): number => area.left + ((area.right - area.left) * epoch) / last;
  const y = (share: number): number => area.bottom - (area.bottom - area.top) * Math.min(1, Math.max(0, share));
  const yLoss = (loss: number): number => y(loss / highest);

  const line = (epochs: readonly EpochMetrics[], measure: Measure, color: string, dashes: string): string => {
    const points = epochs.flatMap((epoch) => {
      const value = epoch[measure];
      if (value === undefined || !Number.isFinite(value)) return [];
      const at = measure === "trainLoss" ? yLoss(value) : y(value);
      return [`${x(epoch.epoch).toFixed(1)},${at.toFixed(1)}`];
    });
    if (points.length === 0) return "";
    const [only] = points;
    // One point is no line.
    if (points.length === 1)
      return `<circle cx="${only!.split(",")[0]!}" cy="${only!.split(",")[1]!}" r="2.5" fill="${color}"/>`;
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${color}" stroke-width="2"${dashes}/>`;
  };
  const dot = ({ best }: TrainingCurve, color: string): string =>
    best?.mIoU === undefined
      ? ""
      : `<circle cx="${x(best.epoch).toFixed(1)}" cy="${y(best.mIoU).toFixed(1)}" r="5" fill="${color}"><title>best: epoch ${best.epoch}, mIoU ${best.mIoU.toFixed(4)}</title></circle>`;

  const drawn: string[] = [];
  const legend: [name: string, color: string][] = [];
  for (const [index, [name, curve]] of entries.entries()) {
    const color = plotColors[index % plotColors.length]!;
    drawn.push(line(curve.epochs, "mIoU", color, ""), dot(curve, color));
    legend.push([single ? "mIoU" : name, color]);
    if (!single) continue;
    drawn.push(line(curve.epochs, "pixelAccuracy", plotColors[2], ' stroke-dasharray="6 4"'));
    drawn.push(line(curve.epochs, "trainLoss", plotColors[1], ' stroke-dasharray="2 3"'));
    legend.push(["pixel accuracy", plotColors[2]], ["train loss (right)", plotColors[1]]);
  }
  const label = title ?? (single ? "Metrics by epoch" : "mIoU by epoch");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(label)}" font-family="system-ui,sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    title === undefined ? "" : text(width / 2, 24, title, ' text-anchor="middle" font-size="16"'),
    ...grid(area, y, single && losses.length > 0 ? highest : undefined),
    ...epochTicks(last).map((epoch) => text(x(epoch), area.bottom + 18, String(epoch), ' text-anchor="middle"')),
    text((area.left + area.right) / 2, area.bottom + 34, "epoch", ' text-anchor="middle"'),
    ...drawn,
    ...legendTexts(legend, width, height),
    "</svg>",
  ].join("");
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function grid({ left, right }: Area, y: (share: number) => number, highestLoss: number | undefined): string[] {
  return [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const at = y(share);
    const loss = highestLoss === undefined ? "" : text(right + 6, at + 4, (share * highestLoss).toPrecision(2), "");
    return [
      `<line x1="${left}" x2="${right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" stroke="#dde1e6"/>`,
      text(left - 6, at + 4, share.toFixed(2), ' text-anchor="end"'),
      loss,
    ];
  });
}

/** At most eleven, evenly spaced, beginning with 0. */
function epochTicks(last: number): number[] {
  const step = Math.max(1, Math.ceil(last / 10));
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step);
}

function legendTexts(legend: readonly (readonly [string, string])[], width: number, height: number): string[] {
  const room = (width - 60) / Math.max(1, Math.min(legend.length, 6));
  return legend.slice(0, 6).flatMap(([name, color], index) => {
    const left = 52 + index * room;
    const letters = Math.max(4, Math.floor((room - 24) / 7));
    const shown = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
    return [
      `<rect x="${left.toFixed(1)}" y="${height - 20}" width="12" height="4" fill="${color}"/>`,
      text(left + 16, height - 14, shown, ""),
    ];
  });
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" fill="#15181c"${attributes}>${escapeHtml(words)}</text>`;
}

function within(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.round(Math.min(high, Math.max(low, value))) : low;
}
