/**
 * The preparation of a dataset beside the script that downloads, renames and uploads (boto3), on the embedded backend:
 * `npm run bench:dataset -- --images 1000,10000`. Bytes are those that go through the client's connections.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import jpeg from "jpeg-js";
import { build } from "tsup";
import { mapConcurrently } from "../src/core/concurrency.js";
import { seededRandom } from "../src/core/random.js";
import { startLocal } from "../src/local.js";
import { encodeMask } from "../src/mask/encode-mask.js";

interface Outcome {
  readonly seconds: number;
  readonly megabytes: number;
  readonly images: number;
  readonly wire: number;
}

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "1000,10000" },
    threads: { type: "boolean", default: false },
    alone: { type: "boolean", default: false },
  },
});
const work = join(import.meta.dirname, "work");
mkdirSync(work, { recursive: true });
const python = boto3Python();
const script = await bundled();
const [width, height] = [400, 300];

console.log("images  way                        seconds   MB wire   MB peak");
for (const count of values.images.split(",").map(Number)) {
  const directory = await mkdtemp(join(tmpdir(), "bench-dataset-"));
  const local = await startLocal({ directory, seed: 1 });
  const gate = await counting(Number(new URL(local.url).port));
  try {
    await local.session({ workspace: "s3://work/" }).store.head("s3://work/nothing");
    await fill(local.session({ workspace: "s3://photos/" }).store, count);
    const show = (way: string, { seconds, megabytes, wire }: Outcome): void =>
      console.log(
        `${String(count).padStart(6)}  ${way.padEnd(24)}  ${seconds.toFixed(1).padStart(8)}  ${(wire / 1e6).toFixed(1).padStart(8)}  ${megabytes.toFixed(0).padStart(8)}`,
      );
    const ours = await run(process.execPath, [script, gate.url, "ours"], gate);
    show("sagemaker-semseg", ours);
    if (values.alone) continue;
    if (python === undefined) {
      console.log("        boto3 script              MISSING (no Python with boto3)");
      continue;
    }
    const peer = await run(python, [join(import.meta.dirname, "dataset_peer.py"), gate.url, "1"], gate);
    show("boto3 script", peer);
    if (values.threads) {
      show(
        "boto3 script, 16 threads",
        await run(python, [join(import.meta.dirname, "dataset_peer.py"), gate.url, "16"], gate),
      );
    }
    const verdict = (good: boolean): string => (good ? "holds" : "MISSED");
    console.log(
      `        bytes ${(peer.wire / ours.wire).toFixed(1)}x fewer (at least 10: ${verdict(peer.wire >= 10 * ours.wire)}),`,
    );
    console.log(
      `        ${(peer.seconds / ours.seconds).toFixed(1)}x faster (at least 5: ${verdict(peer.seconds >= 5 * ours.seconds)}),`,
    );
    console.log(`        peak memory ${ours.megabytes.toFixed(0)} MB (below 200: ${verdict(ours.megabytes < 200)})`);
  } finally {
    gate.close();
    await local.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Photographs of some 150 KB with masks of two shapes. */
async function fill(
  store: ReturnType<Awaited<ReturnType<typeof startLocal>>["session"]>["store"],
  count: number,
): Promise<void> {
  const random = seededRandom(1);
  // Noise in 24 pictures; all others are these with another comment, so that no two files are equal.
  const pictures = Array.from({ length: 24 }, () => {
    const data = Buffer.alloc(width * height * 4);
    for (let at = 0; at < data.length; at++) data[at] = random() * 256;
    return jpeg.encode({ width, height, data }, 85).data;
  });
  const masks = Array.from({ length: 24 }, (_, n) => {
    const data = new Uint8Array(width * height);
    for (let at = 0; at < data.length; at++) {
      const [x, y] = [at % width, Math.floor(at / width)];
      data[at] = Math.hypot(x - 120 - n * 4, y - 130) < 70 ? 1 : x > 300 && y > 40 + n ? 2 : 0;
    }
    return encodeMask({ width, height, data }, { kind: "palette", compression: "small" });
  });
  await mapConcurrently([...Array(count).keys()], 16, async (at) => {
    const picture = pictures[at % 24]!;
    const comment = Buffer.from([0xff, 0xfe, 0, 6, at >> 24, at >> 16, at >> 8, at]);
    const file = Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]);
    await store.write(`s3://photos/images/img${at}.jpg`, file);
    await store.write(`s3://photos/masks/img${at}.png`, masks[at % 24]!);
  });
}

interface Gate {
  readonly url: string;
  bytes: number;
  close(): void;
}

/**
 * Passes connections on and counts what goes through, both ways. The backend answers to its own loopback addresses only,
 * of which it listens on one; the counter takes its port on the other.
 */
async function counting(port: number): Promise<Gate> {
  const server = createServer((client) => {
    const backend = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      from.on("data", (part) => (gate.bytes += part.length));
      from.pipe(to);
      from.on("error", () => to.destroy());
    }
  });
  server.listen(port, "::1");
  await once(server, "listening");
  const gate: Gate = {
    url: `http://[::1]:${port}`,
    bytes: 0,
    close: () => void server.close(),
  };
  return gate;
}

async function run(command: string, args: readonly string[], gate: Gate): Promise<Outcome> {
  gate.bytes = 0;
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], env });
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code ?? "a signal"}`);
  return { ...(JSON.parse(said) as Omit<Outcome, "wire">), wire: gate.bytes };
}

async function bundled(): Promise<string> {
  await build({
    entry: { "dataset-run": join(import.meta.dirname, "dataset-run.ts") },
    outDir: join(work, "dataset"),
    format: "cjs",
    noExternal: [/^@aws-sdk|^@smithy|^@streamparser/],
    config: false,
    silent: true,
    splitting: false,
  });
  return join(work, "dataset", "dataset-run.cjs");
}

/** Makes a Python environment with boto3 when there is none. */
function boto3Python(): string | undefined {
  const folder = join(work, "dataset-venv");
  const windows = process.platform === "win32";
  const path = join(folder, windows ? "Scripts" : "bin", windows ? "python.exe" : "python");
  try {
    if (!existsSync(path)) execFileSync(windows ? "python" : "python3", ["-m", "venv", folder]);
    const has = ["-c", "import boto3"];
    try {
      execFileSync(path, has, { stdio: "ignore" });
    } catch {
      execFileSync(path, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "boto3"]);
    }
    return path;
  } catch {
    return undefined;
  }
}
