import { describe, expect, it } from "vitest";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { encodePng } from "../../src/codec/png/encode.js";
import { seededRandom } from "../../src/core/random.js";
import { auditBatchNorm } from "../../src/inference/batch-norm-audit.js";
import { onnxOf } from "../../src/onnx/convert.js";
import { webSession } from "../support/onnx-session.js";
import { paramsBytes } from "../support/params-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";
import { netValues, netWeights } from "../support/thin-nets.js";

const [width, height] = [40, 32];
const web = { runtime: "web", threads: 1 } as const;

/** Red at the left, blue at the bottom, some noise. */
function samplesOf(seed: number): Uint8Array {
  const random = seededRandom(`audit ${seed}`);
  return Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [(Math.floor(at / 3) % width) / width, Math.floor(at / 3 / width) / height];
    return 200 * [1 - x, 0.4, y][at % 3]! + 50 * random();
  });
}

function pictureOf(samples: Uint8Array, name = "one.png") {
  return { name, image: encodePng({ width, height, colorType: "rgb", samples }) };
}

/** Red and blue exchanged. */
function swapped(samples: Uint8Array): Uint8Array {
  return samples.map((_, at) => samples[at + [2, 0, -2][at % 3]!]!);
}

type Replaced = Readonly<Record<string, ArrayLike<number>>>;

/** A thin network, some of its arrays replaced. */
function net(algorithm: "fcn" | "psp", replaced: Replaced): Uint8Array {
  const spec = { algorithm, depth: 50, classes: 3, aux: false, divisor: 32 } as const;
  const arrays = netWeights(spec, 4).map((array) => {
    const values = replaced[array.name];
    return values === undefined ? array : { ...array, data: new Uint8Array(Float32Array.from(values).buffer) };
  });
  return paramsBytes(arrays);
}

/**
 * Mean and variance of what the first convolution gives (3 x 3, stride 2, padding 1, of the normalized picture), written
 * down from the description of the network, without any graph.
 */
function firstLayer(samples: Uint8Array): { mean: number[]; variance: number[] } {
  const [mean, std] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ] as const;
  const weights = netValues("conv1.0.weight", [2, 3, 3, 3], 4);
  const pixel = (x: number, y: number, c: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (samples[(y * width + x) * 3 + c]! / 255 - mean[c]!) / std[c]!;
  const channels = [0, 1].map((out) => {
    const values: number[] = [];
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2) {
        let sum = 0;
        for (let k = 0; k < 27; k++) {
          const [c, dy, dx] = [Math.floor(k / 9), Math.floor(k / 3) % 3, k % 3];
          sum += weights[out * 27 + k]! * pixel(x + dx - 1, y + dy - 1, c);
        }
        values.push(sum);
      }
    }
    return values;
  });
  const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const means = channels.map(average);
  return {
    mean: means,
    variance: channels.map((values, c) => average(values.map((value) => (value - means[c]!) ** 2))),
  };
}

describe("auditBatchNorm", () => {
  it("finds nothing at the first layer where it remembers these pictures, and finds exchanged colours", async () => {
    const samples = samplesOf(1);
    const { mean, variance } = firstLayer(samples);
    const bytes = net("fcn", { "conv1.1.running_mean": mean, "conv1.1.running_var": variance });
    const audit = await auditBatchNorm(bytes, [pictureOf(samples)], web);
    expect(audit.images).toBe(1);
    expect(audit.first).toMatchObject({ name: "conv1.1", channels: 2 });
    expect(audit.first.meanShift).toBeLessThan(1e-4);
    expect(Math.abs(audit.first.logVarianceRatio)).toBeLessThan(1e-4);
    expect(audit.bins).toBeUndefined();
    expect(audit.pyramid).toBeUndefined();
    const other = await auditBatchNorm(bytes, [pictureOf(swapped(samples))], web);
    expect(other.first.meanShift).toBeGreaterThan(0.05);
    expect(audit.toText()).toContain("conv1.1");
  });

  it("counts the variance between pictures", async () => {
    const both = [samplesOf(1), samplesOf(1).map((value) => value / 2)].map((samples) => ({
      samples,
      ...firstLayer(samples),
    }));
    const mean = [0, 1].map((c) => (both[0]!.mean[c]! + both[1]!.mean[c]!) / 2);
    const variance = [0, 1].map(
      (c) =>
        (both[0]!.variance[c]! + both[1]!.variance[c]!) / 2 +
        ((both[0]!.mean[c]! - mean[c]!) ** 2 + (both[1]!.mean[c]! - mean[c]!) ** 2) / 2,
    );
    const bytes = net("fcn", { "conv1.1.running_mean": mean, "conv1.1.running_var": variance });
    const audit = await auditBatchNorm(
      bytes,
      both.map(({ samples }) => pictureOf(samples)),
      web,
    );
    expect(audit.first.meanShift).toBeLessThan(1e-4);
    expect(Math.abs(audit.first.logVarianceRatio)).toBeLessThan(1e-4);
  });

  it.each([[[1, 2, 3, 6]], [[1, 2, 3, 4]]])("tells that a PSPNet was trained with the pyramid %j", async (bins) => {
    const samples = samplesOf(7);
    // What reaches the fourth level with this pyramid becomes what it remembers.
    const session = await webSession(
      onnxOf(await openArtifact(net("psp", {})), { bins, batchNormStatistics: true }).toBytes(),
    );
    const outputs = await session.run(samples, [1, height, width]);
    await session.release();
    const bytes = net("psp", {
      "head.psp.conv4.1.running_mean": outputs["head.psp.conv4.1.observed_mean"]!.data,
      "head.psp.conv4.1.running_var": outputs["head.psp.conv4.1.observed_var"]!.data,
    });
    const audit = await auditBatchNorm(bytes, [pictureOf(samples)], web);
    expect(audit.bins).toEqual(bins);
    expect(Math.abs(audit.pyramid!.logVarianceRatio)).toBeLessThan(1e-3);
    expect(audit.other?.bins).not.toEqual(bins);
    expect(audit.toText()).toContain("nearer to 0");
  });

  it("refuses to look at nothing, and pictures that are none", async () => {
    expect(await rejectionOf(auditBatchNorm(net("fcn", {}), [], web))).toMatchObject({ code: "evaluation.empty" });
    const noPicture = [{ name: "x", image: new Uint8Array(3) }];
    expect(await rejectionOf(auditBatchNorm(net("fcn", {}), noPicture, web))).toMatchObject({
      code: "prediction.body",
    });
  });
});
