/**
 * Thin networks through artifact reader, graph, writer and onnxruntime (WebAssembly), beside a forward pass in plain
 * TypeScript and double precision that shares no code with them (test/support/forward-pass.ts).
 */
import { describe, expect, it } from "vitest";
import { convertToOnnx, openArtifact, type ConvertOptions } from "../../src/onnx.js";
import { forwardPass } from "../support/forward-pass.js";
import { webSession } from "../support/onnx-session.js";
import { testPicture } from "../support/test-picture.js";
import { netParams, netWeights, type NetSpec } from "../support/thin-nets.js";

/** As part of the largest logit: MXNet's own float32 errs by 1e-5 of it, the mildest mistake in a graph by 7e-4. */
const tolerance = 5e-5;

type Size = readonly [height: number, width: number];

const small: readonly Size[] = [
  [33, 44],
  [8, 8],
  [5, 67],
];

async function compare(
  spec: NetSpec,
  seed: number,
  sizes: readonly Size[],
  options: ConvertOptions = {},
): Promise<void> {
  const artifact = await openArtifact(netParams(spec, seed));
  const model = await convertToOnnx(artifact, { outputs: ["mask", "logits", "probabilities"], ...options });
  const session = await webSession(model.toBytes());
  const weights = netWeights(spec, seed);
  for (const [height, width] of sizes) {
    const rgb = testPicture(height, width, seed);
    const expected = forwardPass(spec, weights, { rgb, height, width }, options.bins);
    const { logits, mask, probabilities } = await session.run(rgb, [1, height, width]);
    expect(logits!.dims).toEqual([1, spec.classes, height, width]);
    expect(mask!.dims).toEqual([1, height, width]);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - logits!.data[at]!)), 0);
    const what = `${JSON.stringify(spec)} ${height}x${width}`;
    expect(difference / largest, what).toBeLessThan(tolerance);
    const size = height * width;
    const classes = new Set<number>();
    for (let pixel = 0; pixel < size; pixel++) {
      const scores = Array.from({ length: spec.classes }, (_, index) => expected[index * size + pixel]!);
      const best = Math.max(...scores);
      const chosen = mask!.data[pixel]!;
      classes.add(chosen);
      // A near tie may fall either way.
      expect(best - scores[chosen]!, `${what} pixel ${pixel}`).toBeLessThanOrEqual(2 * tolerance * largest);
      if (pixel % 97 === 0) {
        const total = scores.reduce((sum, score) => sum + Math.exp(score - best), 0);
        for (const [index, score] of scores.entries()) {
          const probability = Math.exp(score - best) / total;
          expect(Math.abs(probabilities!.data[index * size + pixel]! - probability)).toBeLessThan(
            2 * tolerance * largest,
          );
        }
      }
    }
    if (size > 1000) expect(classes.size, "classes in the mask").toBeGreaterThan(1);
  }
  await session.release();
}

const thin = { divisor: 32, classes: 4 } as const;

describe.each(["fast", "plain"] as const)("a thin network in %s form", (form) => {
  it.each([
    { algorithm: "fcn", depth: 50, aux: true, ...thin },
    { algorithm: "fcn", depth: 101, aux: false, ...thin },
    { algorithm: "psp", depth: 50, aux: false, ...thin },
    { algorithm: "deeplab", depth: 50, aux: true, ...thin },
  ] satisfies NetSpec[])("$algorithm on ResNet-$depth, auxiliary head: $aux", async (spec) => {
    await compare(spec, 12, small, { form });
  });

  it("PSPNet with the pyramid of older containers", async () => {
    const spec: NetSpec = { algorithm: "psp", depth: 50, aux: true, ...thin };
    await compare(spec, 8, small, { form, bins: [1, 2, 3, 4] });
  });

  it("wide enough for all three rates of DeepLab", async () => {
    // Features are an eighth of the picture: 320 pixels make 40 of them, more than the largest rate, 36.
    const spec: NetSpec = { algorithm: "deeplab", depth: 50, aux: false, ...thin };
    await compare(
      spec,
      9,
      [
        [320, 33],
        [17, 320],
      ],
      { form },
    );
  });

  it("254 classes", async () => {
    await compare({ algorithm: "fcn", depth: 50, aux: false, divisor: 32, classes: 254 }, 3, [[9, 17]], { form });
  });
});

describe("a thin network", () => {
  it("takes several pictures at once", async () => {
    const spec: NetSpec = { algorithm: "psp", depth: 50, aux: false, ...thin };
    const model = await convertToOnnx(netParams(spec, 5), { outputs: ["logits"] });
    const session = await webSession(model.toBytes());
    const [height, width] = [24, 31];
    const pictures = [testPicture(height, width, 1), testPicture(height, width, 2)];
    const both = new Uint8Array(2 * pictures[0]!.length);
    pictures.forEach((rgb, index) => both.set(rgb, index * rgb.length));
    const together = (await session.run(both, [2, height, width]))["logits"]!;
    for (const [index, rgb] of pictures.entries()) {
      const alone = (await session.run(rgb, [1, height, width]))["logits"]!;
      const own = together.data.subarray(index * alone.data.length, (index + 1) * alone.data.length);
      const most = Array.from(alone.data, (value, at) => Math.abs(value - own[at]!)).reduce(
        (a, b) => Math.max(a, b),
        0,
      );
      expect(most).toBeLessThan(1e-4);
    }
    await session.release();
  });

  it("stored in half precision stays close", async () => {
    for (const algorithm of ["fcn", "psp", "deeplab"] as const) {
      const spec: NetSpec = { algorithm, depth: 50, aux: false, ...thin };
      const model = await convertToOnnx(netParams(spec, 11), { outputs: ["logits"], precision: "float16" });
      const session = await webSession(model.toBytes());
      const [height, width] = [33, 44];
      const rgb = testPicture(height, width, 4);
      const expected = forwardPass(spec, netWeights(spec, 11), { rgb, height, width });
      const { logits } = await session.run(rgb, [1, height, width]);
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const difference = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - logits!.data[at]!)), 0);
      // A half has 11 bits: each weight is off by at most 2^-11 of itself.
      expect(difference / largest, algorithm).toBeLessThan(0.01);
      expect(difference).toBeGreaterThan(0);
      await session.release();
    }
  });

  it("tells what reaches each batch normalization", async () => {
    const spec: NetSpec = { algorithm: "psp", depth: 50, aux: false, ...thin };
    const model = await convertToOnnx(netParams(spec, 5), { batchNormStatistics: true });
    const session = await webSession(model.toBytes());
    const [height, width] = [4, 4];
    const rgb = new Uint8Array(3 * height * width).fill(128);
    const outputs = await session.run(rgb, [1, height, width]);
    const weights = netWeights(spec, 5);
    const norms = weights
      .filter(({ name }) => name.endsWith(".gamma"))
      .map(({ name }) => name.slice(0, -".gamma".length));
    expect(Object.keys(outputs)).toEqual([
      "mask",
      ...norms.flatMap((name) => [`${name}.observed_mean`, `${name}.observed_var`]),
    ]);
    // The first convolution of a constant picture, by hand: each of 2×2 output pixels sees the taps inside the picture.
    const kernel = weights.find(({ name }) => name === "conv1.0.weight")!;
    const values = new Float32Array(kernel.data.slice().buffer);
    const levels = [0.485, 0.456, 0.406].map((mean, c) => (128 / 255 - mean) / [0.229, 0.224, 0.225][c]!);
    const inside = (out: number): readonly number[] => (out === 0 ? [1, 2] : [0, 1, 2]);
    const seen = [0, 1].flatMap((row) =>
      [0, 1].map((column) =>
        levels.reduce(
          (sum, level, c) =>
            sum +
            level *
              inside(row).reduce(
                (s, ky) => s + inside(column).reduce((t, kx) => t + values[c * 9 + ky * 3 + kx]!, 0),
                0,
              ),
          0,
        ),
      ),
    );
    const mean = seen.reduce((sum, value) => sum + value, 0) / 4;
    expect(outputs["conv1.1.observed_mean"]!.data[0]).toBeCloseTo(mean, 5);
    const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
    expect(outputs["conv1.1.observed_var"]!.data[0]).toBeCloseTo(variance, 5);
    await session.release();
  });
});
