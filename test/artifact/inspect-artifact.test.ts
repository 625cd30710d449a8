import { describe, expect, it } from "vitest";
import { inspectArtifact } from "../../src/artifact/inspect-artifact.js";
import { artifactBytes, f32, paramsBytes } from "../support/params-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";
import { netParams, netWeights } from "../support/thin-nets.js";
import type { NetSpec } from "../support/thin-nets.js";

const spec: NetSpec = { algorithm: "deeplab", depth: 50, classes: 4, aux: false, divisor: 64 };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("the report on a model", () => {
  it("tells files, settings, network, and every array", async () => {
    const weights = netParams(spec, 1);
    const report = await inspectArtifact(
      artifactBytes({ "hyperparams.json": text('{"algorithm":"deeplab"}'), "model_algo-1": weights }),
    );
    expect(report).toMatchObject({
      files: [
        { name: "hyperparams.json", bytes: 23 },
        { name: "model_algo-1", bytes: weights.length },
      ],
      weightsFile: "model_algo-1",
      hyperparameters: { algorithm: "deeplab" },
      variant: { algorithm: "deeplab", backbone: "resnet-50", classes: 4, aux: false, type: "float32" },
      problems: [],
      warnings: [],
      sound: true,
    });
    expect(report.arrays).toHaveLength(312);
    expect(report.arrays[0]).toMatchObject({
      name: "conv1.0.weight",
      type: "float32",
      shape: [1, 3, 3, 3],
      elements: 27,
    });
    expect(report.parameters).toBe(netWeights(spec, 1).reduce((sum, { data }) => sum + data.length / 4, 0));
    // Plain data: nothing is lost in JSON but the method.
    expect(JSON.parse(JSON.stringify(report))).toEqual({ ...report, toText: undefined });
  });

  it("has statistics of the finite numbers", async () => {
    const arrays = [
      { name: "a.mixed", shape: [2, 4], data: f32(0, -0, 1, 2, 3, NaN, Infinity, -6) },
      { name: "a.none", shape: [2], data: f32(NaN, -Infinity) },
      { name: "a.far", shape: [4], data: f32(1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3) },
      { name: "a.int64", shape: [1], data: new Uint8Array(8).fill(255), flag: 6 },
    ];
    const report = await inspectArtifact(paramsBytes(arrays));
    const statistics = Object.fromEntries(report.arrays.map((array) => [array.name, array.statistics]));
    expect(statistics["a.mixed"]).toMatchObject({ min: -6, max: 3, mean: 0, zeros: 2, nonFinite: 2 });
    // (1 + 4 + 9 + 36) / 6
    expect(statistics["a.mixed"]?.std).toBeCloseTo(Math.sqrt(50 / 6), 12);
    expect(statistics["a.none"]).toEqual({ zeros: 0, nonFinite: 2 });
    expect(statistics["a.far"]?.mean).toBe(1e6 + 1.5);
    expect(statistics["a.far"]?.std).toBeCloseTo(Math.sqrt(1.25), 12);
    expect(statistics["a.int64"]).toMatchObject({ min: -1, max: -1 });
  });

  it("has the same statistics at any alignment", async () => {
    const odd = { name: "a.first", shape: [1], data: Uint8Array.of(1), flag: 3 };
    const data = new Uint8Array(Float32Array.from({ length: 200_001 }, (_, index) => Math.sin(index)).buffer);
    const long = { name: "a.long", shape: [200_001], data };
    const [aligned, shifted] = await Promise.all([
      inspectArtifact(paramsBytes([long])),
      inspectArtifact(paramsBytes([odd, long])),
    ]);
    expect(shifted.arrays[1]?.statistics).toEqual(aligned.arrays[0]?.statistics);
  });

  it("lists what is wrong with a network, and does not refuse it", async () => {
    const arrays = netWeights(spec, 1).filter(({ name }) => name !== "head.aspp.concurent.2.0.weight");
    const nan = arrays.map((array) => (array.name === "bn1.beta" ? { ...array, data: f32(0, NaN) } : array));
    const report = await inspectArtifact(paramsBytes(nan));
    expect(report.sound).toBe(false);
    expect(report.problems).toEqual([
      { kind: "values", array: "bn1.beta", message: "element 1 is NaN, expected finite numbers" },
      // 256 / 64 wide, 2048 / 64 channels in: the width is that of its batch normalisation.
      { kind: "missing", array: "head.aspp.concurent.2.0.weight", message: "not in the file, expected [4, 32, 3, 3]" },
    ]);
    expect(report.toText()).toContain("The model has 2 problems.");
  });

  it("describes models of other algorithms", async () => {
    const foreign = await inspectArtifact(
      artifactBytes({ "model_algo_1-symbol.json": text("{}"), "model_algo_1-0000.params": netParams(spec, 1) }),
    );
    expect(foreign).toMatchObject({ sound: false, arrays: [], files: { length: 2 } });
    expect(foreign.explanation).toContain("object detection");
    const exported = await inspectArtifact(paramsBytes([{ name: "arg:a", shape: [1], data: f32(1) }]));
    expect(exported.variant).toBeUndefined();
    expect(exported.explanation).toContain("HybridBlock.export");
    expect(exported.toText()).toContain("This is no model of the algorithm.");
  });

  it("is a text to read, without control characters of the file", async () => {
    const report = await inspectArtifact(
      artifactBytes({
        "hyperparams.json": text(JSON.stringify({ note: "a\u001b[31m\nb" })),
        "model_best.params": paramsBytes([{ name: "x.\u001b[2J\u009b y", shape: [2, 1], data: f32(1, -2) }]),
      }),
    );
    const words = report.toText();
    expect(words).not.toMatch(/[^\P{Cc}\n]/u);
    expect(words).toContain("note = a?[31m?b");
    expect(words).toMatch(/float32 {2}\[2, 1\] +-2\.000 +1\.000 +-0\.5000 +1\.500 +0 +0\n/);
    expect(report.toText({ arrays: false })).not.toContain("float32");
  });

  it("reads the whole archive: damage behind the weights shows", async () => {
    const archive = artifactBytes({ "model_best.params": netParams(spec, 1), other: new Uint8Array(100_000) });
    const error = await rejectionOf(inspectArtifact(archive.subarray(0, archive.length - 20)));
    expect(error.code).toBe("artifact.damaged");
  });
});
