import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMask } from "../../src/mask/mask-value.js";
import { defineClasses } from "../../src/mask/classes.js";
import { startLocal } from "../../src/local.js";
import type { LocalBackend } from "../../src/local.js";
import type { Session } from "../../src/session.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "turtle"]);
const image = jpegBytes({ width: 8, height: 6 });
const maskOf = (n: number): Uint8Array =>
  createMask(
    8,
    6,
    Uint8Array.from({ length: 48 }, (_, at) => (at < 5 + n ? 1 : 0)),
    classes,
  ).toPng();

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("over HTTP, with the real client", () => {
  let directory: string;
  let local: LocalBackend;
  let session: Session;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "dataset-journey-"));
    local = await startLocal({ directory });
    session = local.session({ workspace: "s3://shapes/run-1" });
  });
  afterAll(async () => {
    await local.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("uploads, is interrupted, resumes after a restart of the backend, and is opened by its address", async () => {
    // Keys as people have them.
    const names = Array.from({ length: 30 }, (_, n) => `Größe ${n}+a & b (${n}) 100%`);
    for (const [n, name] of names.entries()) {
      await session.store.write(`s3://shapes/in/images/${name}.jpg`, image);
      await session.store.write(`s3://shapes/in/masks/${name}.png`, maskOf(n));
    }
    const build = (from: Session) =>
      from
        .dataset(classes)
        .pairs({ images: "s3://shapes/in/images/", masks: "s3://shapes/in/masks/" })
        .split({ seed: 7 });

    const controller = new AbortController();
    const reason = new Error("the laptop was closed");
    const interrupted = build(session).upload({
      signal: controller.signal,
      progress: ({ task, done }) => {
        if (task === "upload dataset" && done === 10) controller.abort(reason);
      },
    });
    await expect(interrupted).rejects.toBe(reason);
    const partial = await all(session.store.list("s3://shapes/run-1/dataset/"));
    expect(partial.length).toBeGreaterThan(0);
    expect(partial.map(({ uri }) => uri)).not.toContain("s3://shapes/run-1/dataset/dataset.json");
    expect((await rejectionOf(session.datasetAt("s3://shapes/run-1/dataset/", classes))).code).toBe("dataset.receipt");

    await local.close();
    local = await startLocal({ directory });
    session = local.session({ workspace: "s3://shapes/run-1" });
    let skipped = "";
    const dataset = await build(session).upload({ progress: ({ detail }) => (skipped = detail ?? skipped) });
    expect(skipped).toMatch(/^[1-9]\d* were there$/);
    expect(dataset.counts).toEqual({ train: 24, validation: 6 });

    const opened = await session.datasetAt("s3://shapes/run-1/dataset", classes);
    const samples = [...(await all(opened.train)), ...(await all(opened.validation))];
    expect(samples).toHaveLength(30);
    const found: string[] = [];
    for (const sample of samples) {
      expect(sample.name).toMatch(/^[A-Za-z0-9_-]+\.jpg$/);
      expect(Buffer.from(await sample.image()).equals(image)).toBe(true);
      found.push(String((await sample.mask()).counts().turtle));
    }
    expect(found.sort()).toEqual(names.map((_, n) => String(5 + n)).sort());
  });

  it("changes nothing when a mask is bad", async () => {
    await session.store.write("s3://shapes/bad/images/a.jpg", image);
    await session.store.write("s3://shapes/bad/images/b.jpg", image);
    await session.store.write("s3://shapes/bad/masks/a.png", maskOf(1));
    await session.store.write("s3://shapes/bad/masks/b.png", maskOf(1).subarray(0, 60));
    const builder = session
      .dataset(classes)
      .pairs({ images: "s3://shapes/bad/images/", masks: "s3://shapes/bad/masks/" })
      .to("s3://shapes/run-bad/");
    expect((await rejectionOf(builder.upload())).code).toBe("dataset.mask");
    expect(await all(session.store.list("s3://shapes/run-bad/"))).toEqual([]);
  });

  it("says that a prefix is empty", async () => {
    const builder = session.dataset(classes).pairs({ images: "s3://shapes/none/", masks: "s3://shapes/none/" });
    expect((await rejectionOf(builder.upload())).code).toBe("dataset.empty");
    const nowhere = session
      .dataset(classes)
      .pairs({ images: "s3://no-such-bucket/a/", masks: "s3://no-such-bucket/b/" });
    expect((await rejectionOf(nowhere.upload())).code).toBe("aws.not-found");
  });

  it("keeps every legal key apart, and streams in parts", async () => {
    const { store } = session;
    const keys = ["k", "k/", "k//x", "k/x", "k/../y", "ü+ %2F&", "日本/🐢"];
    for (const key of keys) await store.write(`s3://shapes/keys/${key}`, new TextEncoder().encode(key));
    const listed = (await all(store.list("s3://shapes/keys/"))).map(({ uri }) => uri.slice("s3://shapes/keys/".length));
    expect([...listed].sort()).toEqual([...keys].sort());
    for (const key of keys) {
      await store.copy(`s3://shapes/keys/${key}`, `s3://shapes/copies/${key}`);
      expect(new TextDecoder().decode(await store.read(`s3://shapes/copies/${key}`))).toBe(key);
    }
    const big = async function* (): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 18; at++) {
        await Promise.resolve();
        yield new Uint8Array(1_000_000).fill(at);
      }
    };
    await store.write("s3://shapes/big", big());
    expect((await store.head("s3://shapes/big"))?.size).toBe(18_000_000);
    let [size, sum] = [0, 0];
    for await (const chunk of store.stream("s3://shapes/big")) {
      size += chunk.length;
      sum += chunk.reduce((total, byte) => total + byte, 0);
    }
    expect([size, sum]).toEqual([18_000_000, 153_000_000]);
    expect(await store.read("s3://shapes/big", { bytes: 3 })).toEqual(Uint8Array.of(0, 0, 0));
  });

  it("ends reading with the signal's own reason in the middle of a body", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const reading = (async () => {
      for await (const chunk of session.store.stream("s3://shapes/big", { signal: controller.signal })) {
        expect(chunk.length).toBeGreaterThan(0);
        controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
  });
});
