import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { curveBuilder } from "../../src/training/curve.js";
import type { TrainingCurve } from "../../src/training/curve.js";
import { trainingFailureHint } from "../../src/training/failure-hints.js";
import { readLogLine } from "../../src/training/metric-lines.js";
import type { TrainingLogFact } from "../../src/training/metric-lines.js";

const folder = path.resolve(import.meta.dirname, "../../../shared/fixtures/training-logs");
const missing = !existsSync(folder);

interface Expected {
  readonly epochs: readonly {
    readonly epoch: number;
    readonly trainLoss: number;
    readonly trainThroughput: number;
    readonly pixelAccuracy: number;
    readonly mIOU: number;
    readonly validationThroughput: number;
  }[];
  readonly epochsComplete: readonly number[];
  readonly bestByMIOU: { readonly epoch: number; readonly mIOU: number };
  readonly completedPercent: readonly string[];
  readonly savedBest: number;
  readonly savedLast: number;
  readonly progressNotices: {
    readonly total: number;
    readonly withLearningRate: number;
    readonly firstLearningRate: string | null;
    readonly lastLearningRate: string | null;
  };
  readonly totalTimeMs: number;
  readonly setupTimeMs: number;
  readonly metricsEpochs: number;
  readonly finalConfiguration: Readonly<Record<string, string>>;
  readonly providedHyperParameters: Readonly<Record<string, string>>;
  readonly gpus: number;
  readonly iterationsPerEpoch: number;
  readonly numEpochs: number;
  readonly notAReadableImage: number;
}

const expectations = missing
  ? {}
  : (JSON.parse(readFileSync(path.join(folder, "expected.json"), "utf8")) as Record<string, Expected>);

function factsOf(name: string): { facts: TrainingLogFact[]; curve: TrainingCurve; complete: number[] } {
  const builder = curveBuilder();
  const facts: TrainingLogFact[] = [];
  const complete: number[] = [];
  for (const line of readFileSync(path.join(folder, name), "utf8").split(/\r\n|\r|\n/)) {
    const fact = readLogLine(line);
    if (fact === undefined) continue;
    facts.push(fact);
    const epoch = builder.add(fact);
    if (epoch !== undefined) complete.push(epoch.epoch);
  }
  return { facts, curve: builder.curve(), complete };
}

type Kind = TrainingLogFact["kind"];
type FactOf<Wanted extends Kind> = Extract<TrainingLogFact, { readonly kind: Wanted }>;

describe.skipIf(missing).for(Object.entries(expectations))("training log %s (needs ../shared)", ([name, expected]) => {
  const { facts, curve, complete } = factsOf(name);
  const of = <Wanted extends Kind>(kind: Wanted): FactOf<Wanted>[] =>
    facts.filter((fact): fact is FactOf<Wanted> => fact.kind === kind);

  it("gives every metric of every epoch, to the last digit", () => {
    expect(curve.epochs).toEqual(expected.epochs.map(({ mIOU, ...epoch }) => ({ ...epoch, mIoU: mIOU })));
    expect(complete).toEqual(expected.epochsComplete);
  });

  it("gives the best epoch", () => {
    const { epoch, mIOU } = expected.bestByMIOU;
    expect(curve.best).toMatchObject({ epoch, mIoU: mIOU });
  });

  it("gives the configuration, the schedule and the GPUs", () => {
    expect(curve).toMatchObject({
      hyperparameters: expected.finalConfiguration,
      gpus: expected.gpus,
      plannedEpochs: expected.numEpochs,
    });
    expect(of("schedule")[0]?.iterationsPerEpoch).toBe(expected.iterationsPerEpoch);
    const provided = of("configuration").find(({ which }) => which === "provided");
    expect(provided?.values).toEqual(expected.providedHyperParameters);
  });

  it("gives progress, saved weights, totals and unreadable files", () => {
    expect(of("completed").map(({ percent }) => percent)).toEqual(expected.completedPercent.map(Number));
    const saved = of("saved").map(({ weights }) => weights);
    expect(saved.filter((weights) => weights === "best")).toHaveLength(expected.savedBest);
    expect(saved.filter((weights) => weights === "last")).toHaveLength(expected.savedLast);
    expect(of("totals")).toEqual([
      {
        kind: "totals",
        epochs: expected.metricsEpochs,
        setupTime: expected.setupTimeMs,
        totalTime: expected.totalTimeMs,
      },
    ]);
    expect(of("unreadable-image")).toHaveLength(expected.notAReadableImage);
  });

  it("gives speeds and learning rates within the epochs", () => {
    const notices = of("iterations");
    const rates = notices.flatMap(({ learningRate }) => (learningRate === undefined ? [] : [learningRate]));
    const { total, withLearningRate, firstLearningRate, lastLearningRate } = expected.progressNotices;
    expect([notices.length, rates.length]).toEqual([total, withLearningRate]);
    expect([rates[0], rates.at(-1)]).toEqual(
      [firstLearningRate, lastLearningRate].map((rate) => (rate === null ? undefined : Number(rate))),
    );
  });
});

describe.skipIf(missing)("failure texts (needs ../shared)", () => {
  const texts = missing
    ? []
    : (JSON.parse(readFileSync(path.join(folder, "failure-texts.json"), "utf8")) as { id: string; text?: string }[]);

  it.each(["adadelta", "deeplab-concat"])("%s: has a hint", (id) => {
    const text = texts.find((entry) => entry.id === id)?.text ?? "";
    expect(trainingFailureHint(text)).toMatch(/hyperparameter|validation_mini_batch_size/);
  });
});
