import { describe, expect, it } from "vitest";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import { encodePng } from "../../src/codec/png/encode.js";
import { seededRandom } from "../../src/core/random.js";
import { packArtifact } from "../../src/local/learner/artifact.js";
import { learner } from "../../src/local/learner/index.js";
import { weightCount } from "../../src/local/learner/network.js";
import { argmaxPlanes } from "../../src/mask/argmax.js";
import { convertToOnnx } from "../../src/onnx/convert.js";
import { webSession } from "../support/onnx-session.js";
import { rejectionOf } from "../support/refusal-of.js";

// The graph must answer as the embedded backend does; its learner (src/local/learner) is written without any graph.

/** An artifact of a network without training: weights without pattern give masks of many classes. */
function artifactOf(outputs: number, longSide: number, seed: number): Uint8Array {
  const shape = { inputs: 56, hidden: 24, outputs };
  const random = seededRandom(`embedded ${seed}`);
  const weights = Float64Array.from({ length: weightCount(shape) }, () => Math.fround((random() - 0.5) * 3));
  const network = { shape, longSide, weights };
  return packArtifact({ configuration: { num_classes: String(outputs) }, last: network, best: network });
}

/** Shapes, a gradient and noise; every channel another. */
function pictureOf(width: number, height: number): Uint8Array {
  const random = seededRandom(`picture ${width} ${height}`);
  return Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
    const inside = (x - 0.4) ** 2 + (y - 0.6) ** 2 < 0.06 || (x > 0.6 && y < 0.3 && at % 3 !== 1);
    return Math.min(255, (inside ? 150 : 20) + 80 * (at % 3 === 0 ? x : y) + 24 * random());
  });
}

const sizes = [
  [1, 1],
  [7, 1],
  [1, 9],
  [3, 2],
  [24, 32],
  [61, 45],
  [130, 97],
  [300, 211],
  [167, 401],
] as const;

describe("a model of the embedded backend as ONNX", () => {
  it.each([
    [2, 180],
    [5, 96],
    [3, 33],
  ])("gives the backend's own masks: %i classes, looked at with %i pixels", async (classes, longSide) => {
    const artifact = artifactOf(classes, longSide, classes);
    const model = await learner.open(artifact);
    const onnx = await convertToOnnx(artifact, { outputs: ["mask", "probabilities"] });
    expect(onnx.variant).toBeUndefined();
    const session = await webSession(onnx.toBytes());
    const seen = new Set<number>();
    for (const [width, height] of sizes) {
      const samples = pictureOf(width, height);
      const png = encodePng({ width, height, colorType: "rgb", samples });
      const { probabilities } = await model.predict(png);
      const expected = argmaxPlanes(probabilities, classes, width * height, new Uint8Array(width * height));
      const { mask, probabilities: found } = await session.run(samples, [1, height, width]);
      expect(found!.dims).toEqual([1, classes, height, width]);
      const away = probabilities.reduce((most, value, at) => Math.max(most, Math.abs(value - found!.data[at]!)), 0);
      expect(away, `${width} x ${height}`).toBeLessThan(1e-6);
      expect(mask!.data, `${width} x ${height}`).toEqual(expected);
      for (const index of expected) seen.add(index);
    }
    await session.release();
    // Masks of one class would prove nothing.
    expect(seen.size).toBeGreaterThan(1);
  });

  it("takes several pictures at once", async () => {
    const artifact = artifactOf(3, 40, 9);
    const session = await webSession((await convertToOnnx(artifact)).toBytes());
    const [one, two] = [pictureOf(20, 10), pictureOf(20, 10).map((value) => 255 - value)];
    const both = await session.run(Uint8Array.from([...one, ...two]), [2, 10, 20]);
    const first = await session.run(one, [1, 10, 20]);
    const second = await session.run(two, [1, 10, 20]);
    expect([...both["mask"]!.data]).toEqual([...first["mask"]!.data, ...second["mask"]!.data]);
    await session.release();
  });

  it("says what it is", async () => {
    const artifact = artifactOf(2, 40, 1);
    const onnx = await convertToOnnx(artifact, { classes: ["background", "turtle"] });
    expect(onnx.metadata).toMatchObject({
      algorithm: "embedded",
      num_classes: "2",
      classes: '["background","turtle"]',
      source_file: "model_best.params",
    });
    expect(onnx.notes.join()).toContain("embedded backend");
    const refusal = await rejectionOf(openArtifact(artifact));
    expect(refusal).toMatchObject({ code: "artifact.unsupported" });
    expect(refusal.message).toContain("embedded");
  });

  it.each([{ outputs: ["logits" as const] }, { precision: "float16" as const }, { classes: ["only one"] }])(
    "refuses %o",
    async (options) => {
      expect(await rejectionOf(convertToOnnx(artifactOf(2, 40, 1), options))).toMatchObject({ code: "input.invalid" });
    },
  );

  it("refuses damaged weights at every length", async () => {
    const whole = await learner.open(artifactOf(2, 40, 1));
    expect(whole.classes).toBe(2);
    const { decodeEmbeddedWeights, encodeEmbeddedWeights } = await import("../../src/artifact/embedded-weights.js");
    const shape = { inputs: 56, hidden: 1, outputs: 2, longSide: 40 };
    const file = encodeEmbeddedWeights({ ...shape, weights: new Float32Array(61) });
    expect(decodeEmbeddedWeights(file, "w")).toMatchObject(shape);
    for (let length = 0; length < file.length; length++) {
      expect(() => decodeEmbeddedWeights(file.subarray(0, length), "w")).toThrow(/damaged at byte \d+/);
    }
  });
});
