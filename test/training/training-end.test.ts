import { describe, expect, it } from "vitest";
import { curveBuilder } from "../../src/training/curve.js";
import type { TrainingCurve } from "../../src/training/curve.js";
import { plotCurves } from "../../src/training/curve-svg.js";
import { readLogLine } from "../../src/training/metric-lines.js";
import { explainEnd } from "../../src/training/training-end.js";

// Line shapes: real logs (dossier, section 4.4); rule of early stopping: hyperparameter page.
function curveOf(
  scores: readonly number[],
  { planned = 30, finished = true, settings = "'early_stopping': u'False'" } = {},
): TrainingCurve {
  const builder = curveBuilder();
  const lines = [
    `[01/28/2024 02:19:50 INFO 1] Final configuration: {${settings}}`,
    `LRScheduler setup: iters per epoch: 91, num_epochs ${planned}`,
    ...scores.flatMap((score, epoch) => [
      `#quality_metric. host: algo-1, epoch: ${epoch}, train loss: ${2 / (epoch + 1)} .`,
      `#quality_metric. host: algo-1, epoch: ${epoch}, validation pixel_accuracy: 0.9 .`,
      `#quality_metric. host: algo-1, epoch: ${epoch}, validation mIOU: ${score} .`,
    ]),
    ...(finished ? ["Serializing model to /opt/ml/model/model_algo-1"] : []),
  ];
  for (const line of lines) {
    const fact = readLogLine(line);
    if (fact !== undefined) builder.add(fact);
  }
  return builder.curve();
}

describe("explainEnd", () => {
  it("tells early stopping by its numbers", () => {
    const settings = "'early_stopping': 'True', 'early_stopping_patience': '2', 'early_stopping_tolerance': '0.05'";
    // 0.62 is no gain of 5 % over 0.6; it is the best all the same, and so is served.
    const end = explainEnd(curveOf([0.4, 0.6, 0.61, 0.62, 0.5], { settings }));
    expect(end).toMatchObject({ kind: "early-stopping", epochs: 5, planned: 30, best: { epoch: 3, mIoU: 0.62 } });
    expect(end.text).toBe(
      "Early stopping ended the training after 5 of 30 epochs: mIoU last grew by 5 % in epoch 1 (counted from 0), 3 epochs without followed, and early_stopping_patience is 2. Epoch 3 (counted from 0) is served: mIoU 0.6200.",
    );
  });

  it("tells a whole run from a log without end", () => {
    expect(explainEnd(curveOf([0.4, 0.5], { planned: 2 }))).toMatchObject({ kind: "all-epochs" });
    const open = explainEnd(curveOf([0.4, 0.5], { finished: false }));
    expect(open).toMatchObject({ kind: "open", epochs: 2 });
    expect(open.text).toContain("2 of 30 epochs");
    expect(explainEnd(curveOf([], { finished: false })).text).toContain("No epoch was scored");
  });
});

describe("plotCurves", () => {
  it("draws one curve with its three measures, the best epoch as a dot", () => {
    const svg = plotCurves({ turtles: curveOf([0.25, 0.75, 0.5], { planned: 3 }) });
    expect(svg.match(/<polyline/g)).toHaveLength(3);
    // Plot area: 52 to 744 and 336 to 16; epoch 1 of 0 to 2 is in the middle, 0.75 three quarters up.
    expect(svg).toContain('points="52.0,256.0 398.0,96.0 744.0,176.0"');
    expect(svg).toContain('<circle cx="398.0" cy="96.0" r="5"');
    expect(svg).toContain("<title>best: epoch 1, mIoU 0.7500</title>");
  });

  it("draws several by name, and nobody's name becomes markup", () => {
    const svg = plotCurves({ "<script>": curveOf([0.1, 0.2]), b: curveOf([0.3]), c: curveOf([]) }, { title: "A & B" });
    expect(svg).not.toContain("<script>");
    expect(svg).toContain("&lt;script&gt;");
    expect(svg).toContain("A &amp; B");
    expect(svg.match(/<polyline/g)).toHaveLength(1);
  });

  it("has no number that is none, whatever the log says", () => {
    const odd = curveOf([Number.NaN, 2, -1], { planned: 1 });
    for (const svg of [plotCurves({ odd }), plotCurves({}), plotCurves({ odd }, { width: Number.NaN, height: -5 })]) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg.startsWith("<svg ") && svg.endsWith("</svg>")).toBe(true);
    }
  });
});
