import { spawn } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SegmentationError } from "../../../src/index.js";
import { openObjects } from "../../../src/local/store/index.js";
import { freshFolder } from "../../support/local-s3.js";

let directory: string;
beforeEach(async () => {
  directory = await freshFolder();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();
const folder = (...parts: string[]): string => join(directory, "s3", "bucket", ...parts);

async function withBucket(): Promise<Awaited<ReturnType<typeof openObjects>>> {
  const objects = await openObjects(directory);
  await objects.createBucket("bucket");
  return objects;
}

const strangeKeys = [
  "photos/cat.jpg",
  "photos/Cat.jpg", // one file where case does not count
  "a",
  "a/",
  "a/b", // needs a folder where "a" is a file
  "a//b",
  "..",
  "../../escape",
  "/absolute",
  ".hidden",
  "CON",
  "s".repeat(1024),
  "t: 1",
  "ü/😀",
  "u\u0308/😀", // the same letters in another normal form
  "line\nend",
  "%2e%2e",
];

describe("openObjects", () => {
  it("keeps ordinary keys as ordinary files", async () => {
    const objects = await withBucket();
    await objects.put("bucket", "photos/cat.jpg", Buffer.from("meow"));
    expect(await readFile(folder("objects", "photos", "cat.jpg"), "utf8")).toBe("meow");
  });

  it("keeps every legal key apart, also after a restart, and leaves nothing when all are deleted", async () => {
    const objects = await withBucket();
    for (const key of strangeKeys) await objects.put("bucket", key, Buffer.from(key));
    const again = await openObjects(directory);
    for (const key of strangeKeys) expect(text(await again.read("bucket", key))).toBe(key);
    expect((await again.list("bucket")).map(({ key }) => key)).toEqual(
      [...strangeKeys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))),
    );
    for (const key of strangeKeys) await again.delete("bucket", key);
    expect(await readdir(folder("objects"))).toEqual([]);
    expect(await readdir(folder("staging"))).toEqual([]);
    expect(await readdir(directory)).toEqual(["s3"]);
  });

  it.each(["", "k".repeat(1025), "a\u0000b", "\ud800"])("refuses the key %j", async (key) => {
    const objects = await withBucket();
    const error: unknown = await objects.put("bucket", key, Buffer.from("x")).catch((reason: unknown) => reason);
    expect(SegmentationError.is(error, "input.invalid")).toBe(true);
  });

  it("gives size, ETag and type of an object", async () => {
    const objects = await withBucket();
    await objects.put("bucket", "k", Buffer.from("hello"), { contentType: "image/png" });
    // MD5 of "hello", RFC 1321 by any tool
    const etag = "5d41402abc4b2a76b9719d911017c592";
    expect(await objects.head("bucket", "k")).toMatchObject({ size: 5, etag, contentType: "image/png" });
    expect(await objects.head("bucket", "other")).toBeUndefined();
    expect(await objects.read("bucket", "other")).toBeUndefined();
  });

  it("refuses to write into a bucket that is not there", async () => {
    const objects = await openObjects(directory);
    const error: unknown = await objects.put("none", "k", Buffer.from("x")).catch((reason: unknown) => reason);
    expect(SegmentationError.is(error, "input.invalid")).toBe(true);
  });

  it("makes way for a file of somebody else", async () => {
    const objects = await withBucket();
    await mkdir(folder("objects", "k", "mine"), { recursive: true });
    await objects.put("bucket", "k", Buffer.from("ours"));
    expect(text(await (await openObjects(directory)).read("bucket", "k"))).toBe("ours");
  });

  it("takes a file removed by hand for a deleted object, and says when one was changed", async () => {
    const objects = await withBucket();
    await objects.put("bucket", "gone", Buffer.from("x"));
    await objects.put("bucket", "changed", Buffer.from("x"));
    await rm(folder("objects", "gone"));
    await appendFile(folder("objects", "changed"), "more");
    expect(await objects.read("bucket", "gone")).toBeUndefined();
    expect(await objects.list("bucket")).toHaveLength(1);
    const error: unknown = await objects.read("bucket", "changed").catch((reason: unknown) => reason);
    expect(SegmentationError.is(error, "local.state")).toBe(true);
  });

  it("shows a reader the old bytes or the new ones, never a mixture", async () => {
    const objects = await withBucket();
    const bodies = [Buffer.alloc(300_000, "a"), Buffer.alloc(200_000, "b")];
    await objects.put("bucket", "k", bodies[0]!);
    const writing = { on: true };
    const writer = (async () => {
      for (let i = 1; i <= 40; i++) await objects.put("bucket", "k", bodies[i % 2]!);
      writing.on = false;
    })();
    while (writing.on) {
      const body = Buffer.from((await objects.read("bucket", "k"))!);
      expect(bodies.some((whole) => whole.equals(body))).toBe(true);
    }
    await writer;
  });
});

describe("after a kill", () => {
  /** What a kill between the journal line and the move leaves: the bytes still in staging. */
  async function cutBeforeMove(): Promise<void> {
    const objects = await withBucket();
    await objects.put("bucket", "k", Buffer.from("old"));
    const line = JSON.parse((await readFile(folder("journal.jsonl"), "utf8")).trim()) as { put: object };
    const put = { ...line.put, size: 3, etag: "22af645d1859cb5ca6da0c484f1f37ea", staged: "some-name" }; // MD5 of "new"
    await writeFile(folder("staging", "some-name"), "new");
    await appendFile(folder("journal.jsonl"), JSON.stringify({ put }) + "\n");
  }

  it("finishes a write whose line was written", async () => {
    await cutBeforeMove();
    const objects = await openObjects(directory);
    expect(text(await objects.read("bucket", "k"))).toBe("new");
    expect((await objects.head("bucket", "k"))?.etag).toBe("22af645d1859cb5ca6da0c484f1f37ea");
  });

  it("forgets a write whose line was cut, with its bytes", async () => {
    await cutBeforeMove();
    const journal = await readFile(folder("journal.jsonl"));
    await writeFile(folder("journal.jsonl"), journal.subarray(0, -20));
    const objects = await openObjects(directory);
    expect(text(await objects.read("bucket", "k"))).toBe("old");
    expect(await readdir(folder("staging"))).toEqual([]);
    await objects.put("bucket", "k", Buffer.from("newer")); // the cut line is not glued to the next
    expect(text(await (await openObjects(directory)).read("bucket", "k"))).toBe("newer");
  });

  it("finishes a delete whose line was written", async () => {
    const objects = await withBucket();
    await objects.put("bucket", "a/k", Buffer.from("old"));
    await appendFile(folder("journal.jsonl"), JSON.stringify({ delete: "a/k" }) + "\n");
    expect(await (await openObjects(directory)).list("bucket")).toEqual([]);
    await expect(readFile(folder("objects", "a", "k"))).rejects.toThrow("ENOENT");
  });

  it("says which line of which file is damaged", async () => {
    await withBucket();
    await writeFile(folder("journal.jsonl"), "{}garbage\n");
    const error: unknown = await openObjects(directory).catch((reason: unknown) => reason);
    expect(SegmentationError.is(error, "local.state")).toBe(true);
  });

  it("loses nothing that was acknowledged and shows nothing by halves, killed at random moments", async () => {
    const objects = pathToFileURL(join(import.meta.dirname, "../../../src/local/store/index.ts")).href;
    const script = join(directory, "writer.mts");
    const data = join(directory, "data");
    // Every body says its own number in each byte, so that a mixture would show.
    await writeFile(
      script,
      `import { openObjects } from ${JSON.stringify(objects)};
       const objects = await openObjects(${JSON.stringify(data)});
       await objects.createBucket("bucket");
       const first = Number(process.argv[2]);
       for (let i = first; ; i++) {
         const key = "k/" + (i % 5);
         await objects.put("bucket", key, Buffer.alloc(50_000 + i, i % 256));
         process.stdout.write(i + "\\n");
         if (i % 7 === 6) await objects.delete("bucket", "k/" + ((i + 2) % 5));
       }`,
    );
    let next = 0;
    for (const life of [30, 55, 80]) {
      const child = spawn(process.execPath, ["--import", "tsx", script, String(next)], {
        stdio: ["ignore", "pipe", "inherit"],
        cwd: join(import.meta.dirname, "../../.."),
      });
      let said = "";
      for await (const part of child.stdout as AsyncIterable<Buffer>) {
        said += part.toString();
        if (said.split("\n").length > life) child.kill("SIGKILL");
      }
      const last = Math.max(...said.split("\n").slice(0, -1).map(Number));
      const store = await openObjects(data);
      const listed = await store.list("bucket");
      for (const { key, size } of listed) {
        const body = Buffer.from((await store.read("bucket", key))!);
        expect(body.length).toBe(size);
        expect(body.equals(Buffer.alloc(size, (size - 50_000) % 256))).toBe(true);
      }
      const written = listed.find(({ key }) => key === `k/${last % 5}`);
      expect(written?.size).toBeGreaterThanOrEqual(50_000 + last);
      expect(await readdir(join(data, "s3", "bucket", "staging"))).toEqual([]);
      next = last + 3;
    }
  });
});
