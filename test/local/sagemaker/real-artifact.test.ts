import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeMask } from "../../../src/mask/decode-mask.js";
import { decodeProbabilities } from "../../../src/mask/decode-probabilities.js";
import { encodePng } from "../../../src/codec/png/encode.js";
import { onnxOf } from "../../../src/onnx/convert.js";
import { openArtifact } from "../../../src/artifact/open-artifact.js";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import { createConfig, createEndpoint, createModel, invoke, settledEndpoint } from "../../support/local-hosting.js";
import { webSession } from "../../support/onnx-session.js";
import { artifactBytes } from "../../support/params-bytes.js";
import { netParams } from "../../support/thin-nets.js";

// An artifact as the real algorithm writes it, of a thin network (test/support/thin-nets.ts). What it should answer is
// what its graph says without the backend; that graph is tested against an independent forward pass in test/onnx.
const params = netParams({ algorithm: "fcn", depth: 50, classes: 3, aux: true, divisor: 32 }, 5);
const artifact = artifactBytes({ "model_algo-1": params, "model_best.params": params });
const [width, height] = [37, 26];
const samples = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * at * 7 + at) % 256);
const png = encodePng({ width, height, colorType: "rgb", samples });

describe("an artifact of the real algorithm on the embedded backend", () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await startTestBackend();
    await backend.put("real/model.tar.gz", artifact);
    await createModel(backend, "squares", "s3://bucket/real/model.tar.gz");
    await createConfig(backend, "one", 1);
    await createEndpoint(backend, "Squares", "one");
    await settledEndpoint(backend, "Squares");
  });
  afterAll(() => backend.end());

  it("is served: masks and probabilities", async () => {
    const session = await webSession(onnxOf(await openArtifact(artifact), { outputs: ["mask"] }).toBytes());
    const { mask } = await session.run(samples, [1, height, width]);
    await session.release();
    const answer = decodeMask((await invoke(backend, png, "image/png")).Body);
    expect([answer.width, answer.height]).toEqual([width, height]);
    expect(answer.data).toEqual(mask!.data);
    expect(new Set(answer.data).size).toBeGreaterThan(1);
    const map = decodeProbabilities((await invoke(backend, png, "application/x-protobuf")).Body);
    expect(map.shape).toEqual([3, height, width]);
  });

  it("refuses what is no picture, as the container does", async () => {
    await expect(invoke(backend, new TextEncoder().encode("no picture"), "image/png")).rejects.toMatchObject({
      name: "ModelError",
      OriginalStatusCode: 400,
    });
  });

  it("fails with a reason when its arrays do not fit", async () => {
    const wrong = netParams({ algorithm: "fcn", depth: 50, classes: 3, aux: true, divisor: 32 }, 5).subarray(0, 5000);
    await backend.put("wrong/model.tar.gz", artifactBytes({ "model_best.params": wrong }));
    await createModel(backend, "wrong", "s3://bucket/wrong/model.tar.gz");
    await createConfig(backend, "two", 1, "wrong");
    await createEndpoint(backend, "Wrong", "two");
    const { EndpointStatus, FailureReason } = await settledEndpoint(backend, "Wrong");
    expect(EndpointStatus).toBe("Failed");
    expect(FailureReason).toContain("model_best.params");
  });
});
