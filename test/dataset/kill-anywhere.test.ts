import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import type { ObjectStore } from "../../src/core/object-store.js";
import { startLocal } from "../../src/local.js";
import type { LocalBackend } from "../../src/local.js";
import { jpegBytes } from "../support/jpeg-bytes.js";
import { pngBytes } from "../support/png-bytes.js";

/** Random kill points of all runs; every one is a process that dies by SIGKILL. */
const killPoints = 50;
const images = 12;

let folder = "";
let script = "";
let local: LocalBackend;
let store: ObjectStore;

/** A proxy that counts what was stored: answered by the backend with 200, whether or not the sender lived to hear it. */
interface Gate {
  readonly url: string;
  /** Objects stored, by key, since the last `clear`. */
  readonly stored: Map<string, number>;
  /** Masks and images that were read. */
  readonly read: string[];
  /** Resolves when no request is under way. */
  idle(): Promise<void>;
  close(): void;
}

async function openGate(target: string): Promise<Gate> {
  const stored = new Map<string, number>();
  const read: string[] = [];
  let open = 0;
  const server = createServer((asked, answer) => {
    const path = decodeURIComponent((asked.url ?? "").split("?")[0] ?? "");
    const body: Buffer[] = [];
    let whole = false;
    asked.on("data", (part: Buffer) => body.push(part));
    asked.on("end", () => {
      whole = true;
      open++;
      const to = new URL(asked.url ?? "/", target);
      const headers = { ...asked.headers, host: to.host };
      const forward = httpRequest(to, { method: asked.method, headers }, (got) => {
        const parts: Buffer[] = [];
        got.on("data", (part: Buffer) => parts.push(part));
        got.on("end", () => {
          open--;
          if (asked.method === "PUT" && got.statusCode === 200) stored.set(path, (stored.get(path) ?? 0) + 1);
          if (asked.method === "GET" && got.statusCode !== 404 && path.includes("/masks/")) read.push(path);
          answer.writeHead(got.statusCode ?? 500, got.headers);
          answer.end(Buffer.concat(parts));
        });
      });
      forward.on("error", () => {
        open--;
        answer.destroy();
      });
      forward.end(Buffer.concat(body));
    });
    // A sender that was killed half way has sent nothing: the backend never hears of it.
    asked.on("error", () => whole);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stored,
    read,
    async idle() {
      while (open > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Runs the upload; resolves to what it printed, or `undefined` when it was killed. */
async function run(url: string, ...args: readonly string[]): Promise<{ requests: number } | undefined> {
  const child = spawn(process.execPath, [script, url, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (signal === "SIGKILL") return undefined;
  expect(code).toBe(0);
  return JSON.parse(said) as { requests: number };
}

async function contents(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { uri } of store.list("s3://work/run/")) {
    found.set(uri, Buffer.from(await store.read(uri)).toString("base64"));
  }
  return found;
}

/** Empties the workspace; the port has no deletion, the backend's own session goes round it. */
async function emptied(): Promise<void> {
  const { DeleteObjectCommand, ListObjectsV2Command, S3Client } = await import("@aws-sdk/client-s3");
  const s3 = new S3Client({
    endpoint: local.url,
    region: local.region,
    forcePathStyle: true,
    credentials: local.credentials,
  });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "work" }));
  await Promise.all(Contents.map(({ Key }) => s3.send(new DeleteObjectCommand({ Bucket: "work", Key: Key ?? "" }))));
  s3.destroy();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kill-anywhere-"));
  await build({
    entry: { upload: join(import.meta.dirname, "../support/upload-process.ts") },
    outDir: folder,
    format: "cjs",
    noExternal: [/^[^.]/],
    config: false,
    silent: true,
    splitting: false,
    dts: false,
  });
  script = join(folder, "upload.cjs");
  local = await startLocal({ directory: join(folder, "backend"), seed: 1 });
  // The first call makes the bucket.
  await local.session({ workspace: "s3://work/" }).store.head("s3://work/nothing");
  store = local.session({ workspace: "s3://photos/" }).store;
  for (let at = 0; at < images; at++) {
    await store.write(`s3://photos/images/beach/img ${at}.jpg`, jpegBytes({ width: 8, height: 4, padding: 2000 + at }));
    const samples = Array.from({ length: 32 }, (_, pixel) => (pixel % 5 === at % 5 ? 1 : 0));
    await store.write(
      `s3://photos/masks/beach/img ${at}.png`,
      pngBytes({ width: 8, height: 4, colorType: 0, samples }),
    );
  }
}, 120_000);

afterAll(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

describe("an upload that is killed anywhere", () => {
  it(
    `equals one that was not, and sends nothing again that had arrived (${killPoints} kills)`,
    { timeout: 300_000 },
    async () => {
      const gate = await openGate(local.url);
      try {
        const whole = await run(gate.url, "-");
        const expected = await contents();
        expect(expected.size).toBe(2 * images + 1);
        const random = seededRandom("kill-anywhere");
        let killed = 0;
        for (let upload = 0; killed < killPoints; upload++) {
          await emptied();
          gate.stored.clear();
          gate.read.length = 0;
          // Every other upload keeps a journal.
          const journal = upload % 2 === 0 ? "-" : join(folder, `journal-${upload}.jsonl`);
          for (let finished = false; !finished;) {
            const at = 1 + Math.floor(random() * (whole?.requests ?? 1));
            const phase = random() < 0.3 ? "before" : random() < 0.5 ? "after" : String(Math.floor(random() * 12));
            finished = (await run(gate.url, journal, String(at), phase)) !== undefined;
            await gate.idle();
            if (!finished) killed++;
          }
          expect(await contents()).toEqual(expected);
          const again = [...gate.stored].filter(([, times]) => times > 1);
          expect(again).toEqual([]);
          expect(gate.stored.size).toBe(expected.size);
        }
        expect(killed).toBeGreaterThanOrEqual(killPoints);
      } finally {
        gate.close();
      }
    },
  );

  it("reads no mask again that its journal knows, also after a line that was cut", { timeout: 60_000 }, async () => {
    const gate = await openGate(local.url);
    try {
      await emptied();
      const journal = join(folder, "journal.jsonl");
      await run(gate.url, journal);
      expect(new Set(gate.read).size).toBe(images);
      const text = await readFile(journal, "utf8");
      await writeFile(journal, text.slice(0, -20));
      await emptied();
      gate.read.length = 0;
      await run(gate.url, journal);
      // Each is read once, for its file to be written: the check of the cut line keeps what it has read.
      expect(gate.read).toHaveLength(images);
      gate.read.length = 0;
      await run(gate.url, journal);
      expect(gate.read).toEqual([]);
    } finally {
      gate.close();
    }
  });
});
