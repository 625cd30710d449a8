import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ContainerError } from "../../../src/local/contracts.js";
import { learner } from "../../../src/local/learner/index.js";
import { writeTar } from "../../../src/codec/tar/write-tar.js";
import { readTar } from "../../../src/local/learner/tar.js";
import { trainingRun } from "../../support/training-samples.js";

let artifact: Uint8Array;
beforeAll(async () => {
  artifact = await learner.train(trainingRun({}, { epochs: "1" }).run);
});

const pack = (files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  gzipSync(writeTar(Object.entries(files).map(([name, data]) => ({ name, data }))));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("model.tar.gz", () => {
  it("holds exactly the three files of the algorithm, and nothing of the clock or the machine", () => {
    expect([...readTar(gunzipSync(artifact)).keys()]).toEqual([
      "hyperparams.json",
      "model_algo-1",
      "model_best.params",
    ]);
    // RFC 1952: MTIME 0 (bytes 4 to 7), OS 255 "unknown" (byte 9).
    expect([...artifact.subarray(4, 8), artifact[9]]).toEqual([0, 0, 0, 0, 255]);
    const settings = JSON.parse(
      new TextDecoder().decode(readTar(gunzipSync(artifact)).get("hyperparams.json")),
    ) as unknown;
    expect(settings).toMatchObject({ algorithm: "fcn", backbone: "resnet-50", num_classes: "3", epochs: "1" });
  });

  it("is a POSIX archive: names, octal sizes, checksums and 512-byte blocks where the standard has them", () => {
    const tar = gunzipSync(artifact);
    expect(tar.length % 512).toBe(0);
    expect(tar.subarray(257, 265).toString("latin1")).toBe("ustar\u000000");
    const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    expect(Number.parseInt(tar.subarray(148, 154).toString("latin1"), 8)).toBe(sum);
    const size = Number.parseInt(tar.subarray(124, 135).toString("latin1"), 8);
    expect(JSON.parse(tar.subarray(512, 512 + size).toString())).toBeTypeOf("object");
  });

  it("is served from the best epoch's weights, or the last one's when those are missing", async () => {
    const files = readTar(gunzipSync(artifact));
    const last = files.get("model_algo-1")!;
    expect((await learner.open(pack({ "./model_algo-1": last }))).classes).toBe(3);
    await expect(learner.open(pack({ "model_algo-1": last, "model_best.params": text("x") }))).rejects.toThrow(
      "not those of the embedded learner",
    );
  });
});

describe("foreign and damaged artifacts", () => {
  it("names MXNet weights as what they are", async () => {
    // A list of MXNet arrays begins with 0x112 and a reserved 0, both 64 bits.
    const mxnet = Uint8Array.of(0x12, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    await expect(learner.open(pack({ "model_best.params": mxnet }))).rejects.toThrow("MXNet");
  });

  it("says what is wrong", async () => {
    const tar = gunzipSync(artifact);
    await expect(learner.open(new Uint8Array())).rejects.toThrow("no whole gzip file");
    await expect(learner.open(artifact.subarray(0, 1000))).rejects.toThrow("no whole gzip file");
    await expect(learner.open(gzipSync(tar.subarray(0, 9000)))).rejects.toThrow("cut off at byte");
    await expect(learner.open(pack({ "readme.txt": text("hello") }))).rejects.toThrow(
      "neither model_best.params nor model_algo-1",
    );
    const damaged = Buffer.from(tar);
    damaged[3]! ^= 1;
    await expect(learner.open(gzipSync(damaged))).rejects.toThrow("a header is damaged at byte 0");
    await expect(learner.open(gzipSync(tar.subarray(0, tar.length - 1024)))).rejects.toThrow("it has no end");
  });

  it("does not unpack bombs", async () => {
    const bomb = gzipSync(new Uint8Array(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    await expect(learner.open(bomb)).rejects.toThrow("limit 67108864 bytes");
  });

  it("never fails with anything but a ContainerError, nor hangs, on damaged weights and archives", async () => {
    const tar = gunzipSync(artifact);
    const start = tar.indexOf("semseg embedded");
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.oneof(fc.nat(tar.length - 1), fc.integer({ min: start, max: start + 60 }), fc.nat(512)),
            fc.nat(255),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        fc.nat(tar.length),
        async (changes, length) => {
          const mutant = Buffer.from(tar.subarray(0, length));
          for (const [at, value] of changes) if (at < length) mutant[at] = value;
          await learner.open(gzipSync(mutant, { level: 0 })).catch((error: unknown) => {
            expect(error).toBeInstanceOf(ContainerError);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
