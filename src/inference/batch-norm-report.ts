import type { LayerAudit } from "./batch-norm-statistics.js";

/** The audit of one graph. */
export interface AuditedBins {
  /** Levels of the pyramid that the graph has; `undefined` for networks without one. */
  readonly bins: readonly number[] | undefined;
  /** All batch normalizations, in the order of the network. */
  readonly layers: readonly LayerAudit[];
}

/** What an audit found. */
export interface BatchNormAudit extends AuditedBins {
  /** Number of pictures that were looked at. */
  readonly images: number;
  /** Of a PSPNet that was audited with two pyramids, the one that fits less well. */
  readonly other: AuditedBins | undefined;
  /** The layer whose numbers tell whether colours and scale are those of training: the first one. */
  readonly first: LayerAudit;
  /** The layer whose numbers tell one pyramid from the other; `undefined` for networks without one. */
  readonly pyramid: LayerAudit | undefined;
  /** The report for people to read, lines of plain text. */
  toText(): string;
}

/** Behind the fourth level of the pyramid. */
const pyramidLayer = "head.psp.conv4.1";

/** Puts an audit together, the pyramid that fits better first. */
export function auditReport(audited: readonly AuditedBins[], images: number): BatchNormAudit {
  const distance = ({ layers }: AuditedBins): number => Math.abs(pyramidOf(layers)?.logVarianceRatio ?? 0);
  const [best, other] = [...audited].sort((one, two) => distance(one) - distance(two));
  const { bins, layers } = best!;
  const report = { bins, layers, images, other, first: layers[0]!, pyramid: pyramidOf(layers) };
  return Object.freeze({ ...report, toText: () => textOf(report) });
}

function pyramidOf(layers: readonly LayerAudit[]): LayerAudit | undefined {
  return layers.find(({ name }) => name === pyramidLayer);
}

function textOf(report: Omit<BatchNormAudit, "toText">): string {
  const { bins, layers, images, other, first } = report;
  const width = Math.max(...layers.map(({ name }) => name.length));
  const line = ({ name, meanShift, logVarianceRatio }: LayerAudit): string =>
    `  ${name.padEnd(width)}  ${meanShift.toFixed(3).padStart(8)}  ${logVarianceRatio.toFixed(3).padStart(8)}`;
  const pyramids = [report, other].flatMap((one) => {
    const layer = one === undefined ? undefined : pyramidOf(one.layers);
    return one?.bins === undefined || layer === undefined
      ? []
      : [`  ${one.bins.join(",")}  ${layer.logVarianceRatio.toFixed(3)}`];
  });
  return [
    `${images} ${images === 1 ? "picture" : "pictures"}${bins === undefined ? "" : `, pyramid ${bins.join(",")}`}`,
    `At the first layer means are off by ${first.meanShift.toFixed(3)} standard deviations; about 0.1 is usual, 0.3 a sign of`,
    "other pictures or another order of colours.",
    ...(pyramids.length < 2
      ? []
      : [
          "ln(variance / remembered variance) behind the fourth level; the pyramid of training is nearer to 0:",
          ...pyramids,
        ]),
    `  ${"layer".padEnd(width)}  ${"shift".padStart(8)}  ${"ln ratio".padStart(8)}`,
    ...layers.map(line),
    "",
  ].join("\n");
}
