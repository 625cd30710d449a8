import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMaskDecoder, decodeMask, defineClasses, encodeMask, SegmentationError } from "../../src/masks.js";
import { decoderOf } from "../../src/mask/decoder/mask-decoder.js";

// Threads cannot read TypeScript: the worker's script is bundled here. The built one is tried in test/package.
const folder = mkdtempSync(join(tmpdir(), "semseg-worker-"));
const script = join(folder, "mask-worker.mjs");
beforeAll(async () => {
  const entry = [join(import.meta.dirname, "../../src/mask-worker.ts")];
  const output = { outDir: folder, outExtension: () => ({ js: ".mjs" }) };
  await build({ entry, ...output, config: false, format: "esm", platform: "node", silent: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classes = defineClasses(["background", "turtle", "crab"], { ignoreIndex: 200, colors: { crab: "#102030" } });
const start = () => new Worker(script, { execArgv: [] });
const maskOf = (index: number) => encodeMask({ width: 3, height: 2, data: Uint8Array.of(0, index, 1, 2, 200, 0) });

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

describe("createMaskDecoder", () => {
  it("decodes what decodeMask decodes, with and without classes", async () => {
    await using decoder = decoderOf(2, start);
    const png = maskOf(2);
    expect(await decoder.decode(png)).toEqual(decodeMask(png));
    const mask = await decoder.decode(png, { classes });
    expect(mask.data).toEqual(decodeMask(png, { classes }).data);
    expect(mask.classes).toBe(classes);
    expect(mask.nameAt(1, 0)).toBe("crab");
    // The caller's bytes are still there, those of a file that Node has read as well.
    expect(png[0]).toBe(0x89);
    const file = Buffer.concat([png]);
    expect(await decoder.decode(file)).toEqual(decodeMask(png));
    expect(file[0]).toBe(0x89);
    const large = Buffer.from(new Uint8Array(100_000));
    large.set(png);
    expect(await decoder.decode(large)).toEqual(decodeMask(png));
    expect(large).toHaveLength(100_000);
  });

  it("takes the options of decodeMask", async () => {
    await using decoder = decoderOf(1, start);
    const png = maskOf(7);
    expect([...(await decoder.decode(png, { classes, ignoreUnknown: true })).data]).toEqual([0, 200, 1, 2, 200, 0]);
    const colorMap = { "#ffffff": 5, "#2ca02c": 6, "#1f77b4": 7 };
    const colored = encodeMask({ width: 3, height: 1, data: Uint8Array.of(0, 1, 2) });
    expect([...(await decoder.decode(colored, { colorMap })).data]).toEqual([5, 6, 7]);
  });

  it("decodes many in order and takes few ahead", async () => {
    await using decoder = decoderOf(2, start);
    let taken = 0;
    const source = function* (): Generator<Uint8Array> {
      for (; taken < 40; taken++) {
        const size = (taken * 37) % 200;
        yield encodeMask({ width: size + 1, height: size + 1, data: new Uint8Array((size + 1) ** 2).fill(taken) });
      }
    };
    let read = 0;
    for await (const mask of decoder.decodeMany(source())) {
      expect(mask.data[0]).toBe(read++);
      expect(taken).toBeLessThanOrEqual(read + 4);
    }
    expect(read).toBe(40);
  });

  it("throws the errors that decodeMask throws", async () => {
    await using decoder = decoderOf(1, start);
    for (const [png, options] of [
      [maskOf(9), { classes, name: "a.png" }],
      [maskOf(1).subarray(0, 50), { classes }],
      [maskOf(1), { classes, maxPixels: 5 }],
    ] as const) {
      const error = await failureOf(decoder.decode(png, options));
      let expected: unknown;
      try {
        decodeMask(png, options);
      } catch (thrown) {
        expected = thrown;
      }
      if (!SegmentationError.is(error) || !SegmentationError.is(expected)) throw new Error("no error of ours");
      expect(error).toBeInstanceOf(SegmentationError);
      expect([error.code, error.message, error.details]).toEqual([expected.code, expected.message, expected.details]);
    }
    const noBytes = await failureOf(decoder.decode(maskOf(1), { colorMap: { red: 1 } }));
    expect(SegmentationError.is(noBytes, "input.invalid")).toBe(true);
    // And it goes on.
    expect((await decoder.decode(maskOf(1), { classes })).share("crab")).toBe(1 / 5);
  });

  it("stops on abort with the signal's reason", async () => {
    await using decoder = decoderOf(1, start);
    const abort = new AbortController();
    const reason = new Error("enough");
    const work = Array.from({ length: 5 }, () => failureOf(decoder.decode(maskOf(1), { signal: abort.signal })));
    abort.abort(reason);
    expect(await Promise.all(work)).toEqual(new Array(5).fill(reason));
    expect(await failureOf(decoder.decode(maskOf(1), { signal: abort.signal }))).toBe(reason);
    expect((await decoder.decode(maskOf(1))).width).toBe(3);
  });

  it("fails what is not decoded when it is closed", async () => {
    const decoder = decoderOf(1, start);
    const work = Array.from({ length: 5 }, () => failureOf(decoder.decode(maskOf(1))));
    await decoder.close();
    for (const error of await Promise.all(work)) expect(SegmentationError.is(error, "decoder.failed")).toBe(true);
    expect(SegmentationError.is(await failureOf(decoder.decode(maskOf(1))), "decoder.failed")).toBe(true);
    await decoder.close();
  });

  it("says so when a thread breaks down, and goes on with another", async () => {
    let broken = true;
    await using decoder = decoderOf(1, () => {
      if (!broken) return start();
      broken = false;
      const code = 'require("node:worker_threads").parentPort.once("message", () => { throw new RangeError("no"); })';
      return new Worker(code, { eval: true });
    });
    const error = await failureOf(decoder.decode(maskOf(1)));
    if (!SegmentationError.is(error, "decoder.failed")) throw new Error("no error of ours");
    expect(error.details).toEqual({ reason: "no" });
    expect(error.cause).toBeInstanceOf(RangeError);
    expect((await decoder.decode(maskOf(1))).width).toBe(3);
  });

  it("says so when no thread can be started, and when something cannot be sent", async () => {
    let starts = 0;
    await using decoder = decoderOf(1, () => {
      if (starts++ === 0) throw new Error("no memory for a thread");
      return start();
    });
    const error = await failureOf(decoder.decode(maskOf(1)));
    if (!SegmentationError.is(error, "decoder.failed")) throw new Error("no error of ours");
    expect(error.details).toEqual({ reason: "no memory for a thread" });
    // Three at once: the third waits in the queue and is sent when an answer comes.
    const name = (() => "a function") as unknown as string;
    const work = [decoder.decode(maskOf(1)), decoder.decode(maskOf(2)), decoder.decode(maskOf(1), { name })];
    const settled = await Promise.allSettled(work);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(settled[2]).toMatchObject({ reason: { code: "decoder.failed" } });
    expect((await decoder.decode(maskOf(1), { onDone: () => undefined } as object)).width).toBe(3);
  });

  it("refuses what decodeMask refuses before it is sent", async () => {
    await using decoder = decoderOf(1, start);
    const path = "a.png" as unknown as Uint8Array;
    expect(SegmentationError.is(await failureOf(decoder.decode(path)), "input.invalid")).toBe(true);
    const names = ["background"] as unknown as typeof classes;
    expect(SegmentationError.is(await failureOf(decoder.decode(maskOf(1), { classes: names })), "input.invalid")).toBe(
      true,
    );
  });

  it("refuses other numbers of workers", () => {
    for (const workers of [0, -1, 1.5, 65, NaN]) expect(() => createMaskDecoder({ workers })).toThrow(/1 to 64/);
    expect(createMaskDecoder().workers).toBeGreaterThan(0);
  });
});
