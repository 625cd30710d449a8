/** Our ONNX files before ONNX's own checker, in onnxruntime for Python and in OpenCV; our safetensors in Python's reader. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { convertToOnnx, openArtifact, toSafetensors } from "../../src/onnx.js";
import { forwardPass } from "../support/forward-pass.js";
import { pythonWith, runPython, writeJson } from "../support/peers-python.js";
import { testPicture } from "../support/test-picture.js";
import { netParams, netWeights, type NetSpec } from "../support/thin-nets.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-onnx-peers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonWith(
  ["numpy", "onnx", "onnxruntime", "cv2", "safetensors"],
  ["numpy", "onnx", "onnxruntime", "opencv-python-headless>=5", "safetensors"],
);

interface Answer {
  readonly models: readonly { readonly file: string; readonly type: string; readonly shape: readonly number[] }[];
  readonly tensors: Readonly<Record<string, readonly [type: string, shape: readonly number[], sum: number]>>;
  readonly versions: object;
}

const [height, width] = [41, 52];
const spec = (algorithm: NetSpec["algorithm"]): NetSpec => ({
  algorithm,
  depth: 50,
  aux: false,
  divisor: 16,
  classes: 4,
});
const cases = (["fcn", "psp", "deeplab"] as const).flatMap((algorithm) =>
  (["fast", "plain"] as const).flatMap((form) =>
    (["mask", "logits"] as const).flatMap((output) =>
      (["float32", "float16"] as const).map((precision) => ({ algorithm, form, output, precision })),
    ),
  ),
);

describe.skipIf(python === undefined)("ONNX files and weights", () => {
  it("pass the checker, run in onnxruntime and OpenCV, and are read by safetensors", async () => {
    const rgb = testPicture(height, width, 3);
    writeFileSync(join(folder, "picture.raw"), rgb);
    const models: object[] = [];
    for (const { algorithm, form, output, precision } of cases) {
      const file = `${algorithm}-${form}-${output}-${precision}.onnx`;
      const model = await convertToOnnx(netParams(spec(algorithm), 21), { form, outputs: [output], precision });
      await model.write(join(folder, file));
      models.push({ file, picture: "picture.raw", height, width });
    }
    writeJson(folder, "models.json", models);
    await toSafetensors(await openArtifact(netParams(spec("psp"), 21))).write(join(folder, "weights.safetensors"));
    const { models: answered, tensors, versions } = runPython(python!, "onnx_models.py", folder) as unknown as Answer;
    expect(answered).toHaveLength(cases.length);
    for (const [index, { algorithm, output, precision }] of cases.entries()) {
      const { file, type, shape } = answered[index]!;
      expect([type, shape], file).toEqual(
        output === "mask" ? ["uint8", [1, height, width]] : ["float32", [1, 4, height, width]],
      );
      if (precision === "float16") continue;
      const expected = forwardPass(spec(algorithm), netWeights(spec(algorithm), 21), { rgb, height, width });
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (const runtime of ["onnxruntime", "opencv"]) {
        const bytes = readFileSync(join(folder, `${file}.${runtime}`));
        if (output === "logits") {
          const logits = new Float32Array(new Uint8Array(bytes).buffer);
          const off = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - logits[at]!)), 0);
          expect(off / largest, `${file} in ${runtime}`).toBeLessThan(5e-5);
        } else {
          const size = height * width;
          const behind = Array.from(bytes, (chosen, pixel) => {
            const scores = [0, 1, 2, 3].map((index) => expected[index * size + pixel]!);
            return Math.max(...scores) - scores[chosen]!;
          });
          expect(Math.max(...behind) / largest, `${file} in ${runtime}`).toBeLessThan(1e-4);
        }
      }
    }
    const weights = netWeights(spec("psp"), 21);
    expect(Object.keys(tensors)).toHaveLength(weights.length);
    for (const { name, shape, data } of weights) {
      const [type, found, sum] = tensors[name.replace("gamma", "weight").replace("beta", "bias")]!;
      expect([type, found], name).toEqual(["float32", shape]);
      const values = new Float32Array(data.slice().buffer);
      expect(sum, name).toBeCloseTo(
        values.reduce((total, value) => total + value, 0),
        3,
      );
    }
    console.log(`${cases.length} models in ${JSON.stringify(versions)}`);
  });
});
