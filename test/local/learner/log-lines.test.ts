import { expect, it } from "vitest";
import { learner } from "../../../src/local/learner/index.js";
import { trainingMetrics } from "../../../src/facts/training-metrics.js";
import { trainingRun } from "../../support/training-samples.js";

// Shapes as the dossier gives them from real logs of 2019 to 2025.
const prefix = String.raw`\[\d\d/\d\d/\d{4} \d\d:\d\d:\d\d (?:INFO|WARNING) \d+\] `;
const shapes = [
  String.raw`Reading default configuration from \S+: \{'backbone': 'resnet-50'.*'num_training_samples': '8'.*\}`,
  String.raw`Merging with provided configuration from \S+: \{'num_classes': '3'.*\}`,
  String.raw`Final configuration: \{.*'epochs': '2'.*'num_classes': '3'.*\}`,
  String.raw`label maps not provided, using defaults\.`,
  String.raw`#label_map (?:train|validation) :\{'scale': 1\}`,
  String.raw`Number of GPUs being used: 1`,
  String.raw`LRScheduler setup: iters per epoch: 50, num_epochs 2`,
  String.raw`#progress_notice\. epoch: [01], iterations: (?:20|40) speed: [\d.]+ samples/sec learning_rate: 0\.\d{6}`,
  String.raw`#quality_metric\. host: algo-1, epoch: [01], (?:train loss|validation pixel_accuracy|validation mIOU): [\d.]+ \.`,
  String.raw`#throughput_metric\. host: algo-1, epoch: [01], (?:train|validation) throughput: [\d.]+ samples/sec\.`,
  String.raw`Serializing model to /opt/ml/model/model_(?:best\.params|algo-1)`,
  String.raw`#progress_metric: host=algo-1, completed (?:50|100)\.0 % of epochs`,
  String.raw`Test data is not provided\.`,
].map((shape) => new RegExp(`^${prefix}${shape}$`));

it("prints the container's lines in its shapes, and metrics that its expressions find", async () => {
  const { run, told } = trainingRun({}, { num_training_samples: "100", mini_batch_size: "2", learning_rate: "0.001" });
  await learner.train(run);
  const { lines, metrics } = told;
  const metricsLines = lines.filter((line) => line.startsWith("#metrics "));
  for (const line of lines.filter((each) => !each.startsWith("#metrics "))) {
    expect(
      shapes.some((shape) => shape.test(line)),
      line,
    ).toBe(true);
  }
  for (const shape of shapes)
    expect(
      lines.some((line) => shape.test(line)),
      shape.source,
    ).toBe(true);
  expect(metricsLines).toHaveLength(3);
  const [epoch, , totals] = metricsLines.map(
    (line) => JSON.parse(line.slice("#metrics ".length)) as Record<string, unknown>,
  );
  expect(epoch).toMatchObject({
    Dimensions: {
      Algorithm: "AWS/Semantic Segmentation",
      Host: "algo-1",
      Operation: "training",
      epoch: 0,
      Meta: "training_data_iter",
    },
  });
  expect(totals).toMatchObject({ Metrics: { epochs: { sum: 2, count: 1, min: 2, max: 2 } } });

  // What the service finds in the lines is what was reported, in the same order.
  for (const { Name, Regex } of trainingMetrics) {
    const found = lines.flatMap((line) => new RegExp(Regex).exec(line)?.[1] ?? []).map(Number);
    expect(found, Name).toEqual(metrics.filter(({ name }) => name === Name).map(({ value }) => value));
    expect(metrics.filter(({ name }) => name === Name).map(({ epoch: at }) => at)).toEqual([0, 1]);
  }
  const order = [
    "train loss",
    "train throughput",
    "pixel_accuracy",
    "mIOU",
    "validation throughput",
    "model_best",
    "#progress_metric",
  ];
  const places = order.map((part) => lines.findIndex((line) => line.includes(part)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

it("prints the poly schedule as real logs have it: lr (1 - t/T)^0.9", async () => {
  const { run, told } = trainingRun({}, { num_training_samples: "100", learning_rate: "0.01", epochs: "1" });
  await learner.train(run);
  const rates = told.lines.flatMap(
    (line) => /iterations: (\d+) .*learning_rate: (\S+)/.exec(line)?.slice(1).map(Number) ?? [],
  );
  expect(rates[0]).toBe(20);
  // 20 of 50 iterations: the notice comes within one step of the small network.
  expect(rates[1]).toBeCloseTo(0.01 * (1 - 20 / 50) ** 0.9, 4);
});
