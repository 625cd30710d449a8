import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ArtifactSource } from "../../src/artifact/artifact.js";
import { openArtifact } from "../../src/artifact/open-artifact.js";
import type { Progress } from "../../src/core/progress.js";
import { memoryStore } from "../support/memory-store.js";
import { artifactBytes, f32, paramsBytes } from "../support/params-bytes.js";
import type { WrittenArray } from "../support/params-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";
import { netArrays, netParams, netWeights } from "../support/thin-nets.js";
import type { NetSpec } from "../support/thin-nets.js";

const fcn: NetSpec = { algorithm: "fcn", depth: 50, classes: 3, aux: true, divisor: 32 };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const best = netParams(fcn, 1);
const last = netParams(fcn, 2);
const settings = text(JSON.stringify({ algorithm: "fcn", backbone: "resnet-50", num_classes: "3" }));
// In the order in which the container's own archives have them.
const files = { "hyperparams.json": settings, "model_algo-1": last, "model_best.params": best };
const archive = artifactBytes(files);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "artifact-"));
  writeFileSync(path.join(folder, "model.tar.gz"), archive);
  writeFileSync(path.join(folder, "model_algo-1"), last);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a model artifact", () => {
  it("is read from a path, a file: address, bytes, a stream, and an object store", async () => {
    const file = path.join(folder, "model.tar.gz");
    const store = memoryStore({ "s3://bucket/job/output/model.tar.gz": archive });
    const sources: readonly ArtifactSource[] = [
      file,
      pathToFileURL(file),
      archive,
      Buffer.from(archive),
      inChunks(archive, 1000),
      inChunks(archive, 77),
      gunzipSync(archive),
      "s3://bucket/job/output/model.tar.gz",
    ];
    for (const source of sources) {
      const model = await openArtifact(source, { store });
      expect(model).toMatchObject({
        files: [
          { name: "hyperparams.json", bytes: settings.length },
          { name: "model_algo-1", bytes: last.length },
          { name: "model_best.params", bytes: best.length },
        ],
        weightsFile: "model_best.params",
        variant: { algorithm: "fcn", backbone: "resnet-50", classes: 3, aux: true, type: "float32" },
        hyperparameters: { algorithm: "fcn", backbone: "resnet-50", num_classes: "3" },
        warnings: [],
        sha256: sha256(best),
      });
    }
  });

  it("may be a weights file alone", async () => {
    const cases: readonly (readonly [source: ArtifactSource, name: string])[] = [
      [path.join(folder, "model_algo-1"), "model_algo-1"],
      [last, "weights"],
      [inChunks(last, 4096), "weights"],
    ];
    for (const [source, name] of cases) {
      const model = await openArtifact(source);
      expect(model).toMatchObject({ weightsFile: name, files: [{ name, bytes: last.length }], sha256: sha256(last) });
      expect(model.hyperparameters).toBeUndefined();
    }
  });

  it("has every array of its network, as views of one memory", async () => {
    const { weights } = await openArtifact(archive);
    expect([...weights].map(([name, { shape }]) => [name, shape])).toEqual(netArrays(fcn));
    expect(new Set([...weights.values()].map(({ bytes }) => bytes.buffer)).size).toBe(1);
    for (const { name, data } of netWeights(fcn, 1)) {
      expect(Buffer.compare(weights.get(name)!.bytes, data)).toBe(0);
    }
  });

  it.each<[string, NetSpec]>(
    (["fcn", "psp", "deeplab"] as const).flatMap((algorithm) =>
      ([50, 101] as const).flatMap((depth) =>
        [true, false].map((aux): [string, NetSpec] => [
          `${algorithm} on resnet-${depth}, ${aux ? "with" : "without"} auxiliary head`,
          { algorithm, depth, aux, classes: 21, divisor: 64 },
        ]),
      ),
    ),
  )("tells its network: %s", async (_, spec) => {
    const { variant, weights } = await openArtifact(netParams(spec, 1));
    const { algorithm, depth, aux } = spec;
    expect(variant).toEqual({ algorithm, backbone: `resnet-${depth}`, classes: 21, aux, type: "float32" });
    // Numbers of arrays of full-size GluonCV networks.
    const counts = { fcn: [289, 544], psp: [309, 564], deeplab: [319, 574] } as const;
    expect(weights.size).toBe(counts[algorithm][depth === 50 ? 0 : 1] - (aux ? 0 : 7));
  });

  it("may hold convolutions in half precision beside batch normalisation in single", async () => {
    // 1.0 is 3c00.
    const half = netWeights(fcn, 1).map((array): WrittenArray => {
      if (!/(?:weight|bias)$/.test(array.name)) return array;
      const data = new Uint8Array(array.data.length / 2).map((_, index) => (index % 2 === 0 ? 0x00 : 0x3c));
      return { ...array, data, flag: 2 };
    });
    expect((await openArtifact(paramsBytes(half))).variant.type).toBe("float16");
  });
});

describe("the choice of weights", () => {
  it("is the best epoch's, else the last one's; or what the caller names", async () => {
    const both = { "model_best.params": best, "model_algo-1": last };
    const chosen = async (contents: Record<string, Uint8Array>, weights?: string): Promise<string> =>
      (await openArtifact(artifactBytes(contents), weights === undefined ? {} : { weights })).sha256;
    expect(await chosen(both)).toBe(sha256(best));
    expect(await chosen(files)).toBe(sha256(best));
    expect(await chosen({ "model_algo-1": last })).toBe(sha256(last));
    expect(await chosen(files, "last")).toBe(sha256(last));
    expect(await chosen(files, "best")).toBe(sha256(best));
    expect(await chosen({ ...both, "epochs/7.params": last }, "epochs/7.params")).toBe(sha256(last));
  });

  it("names what is there when it is not", async () => {
    const error = await rejectionOf(openArtifact(artifactBytes({ "model_algo-1": last }), { weights: "best" }));
    expect(error.code).toBe("artifact.unsupported");
    expect(error.message).toContain('no file model_best.params, but "model_algo-1"');
  });

  it("ends reading where the rest is not needed", async () => {
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of inChunks(gunzipSync(archive), 512)) {
        taken += chunk.length;
        yield chunk;
      }
    }
    const model = await openArtifact(counted(), { weights: "last" });
    expect(model.files).toHaveLength(2);
    expect(taken).toBeLessThan(last.length + 4096);
  });
});

describe("settings", () => {
  it("may be of any kind, and contradictions are told", async () => {
    const odd = { algorithm: "PSP", backbone: "resnet-101", num_classes: 4, _aux_loss: false, nested: { a: [1] }, precision_dtype: null }; // prettier-ignore
    const model = await openArtifact(
      artifactBytes({ "hyperparams.json": text(JSON.stringify(odd)), "model_algo-1": last }),
    );
    expect(model.hyperparameters).toEqual({
      algorithm: "PSP",
      backbone: "resnet-101",
      num_classes: "4",
      _aux_loss: "false",
      nested: '{"a":[1]}',
      precision_dtype: "null",
    });
    expect(model.warnings).toEqual([
      'hyperparams.json says algorithm "PSP", the weights are those of fcn',
      'hyperparams.json says backbone "resnet-101", the weights are those of resnet-50',
      'hyperparams.json says num_classes "4", the weights are those of 3',
      'hyperparams.json says precision_dtype "null", the weights are those of float32',
      'hyperparams.json says _aux_loss "false", the weights are those of true',
    ]);
  });

  it("agree in Python's spelling and as JSON within JSON", async () => {
    const same = { algorithm: '"fcn"', num_classes: "3.0", _aux_loss: "True", precision_dtype: "float32" };
    const model = await openArtifact(
      artifactBytes({ "hyperparams.json": text(JSON.stringify(same)), "model_algo-1": last }),
    );
    expect(model.warnings).toEqual([]);
  });

  it("that cannot be read do not stop anybody", async () => {
    for (const body of ["{", "[1, 2]", "", "\u0000"]) {
      const model = await openArtifact(artifactBytes({ "hyperparams.json": text(body), "model_algo-1": last }));
      expect(model.hyperparameters).toBeUndefined();
      expect(model.warnings).toHaveLength(1);
    }
  });
});

describe("models that are refused", () => {
  const changed = (change: (arrays: WrittenArray[]) => readonly WrittenArray[], spec = fcn): Uint8Array =>
    paramsBytes(change([...netWeights(spec, 1)]));
  const without = (pattern: RegExp, spec = fcn): Uint8Array =>
    changed((arrays) => arrays.filter(({ name }) => !pattern.test(name)), spec);
  const renamed = (rename: (name: string) => string): Uint8Array =>
    changed((arrays) => arrays.map((array) => ({ ...array, name: rename(array.name) })));

  it("lack arrays, have others, other shapes or types", async () => {
    const gamma = { name: "bn1.gamma", shape: [5], data: f32(1, 1, 1, 1, 1) };
    const broken = changed((arrays) => [
      ...arrays
        .filter(({ name }) => name !== "layer2.1.conv2.weight")
        .map((array) => (array.name === "bn1.gamma" ? gamma : array))
        .map((array) => (array.name === "bn1.beta" ? { ...array, flag: 4 } : array)),
      { name: "moving_target", shape: [1], data: f32(0) },
    ]);
    const error = await rejectionOf(openArtifact(broken));
    expect(error).toMatchObject({
      code: "artifact.network",
      details: {
        file: "weights",
        total: 4,
        problems: [
          { kind: "shape", array: "bn1.gamma", message: "has the shape [5], expected [4]" },
          { kind: "type", array: "bn1.beta", message: "holds int32, expected floating point numbers" },
          { kind: "missing", array: "layer2.1.conv2.weight", message: "not in the file, expected [4, 4, 3, 3]" },
          { kind: "extra", array: "moving_target" },
        ],
      },
    });
  });

  it("have shapes that do not fit their neighbours", async () => {
    const error = await rejectionOf(
      openArtifact(
        changed((arrays) =>
          arrays.map((array) =>
            array.name === "layer3.2.conv1.weight"
              ? { ...array, shape: [8, 31, 1, 1], data: array.data.subarray(0, 8 * 31 * 4) }
              : array,
          ),
        ),
      ),
    );
    expect(error.details).toMatchObject({
      problems: [
        {
          kind: "shape",
          array: "layer3.2.conv1.weight",
          message: "has the shape [8, 31, 1, 1], expected [8, 32, 1, 1]",
        },
      ],
    });
  });

  it.each([
    ["head.block.0.weight", NaN, "element 5 is NaN, expected finite numbers"],
    ["head.block.0.weight", -Infinity, "element 5 is -Infinity, expected finite numbers"],
    ["layer4.0.bn1.running_var", -0.5, "element 5 is -0.5, expected finite numbers from 0"],
  ])("have numbers that cannot be used: %s %s", async (name, value, message) => {
    const bytes = changed((arrays) =>
      arrays.map((array) => {
        if (array.name !== name) return array;
        const data = Float32Array.from(new Float32Array(array.data.slice().buffer));
        data[5] = value;
        return { ...array, data: new Uint8Array(data.buffer) };
      }),
    );
    const error = await rejectionOf(openArtifact(bytes));
    expect(error).toMatchObject({
      code: "artifact.network",
      details: { problems: [{ kind: "values", array: name, message }] },
    });
  });

  it("list ten problems and count the others", async () => {
    const error = await rejectionOf(openArtifact(without(/^layer2\./)));
    expect(error.code).toBe("artifact.network");
    expect(error.details).toMatchObject({ total: 4 * 15 + 5, problems: { length: 10 } });
  });

  it("are of other backbones or programs, and the error says which", async () => {
    const cases: readonly (readonly [bytes: Uint8Array, words: string])[] = [
      [renamed((name) => name.replace(/^conv1\.0\./, "conv1.")), "v1b of GluonCV"],
      [changed((arrays) => [...arrays, { name: "layer2.0.downsample.1.weight", shape: [1], data: f32(0) }]), "v1d or v1e"],
      [renamed((name) => name.replace("conv3", "conv9")), "basic blocks (18 or 34)"],
      [renamed((name) => name.replace(/^layer3\.5/, "layer3.35")), "ResNet-152"],
      [renamed((name) => name.replace(/^layer3\.5/, "layer3.4x")), "5 blocks in layer3"],
      [renamed((name) => `arg:${name}`), "HybridBlock.export"],
      [renamed((name) => `fcn0_${name.replaceAll(".", "_")}`), "collect_params().save"],
      [without(/^(?:head|auxlayer)\./), "without head"],
      [without(/^head\.block\.4/), "no classifier"],
      [paramsBytes([]), "no arrays"],
      [paramsBytes([{ name: "a.b", shape: [1], data: f32(1) }]), "no ResNet"],
      // A stem of half the width: v1c.
      [
        changed((arrays) =>
          arrays.map((array) => (array.name === "conv1.0.weight" ? { ...array, shape: [1, 3, 3, 3], data: array.data.subarray(0, 108) } : array)),
        ),
        "v1c of GluonCV",
      ],
    ]; // prettier-ignore
    for (const [bytes, words] of cases) {
      const error = await rejectionOf(openArtifact(bytes));
      expect(error.code).toBe("artifact.unsupported");
      expect(error.message).toContain(words);
    }
  });

  it("are of object detection, which has a graph of its own", async () => {
    const detection = artifactBytes({
      "hyperparams.json": text("{}"),
      "model_algo_1-0000.params": paramsBytes([{ name: "arg:conv1_weight", shape: [1], data: f32(1) }]),
      "model_algo_1-symbol.json": text("{}"),
    });
    const error = await rejectionOf(openArtifact(detection));
    expect(error.code).toBe("artifact.unsupported");
    expect(error.message).toContain("object detection");
  });
});

describe("sources that are refused", () => {
  it("are not there, no files, or need a store", async () => {
    const store = memoryStore();
    const cases: readonly (readonly [source: unknown, words: string])[] = [
      [path.join(folder, "nothing"), "a file that can be read"],
      [folder, "a file, e.g. model.tar.gz"],
      ["s3://bucket/nothing", "an object that exists"],
      [new URL("https://example.com/model.tar.gz"), "a file: address"],
      [7, "a path"],
      [Readable.from(["text"]), "a stream of Uint8Array"],
    ];
    for (const [source, words] of cases) {
      const error = await rejectionOf(openArtifact(source as ArtifactSource, { store }));
      expect(error.code).toBe("artifact.source");
      expect(error.message).toContain(words);
    }
    expect((await rejectionOf(openArtifact("s3://bucket/model.tar.gz"))).details).toMatchObject({
      expected: "the option `store` with an address in S3",
    });
  });

  it("are empty, of another kind, or damaged gzip data", async () => {
    expect(await rejectionOf(openArtifact(new Uint8Array()))).toMatchObject({ code: "artifact.damaged" });
    const zip = new Uint8Array(600);
    zip.set(text("PK\u0003\u0004"));
    expect((await rejectionOf(openArtifact(zip))).message).toContain("a ZIP archive");
    for (const length of [1, 2, 9, 10, 11, 1000, archive.length - 9, archive.length - 1]) {
      const error = await rejectionOf(openArtifact(archive.subarray(0, length)));
      expect(error.code).toBe("artifact.damaged");
    }
    for (let at = 20; at < 2000; at += 50) {
      const wrong = Uint8Array.from(archive);
      wrong.fill(0xff, at, at + 8);
      expect((await rejectionOf(openArtifact(wrong))).code).toMatch(/^artifact\./);
    }
    // The checksum of RFC 1952 stands in the last eight bytes.
    const wrong = Uint8Array.from(archive);
    wrong[wrong.length - 6]! ^= 1;
    expect((await rejectionOf(openArtifact(wrong))).message).toContain("incorrect data check");
    expect((await rejectionOf(openArtifact(gzipSync(new Uint8Array(2000))))).code).toBe("artifact.damaged");
  });

  it("have unusable limits", async () => {
    const error = await rejectionOf(openArtifact(archive, { limits: { entries: 0 } }));
    expect(error).toMatchObject({ code: "input.invalid", details: { parameter: "limits.entries", value: 0 } });
    expect((await rejectionOf(openArtifact(best, { limits: { weightsBytes: 1000 } }))).details).toMatchObject({
      what: "weightsBytes",
      limit: 1000,
    });
    expect((await rejectionOf(openArtifact(inChunks(best, 512), { limits: { weightsBytes: 1000 } }))).code).toBe(
      "artifact.limit",
    );
  });
});

describe("long work", () => {
  it("reports the bytes that were read", async () => {
    const reports: Progress[] = [];
    await openArtifact(archive, { progress: (report) => reports.push(report) });
    expect(reports.at(-1)).toEqual({ task: "read model", unit: "bytes", done: archive.length, total: archive.length });
  });

  it("ends with the signal's own reason, also while a source says nothing", async () => {
    const reason = new Error("enough");
    await expect(openArtifact(archive, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield archive.subarray(0, 1000);
      setTimeout(() => controller.abort(reason), 1);
      await new Promise(() => undefined);
    }
    await expect(openArtifact(silent(), { signal: controller.signal })).rejects.toBe(reason);
  });

  it("passes on what the source throws", async () => {
    const failure = new Error("the line broke");
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(archive.subarray(0, 1000));
      throw failure;
    }
    await expect(openArtifact(broken())).rejects.toBe(failure);
  });
});

describe("hostile artifacts", () => {
  it("pass over settings that are nested by the thousand", async () => {
    const nested = text(`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`);
    const { hyperparameters, warnings, variant } = await openArtifact(
      artifactBytes({ "hyperparams.json": nested, "model_best.params": best }),
    );
    expect(hyperparameters).toBeUndefined();
    expect(warnings.join()).toContain("passed over");
    expect(variant.classes).toBe(3);
  });

  it("do not keep the search for names busy where every place looks like a table", async () => {
    // The count of the list, then eight bytes that are the same count again, all the way: every start is a chain.
    const count = 512;
    const bytes = Buffer.alloc(256_000);
    bytes.writeBigUInt64LE(0x112n, 0);
    for (let at = 16; at + 8 <= bytes.length; at += 8) bytes.writeBigUInt64LE(BigInt(count), at);
    expect((await rejectionOf(openArtifact(new Uint8Array(bytes)))).code).toMatch(/^artifact\./);
  });
});
