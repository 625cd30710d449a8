import { describe, expect, it } from "vitest";
import { inputManifest, writeInputManifest } from "../../src/manifest/input-manifest.js";
import type { InputImage } from "../../src/manifest/input-manifest.js";
import { memoryStore } from "../support/memory-store.js";

async function text(images: Iterable<InputImage> | AsyncIterable<InputImage>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of inputManifest(images)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("inputManifest", () => {
  it("writes one object for each image, extra keys after the image", async () => {
    const images = [
      "s3://bucket/a b.jpg",
      { uri: 's3://bucket/"ü".png', extra: { split: "train", "x-metadata": { n: 1 }, __proto__: 1 } },
    ];
    expect(await text(images)).toBe(
      '{"source-ref":"s3://bucket/a b.jpg"}\n{"source-ref":"s3://bucket/\\"ü\\".png","split":"train","x-metadata":{"n":1}}\n',
    );
    expect(await text([])).toBe("");
  });

  it("streams: 100,000 images need no more than a chunk at a time", async () => {
    async function* many(): AsyncGenerator<string> {
      for (let at = 0; at < 100_000; at++) yield await Promise.resolve(`s3://bucket/images/${at}.jpg`);
    }
    let lines = 0;
    let longest = 0;
    for await (const chunk of inputManifest(many())) {
      longest = Math.max(longest, chunk.length);
      lines += chunk.filter((byte) => byte === 10).length;
    }
    expect(lines).toBe(100_000);
    expect(longest).toBeLessThan(70_000);
  });

  it.each<[string, InputImage, string]>([
    ["no S3 address", "http://bucket/a.jpg", "s3.uri"],
    ["a bucket alone", "s3://bucket", "s3.uri"],
    ["a reserved key", { uri: "s3://bucket/a.jpg", extra: { "source-ref": "x" } }, "input.invalid"],
    ["a key that begins with $", { uri: "s3://bucket/a.jpg", extra: { $x: 1 } }, "input.invalid"],
    ["a long value", { uri: "s3://bucket/a.jpg", extra: { x: "y".repeat(20_000) } }, "input.invalid"],
    [
      "a long line",
      {
        uri: "s3://bucket/a.jpg",
        extra: Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`k${at}`, "y".repeat(19_000)])),
      },
      "input.invalid",
    ],
  ])("refuses %s", async (_, image, code) => {
    await expect(text([image])).rejects.toMatchObject({ code });
  });

  it("writes to the store, counts, and leaves nothing behind when the source fails", async () => {
    const store = memoryStore();
    const uri = "s3://bucket/input.manifest";
    expect(await writeInputManifest(store, uri, ["s3://bucket/1.jpg", "s3://bucket/2.jpg"])).toBe(2);
    expect(Buffer.from(store.objects.get(uri)!).toString()).toBe(
      '{"source-ref":"s3://bucket/1.jpg"}\n{"source-ref":"s3://bucket/2.jpg"}\n',
    );
    store.objects.clear();
    const reason = new RangeError("enough");
    const write = writeInputManifest(store, uri, ["s3://bucket/1.jpg"], { signal: AbortSignal.abort(reason) });
    await expect(write).rejects.toBe(reason);
    await expect(writeInputManifest(store, uri, ["s3://bucket/1.jpg", "nonsense"])).rejects.toMatchObject({
      code: "s3.uri",
    });
    expect(store.objects.size).toBe(0);
  });
});
