import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestEpoch, curveBuilder } from "../../src/training/curve.js";
import { readLogLine } from "../../src/training/metric-lines.js";

// Shapes of real logs, 2020 to 2025; the values here are made up.
const head = "[01/28/2024 02:20:21 INFO 140407511820096]";

describe("readLogLine", () => {
  it.each([
    [`${head} #quality_metric. host: algo-1, epoch: 0, train loss: 1.25 .`, "quality", "trainLoss", 1.25],
    [`${head} #quality_metric. host: algo-1, epoch: 12, validation mIOU: 0.5 .`, "quality", "mIoU", 0.5],
    [
      `${head} #quality_metric. host: algo-1, epoch: 3, validation pixel_accuracy: 1.0 .`,
      "quality",
      "pixelAccuracy",
      1,
    ],
    [`${head} #quality_metric. host: algo-1, epoch: 3, train loss: 1.5e-05 .`, "quality", "trainLoss", 0.000015],
    [`${head} #quality_metric. host: algo-1, epoch: 0, train loss: nan .`, "quality", "trainLoss", NaN],
    [`${head} #quality_metric. host: algo-1, epoch: 0, train loss: inf .`, "quality", "trainLoss", Infinity],
    [`${head} #quality_metric. host: algo-1, epoch: 0, train loss: -inf .`, "quality", "trainLoss", -Infinity],
    [
      `${head} #throughput_metric. host: algo-1, epoch: 1, train throughput: 49.5 samples/sec.`,
      "throughput",
      "trainThroughput",
      49.5,
    ],
    [
      `${head} #throughput_metric. host: algo-1, epoch: 1, validation throughput: 44 samples/sec.`,
      "throughput",
      "validationThroughput",
      44,
    ],
  ])("reads %s", (line, kind, metric, value) => {
    expect(readLogLine(line)).toMatchObject({ kind, metric, value });
  });

  it("finds a metric behind a status line that a console glued to it", () => {
    const glued = `Training in progress...${head} #quality_metric. host: algo-1, epoch: 7, validation mIOU: 0.25 .`;
    expect(readLogLine(glued)).toEqual({ kind: "quality", epoch: 7, metric: "mIoU", value: 0.25 });
  });

  it("reads notices with and without learning rate", () => {
    const notice = `${head} #progress_notice. epoch: 2, iterations: 20 speed: 50.5 samples/sec`;
    expect(readLogLine(notice)).toEqual({ kind: "iterations", epoch: 2, iterations: 20, samplesPerSecond: 50.5 });
    expect(readLogLine(`${notice} learning_rate: 0.000098`)).toMatchObject({ learningRate: 0.000098 });
  });

  it.each([
    ["10 % of epochs", 10],
    ["10.0 % of epochs", 10],
    ["3% of epochs", 3],
  ])("reads 'completed %s'", (words, percent) => {
    expect(readLogLine(`${head} #progress_metric: host=algo-1, completed ${words}`)).toEqual({
      kind: "completed",
      percent,
    });
  });

  it("reads the schedule, the GPUs, saved weights and files that are no images", () => {
    expect(readLogLine(`${head} LRScheduler setup: iters per epoch: 91, num_epochs 10`)).toEqual({
      kind: "schedule",
      iterationsPerEpoch: 91,
      epochs: 10,
    });
    expect(readLogLine(`${head} Number of GPUs being used: 4`)).toEqual({ kind: "gpus", count: 4 });
    expect(readLogLine(`${head} Serializing model to /opt/ml/model/model_best.params`)).toMatchObject({
      weights: "best",
    });
    expect(readLogLine(`${head} Serializing model to /opt/ml/model/model_algo-1`)).toMatchObject({ weights: "last" });
    expect(readLogLine(`${head} /opt/ml/input/data/train/train_annotation is not a readable image file`)).toEqual({
      kind: "unreadable-image",
      path: "/opt/ml/input/data/train/train_annotation",
    });
  });

  it("reads configurations of Python 2 and 3", () => {
    expect(readLogLine(`${head} Final configuration: {u'epochs': u'10', u'backbone': u'resnet-50'}`)).toEqual({
      kind: "configuration",
      which: "final",
      values: { epochs: "10", backbone: "resnet-50" },
    });
    const provided = `${head} Merging with provided configuration from /opt/ml/input/config/hyperparameters.json: {'epochs': '3'}`;
    expect(readLogLine(provided)).toMatchObject({ which: "provided", values: { epochs: "3" } });
  });

  it("reads the totals and leaves the metrics of single epochs", () => {
    const total = (name: string, sum: number): string => `"${name}": {"sum": ${sum}, "count": 1, "min": 0, "max": 1}`;
    const last = `#metrics {"StartTime": 1.5, "Metrics": {${total("epochs", 10)}, ${total("setuptime", 13.4)}, ${total("totaltime", 20073)}}}`;
    expect(readLogLine(last)).toEqual({ kind: "totals", epochs: 10, setupTime: 13.4, totalTime: 20073 });
    expect(readLogLine(`#metrics {"Metrics": {${total("Reset Count", 9)}}}`)).toBeUndefined();
  });

  it("never throws, whatever the line", () => {
    const words = fc.constantFrom(
      "#quality_metric. host: a, epoch: ",
      "train loss: ",
      "nan",
      "#metrics {",
      '"totaltime"',
      "'",
    );
    fc.assert(fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => void readLogLine(parts.join(""))));
    readLogLine("#metrics {" + '"totaltime": '.repeat(200_000));
    readLogLine("Final configuration: " + "{'a': '".repeat(200_000));
  });
});

describe("curveBuilder", () => {
  const facts = (lines: readonly string[]): ReturnType<typeof curveBuilder> => {
    const builder = curveBuilder();
    for (const line of lines) {
      const fact = readLogLine(line);
      if (fact !== undefined) builder.add(fact);
    }
    return builder;
  };

  it("picks the epoch with the highest mIoU, the earliest of equals", () => {
    expect(
      bestEpoch([
        { epoch: 0, mIoU: 0.5 },
        { epoch: 1, mIoU: 0.75 },
        { epoch: 2, mIoU: 0.75 },
      ])?.epoch,
    ).toBe(1);
    expect(bestEpoch([{ epoch: 0, mIoU: NaN }, { epoch: 1 }, { epoch: 2, mIoU: 0 }])?.epoch).toBe(2);
    expect(bestEpoch([{ epoch: 0, mIoU: NaN }])).toBeUndefined();
    expect(bestEpoch([])).toBeUndefined();
  });

  it("tells an epoch once, when all five values are there", () => {
    const builder = curveBuilder();
    const add = (metric: "trainLoss" | "mIoU" | "pixelAccuracy", value: number): unknown =>
      builder.add({ kind: "quality", epoch: 0, metric, value });
    const speed = (metric: "trainThroughput" | "validationThroughput"): unknown =>
      builder.add({ kind: "throughput", epoch: 0, metric, value: 1 });
    expect([add("trainLoss", 2), speed("trainThroughput"), add("pixelAccuracy", 0.5), add("mIoU", 0.25)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(speed("validationThroughput")).toMatchObject({ epoch: 0, trainLoss: 2, mIoU: 0.25 });
    // After an interruption a spot job repeats epochs: the newest value counts, the epoch is not told again.
    expect(add("mIoU", 0.5)).toBeUndefined();
    expect(builder.curve().best?.mIoU).toBe(0.5);
    expect(builder.rest()).toEqual([]);
  });

  it("keeps an unfinished last epoch", () => {
    const builder = facts([`${head} #quality_metric. host: algo-1, epoch: 4, train loss: 1 .`]);
    expect(builder.curve().epochs).toEqual([{ epoch: 4, trainLoss: 1 }]);
    expect(builder.rest()).toEqual([{ epoch: 4, trainLoss: 1 }]);
    expect(builder.rest()).toEqual([]);
  });
});
