/**
 * Our graphs beside what the real MXNet 1.9.1 and GluonCV answered: every network and picture of the goldens in
 * `../shared/peers/mxnet` (its README tells how they were made and why the tolerance is what it is). Full-size networks are
 * generated from their seeds; they need the native runtime (`npm run runtime`), thin ones run in WebAssembly without it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { decodeMask } from "../../src/masks.js";
import { convertToOnnx, openArtifact, type ConvertOptions, type ModelArtifact } from "../../src/onnx.js";
import { nativeRuntime, webSession } from "../support/onnx-session.js";

const folder = join(import.meta.dirname, "../../../shared/peers/mxnet");
const present = existsSync(folder);
if (!present) console.warn(`skipped: no goldens at ${folder}`);

interface Picture {
  readonly height: number;
  readonly width: number;
  readonly rgb: Uint8Array;
  readonly tolerance: { readonly max_abs: number; readonly mask_pixels: number };
  compare(logits: Float32Array): { readonly maxAbs: number; readonly relative: number };
}

interface Golden {
  readonly id: string;
  readonly algorithm: "fcn" | "psp" | "deeplab";
  readonly depth: 50 | 101;
  readonly classes: number;
  readonly bins?: readonly number[];
  readonly dtype?: string;
  readonly images: readonly Picture[];
  params(): Uint8Array;
}

const native = await nativeRuntime();
const load = native ?? webSession;
// The reader of the goldens lies beside them and is no part of this project.
const goldens = present
  ? [
      ...(
        (await import(pathToFileURL(join(folder, "goldens.mjs")).href)) as { cases(at: string): Iterable<Golden> }
      ).cases(folder),
    ]
  : [];
const isThin = ({ id }: Golden): boolean => id.startsWith("thin-") || id.startsWith("artifact-");
const runnable = goldens.filter((golden) => native !== undefined || isThin(golden));
if (runnable.length < goldens.length) {
  console.warn("skipped: full-size networks need onnxruntime-node (npm run runtime)");
}

/** Full-size networks that are converted to half precision as well: one of each head. */
const halvedToo = new Set(["fcn-resnet50", "psp-resnet50", "deeplab-resnet50"]);

const lines: string[] = [];
afterAll(() => {
  if (lines.length > 0) console.log(lines.join("\n"));
});

/** Answers all pictures of a case; one line each. */
async function answer(golden: Golden, artifact: ModelArtifact, what: string, options: ConvertOptions) {
  const model = await convertToOnnx(artifact, {
    outputs: ["mask", "logits"],
    ...(golden.bins === undefined ? {} : { bins: golden.bins }),
    ...options,
  });
  const session = await load(model.toBytes());
  const found: { picture: Picture; maxAbs: number; differing: number; pixels: number; name: string }[] = [];
  for (const picture of golden.images) {
    const { height, width, rgb } = picture;
    const { mask, logits } = await session.run(rgb, [1, height, width]);
    const expected = decodeMask(readFileSync(join(folder, "goldens", golden.id, `${height}x${width}.mask.png`)));
    const pixels = height * width;
    const differing = Array.from(mask!.data).filter((index, at) => index !== expected.data[at]).length;
    // Logits are float32.
    const { maxAbs, relative } = picture.compare(logits!.data as Float32Array);
    const name = `${golden.id} ${height}x${width} ${what}`;
    lines.push(`${name}: ${relative.toExponential(1)} of the largest logit, ${differing} of ${pixels} pixels differ`);
    found.push({ picture, maxAbs, differing, pixels, name });
  }
  await session.release();
  return found;
}

describe.skipIf(!present)("what MXNet answered", () => {
  it.each(runnable.map((golden) => [golden.id, golden] as const))(
    "%s",
    async (id, golden) => {
      const artifact = await openArtifact(golden.params());
      expect(artifact.variant).toMatchObject({
        algorithm: golden.algorithm,
        backbone: `resnet-${golden.depth}`,
        classes: golden.classes,
        type: golden.dtype ?? "float32",
      });
      const forms = isThin(golden) ? (["fast", "plain"] as const) : (["fast"] as const);
      for (const form of forms) {
        for (const { picture, maxAbs, differing, name } of await answer(golden, artifact, form, { form })) {
          expect(maxAbs, name).toBeLessThanOrEqual(picture.tolerance.max_abs);
          expect(differing, name).toBeLessThanOrEqual(picture.tolerance.mask_pixels);
        }
      }
      // Half precision in the file: no tolerance was set by MXNet, but the pixels have to stay.
      if (!isThin(golden) && !halvedToo.has(id)) return;
      const halved = await answer(golden, artifact, "float16", { precision: "float16" });
      const pixels = halved.reduce((sum, found) => sum + found.pixels, 0);
      const differing = halved.reduce((sum, found) => sum + found.differing, 0);
      expect(1 - differing / pixels, `${id} in float16`).toBeGreaterThanOrEqual(0.995);
    },
    180_000,
  );
});
