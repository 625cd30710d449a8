import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import protobuf from "protobufjs";
import { afterAll, describe, expect, it } from "vitest";
import { convertToOnnx, openArtifact, type ConvertOptions } from "../../src/onnx.js";
import { rejectionOf } from "../support/refusal-of.js";
import { netParams, netWeights, type NetSpec } from "../support/thin-nets.js";

const folder = mkdtempSync(join(tmpdir(), "semseg-onnx-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec: NetSpec = { algorithm: "fcn", depth: 50, aux: true, divisor: 32, classes: 3 };
const params = netParams(spec, 1);

/** The part of onnx.proto3 that is written, with the field numbers of ONNX's own file; another library reads it. */
const model = protobuf
  .parse(
    `syntax = "proto3";
    message ModelProto { int64 ir_version = 1; string producer_name = 2; string producer_version = 3; string doc_string = 6;
      GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14; }
    message OperatorSetIdProto { string domain = 1; int64 version = 2; }
    message StringStringEntryProto { string key = 1; string value = 2; }
    message GraphProto { repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
      repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12; repeated ValueInfoProto value_info = 13; }
    message NodeProto { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
      repeated AttributeProto attribute = 5; }
    message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
    message TensorProto { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
    message ValueInfoProto { string name = 1; TypeProto type = 2; }
    message TypeProto { message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; } Tensor tensor_type = 1; }
    message TensorShapeProto { message Dimension { int64 dim_value = 1; string dim_param = 2; } repeated Dimension dim = 1; }`,
  )
  .root.lookupType("ModelProto");

interface Decoded {
  readonly irVersion: number;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly {
      readonly input: string[];
      readonly output: string[];
      readonly name: string;
      readonly opType: string;
    }[];
    readonly initializer: readonly {
      readonly dims: number[];
      readonly dataType: number;
      readonly name: string;
      readonly rawData: Uint8Array;
    }[];
    readonly input: readonly { readonly name: string }[];
    readonly output: readonly { readonly name: string }[];
  };
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
}

function decode(bytes: Uint8Array): Decoded {
  // protobufjs returns plain objects of the parsed schema above.
  return model.toObject(model.decode(bytes), { longs: Number, defaults: true, arrays: true }) as unknown as Decoded;
}

describe("convertToOnnx", () => {
  it("writes a file that another protobuf reader understands, weights byte for byte", async () => {
    const { graph, irVersion, opsetImport, metadataProps } = decode((await convertToOnnx(params)).toBytes());
    expect(irVersion).toBe(7);
    expect(opsetImport).toEqual([{ domain: "", version: 13 }]);
    expect(graph.input.map(({ name }) => name)).toEqual(["image"]);
    expect(graph.output.map(({ name }) => name)).toEqual(["mask"]);
    const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    for (const { name, shape, data } of netWeights(spec, 1)) {
      if (name.startsWith("auxlayer.")) expect(stored.has(name)).toBe(false);
      else {
        expect(stored.get(name)?.dims, name).toEqual(shape);
        expect(Buffer.compare(stored.get(name)!.rawData, data), name).toBe(0);
      }
    }
    for (const { name, dims, dataType, rawData } of graph.initializer) {
      const size = ({ 1: 4, 7: 8 } as Record<number, number>)[dataType]!;
      expect(rawData.length, name).toBe(size * dims.reduce((product, side) => product * side, 1));
    }
    expect(Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      producer: "sagemaker-semseg",
      algorithm: "fcn",
      backbone: "resnet-50",
      num_classes: "3",
      precision: "float32",
      source_file: "weights",
      source_sha256: createHash("sha256").update(params).digest("hex"),
    });
  });

  it("makes each value once, before it is used", async () => {
    for (const algorithm of ["fcn", "psp", "deeplab"] as const) {
      for (const form of ["fast", "plain"] as const) {
        const net = netParams({ ...spec, algorithm }, 2);
        const { graph } = decode((await convertToOnnx(net, { form, outputs: ["mask", "probabilities"] })).toBytes());
        const known = new Set([
          "",
          ...graph.input.map(({ name }) => name),
          ...graph.initializer.map(({ name }) => name),
        ]);
        for (const node of graph.node) {
          expect(
            node.input.filter((name) => !known.has(name)),
            node.name,
          ).toEqual([]);
          for (const name of node.output) {
            expect(known.has(name), name).toBe(false);
            known.add(name);
          }
        }
        for (const { name } of graph.output) expect(known.has(name)).toBe(true);
      }
    }
  });

  it("keeps weights as views of the source", async () => {
    const artifact = await openArtifact(params);
    const chunks = [...(await convertToOnnx(artifact)).chunks()];
    const wide = [...artifact.weights.values()].filter(
      ({ bytes, name }) => bytes.length > 2000 && !name.startsWith("auxlayer."),
    );
    expect(wide.length).toBeGreaterThan(10);
    for (const { bytes, name } of wide) {
      const found = chunks.some(({ buffer, byteOffset }) => buffer === bytes.buffer && byteOffset === bytes.byteOffset);
      expect(found, name).toBe(true);
    }
  });

  it("knows the length beforehand in every form", async () => {
    for (const algorithm of ["fcn", "psp", "deeplab"] as const) {
      const sizes: number[] = [];
      for (const precision of ["float32", "float16"] as const) {
        const converted = await convertToOnnx(netParams({ ...spec, algorithm }, 2), { precision });
        expect([...converted.chunks()].reduce((sum, { length }) => sum + length, 0)).toBe(converted.byteLength);
        expect(converted.toBytes().length).toBe(converted.byteLength);
        const streamed: Buffer[] = [];
        for await (const chunk of converted.toStream()) streamed.push(chunk as Buffer);
        expect(Buffer.compare(Buffer.concat(streamed), converted.toBytes())).toBe(0);
        sizes.push(converted.byteLength);
      }
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    }
  });

  it("writes a whole file or none", async () => {
    const converted = await convertToOnnx(params, { classes: ["road", "grass", "sky"] });
    expect(converted.metadata["classes"]).toBe('["road","grass","sky"]');
    const path = join(folder, "deep", "model.onnx");
    const seen: number[] = [];
    await converted.write(path, { progress: ({ done, total }) => seen.push(done / (total ?? 0)) });
    expect(Buffer.compare(readFileSync(path), converted.toBytes())).toBe(0);
    expect(seen.at(-1)).toBe(1);
    const stop = new AbortController();
    const reason = new Error("enough");
    const aborted = converted.write(join(folder, "deep", "other.onnx"), {
      signal: stop.signal,
      progress: () => stop.abort(reason),
    });
    await expect(aborted).rejects.toBe(reason);
    expect(readdirSync(join(folder, "deep"))).toEqual(["model.onnx"]);
  });

  it("notes what the weights cannot tell of PSPNet", async () => {
    const net = netParams({ ...spec, algorithm: "psp" }, 2);
    const told = await convertToOnnx(net);
    expect(told.notes.join()).toContain("1, 2, 3, 6");
    expect(told.metadata["bins"]).toBe("[1,2,3,6]");
    const chosen = await convertToOnnx(net, { bins: [1, 2, 3, 4] });
    expect(chosen.notes).toEqual([]);
    expect(chosen.metadata["bins"]).toBe("[1,2,3,4]");
  });

  it.each([
    [{ outputs: [] }, "outputs"],
    [{ outputs: ["masks"] }, "outputs"],
    [{ bins: [1, 2, 3] }, "bins"],
    [{ bins: [1, 2, 3, 0] }, "bins"],
    [{ classes: ["a", "b"] }, "classes"],
    [{ precision: "int8" }, "precision"],
    [{ form: "quick" }, "form"],
  ])("refuses %j", async (options, parameter) => {
    // JavaScript users may pass anything.
    const error = await rejectionOf(convertToOnnx(params, options as unknown as ConvertOptions));
    expect(error).toMatchObject({ code: "input.invalid", details: { parameter } });
  });

  it("ends with the reason of an abort", async () => {
    const reason = new Error("enough");
    await expect(convertToOnnx(params, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
