import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { freshFolder } from "./support/local-s3.js";

const root = join(import.meta.dirname, "..");

interface Running {
  readonly process: ChildProcess;
  readonly said: { out: string; err: string };
  readonly ended: Promise<number | null>;
}

function start(...argv: string[]): Running {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli.ts", ...argv], { cwd: root });
  const said = { out: "", err: "" };
  child.stdout.on("data", (part: Buffer) => (said.out += part.toString()));
  child.stderr.on("data", (part: Buffer) => (said.err += part.toString()));
  return { process: child, said, ended: once(child, "close").then(([code]) => code as number | null) };
}

/** Starts the backend and waits for its address. */
async function startBackend(directory: string): Promise<Running & { readonly s3: S3Client }> {
  const running = start("local", "--port", "0", "--directory", directory, "--region", "eu-west-1");
  while (!running.said.out.includes("Ctrl+C")) {
    await Promise.race([once(running.process.stdout!, "data"), running.ended]);
    if (running.process.exitCode !== null) throw new Error(`ended: ${running.said.err}`);
  }
  const endpoint = /export AWS_ENDPOINT_URL=(http:\/\/127\.0\.0\.1:\d+)/.exec(running.said.out)?.[1] ?? "";
  const credentials = { accessKeyId: "any", secretAccessKey: "any" };
  return { ...running, s3: new S3Client({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 }) };
}

describe("sagemaker-semseg", () => {
  it("explains itself", async () => {
    const help = start("--help");
    const version = start("--version");
    expect([await help.ended, await version.ended]).toEqual([0, 0]);
    expect(help.said.out).toContain("sagemaker-semseg local [options]");
    expect(version.said.out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("bears that nobody reads what it says", async () => {
    const help = start("--help");
    help.process.stdout?.destroy();
    expect(await help.ended).toBe(0);
    expect(help.said.err).not.toContain("EPIPE");
  });

  it("refuses what it does not know with code 2 and the usage", async () => {
    const runs = [start(), start("serve"), start("local", "--nope"), start("local", "--port", "70000")];
    for (const run of runs) {
      expect(await run.ended).toBe(2);
      expect(run.said.err).toContain("Usage: sagemaker-semseg");
      expect(run.said.out).toBe("");
    }
  });

  // Windows has no signals that a process can answer.
  it.skipIf(process.platform === "win32")(
    "serves, stops on a signal with code 0, and finds its objects again",
    async () => {
      const directory = await freshFolder();
      const Bucket = "kept";
      const first = await startBackend(directory);
      expect(first.said.out).toContain("export AWS_REGION=eu-west-1");
      await first.s3.send(new CreateBucketCommand({ Bucket }));
      await first.s3.send(new PutObjectCommand({ Bucket, Key: "a/b", Body: "hello" }));
      first.process.kill("SIGTERM");
      expect(await first.ended).toBe(0);
      const second = await startBackend(directory);
      const { Body } = await second.s3.send(new GetObjectCommand({ Bucket, Key: "a/b" }));
      expect(await Body?.transformToString()).toBe("hello");
      const third = start("local", "--port", "0", "--directory", directory);
      expect(await third.ended).toBe(1); // one backend for one directory
      second.process.kill("SIGINT");
      expect(await second.ended).toBe(0);
      await rm(directory, { recursive: true, force: true });
    },
  );
});
