import { describe, expect, it } from "vitest";
import { openArtifact, toSafetensors } from "../../src/onnx.js";
import { netParams, netWeights, type NetSpec } from "../support/thin-nets.js";

const spec: NetSpec = { algorithm: "deeplab", depth: 50, aux: true, divisor: 32, classes: 3 };

describe("toSafetensors", () => {
  it("holds every array under PyTorch's name, as the format's description says", async () => {
    const artifact = await openArtifact(netParams(spec, 1));
    const file = toSafetensors(artifact);
    const bytes = file.toBytes();
    expect(bytes.length).toBe(file.byteLength);
    // https://huggingface.co/docs/safetensors: u64 length of the header, JSON, then the data without gaps.
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >;
    const { __metadata__: metadata, ...tensors } = header;
    expect(metadata).toEqual({
      format: "pt",
      algorithm: "deeplab",
      backbone: "resnet-50",
      source_sha256: artifact.sha256,
    });
    let end = 0;
    for (const { name, shape, data } of netWeights(spec, 1)) {
      const torch = name.replace("gamma", "weight").replace("beta", "bias");
      const { dtype, shape: found, data_offsets: offsets } = tensors[torch]!;
      expect([dtype, found], torch).toEqual(["F32", shape]);
      expect(offsets[0]).toBe(end);
      end = offsets[1];
      expect(Buffer.compare(bytes.subarray(8 + length + offsets[0], 8 + length + end), data), torch).toBe(0);
    }
    expect(Object.keys(tensors)).toHaveLength(netWeights(spec, 1).length);
    expect(8 + length + end).toBe(bytes.length);
  });
});
