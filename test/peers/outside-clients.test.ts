/**
 * Programs that know nothing of this project's code, against the built command line: boto3, the aws command, and hostile
 * requests by raw socket, from `../shared/peers/clients`. What they check is told in the README there.
 *
 * Python comes from the environment variable PEERS_PYTHON (with their requirements installed) or from `.venv`, which is
 * made here when it is missing. `dist` is built when it is missing; build it again after a change.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const clients = join(root, "../shared/peers/clients");
const cli = join(root, "dist/cli.js");
const onWindows = process.platform === "win32";
const present = existsSync(clients);
if (!present) console.warn(`skipped: no outside clients at ${clients}`);

/** Where these clients put the truth masks before labeling; how annotators find them is told in CONTRIBUTING. */
const truthPrefix = "truth/";
const laterGroups = "async,transform,scaling"; // features that are not there yet

let python: string;
let backend: { readonly process: ChildProcess; readonly url: string; readonly data: string; readonly top: string };

describe.skipIf(!present)("outside clients", () => {
  beforeAll(async () => {
    python = findPython();
    if (!existsSync(cli)) execFileSync("npm", ["run", "build"], { cwd: root, stdio: "inherit", shell: onWindows });
    backend = await startBackend();
  }, 600_000);

  afterAll(async () => {
    const ended = once(backend.process, "close");
    backend.process.kill("SIGTERM");
    const [code] = (await ended) as [number | null];
    rmSync(backend.top, { recursive: true, force: true });
    expect(code).toBe(0);
  });

  it("boto3 goes the whole journey", async () => {
    const options = ["--endpoint-url", backend.url, "--truth-prefix", truthPrefix, "--skip-groups", laterGroups];
    await passes(python, [join(clients, "journey_boto3.py"), ...options]);
  });

  it("boto3 goes it again with pictures of another size", async () => {
    const options = ["--endpoint-url", backend.url, "--truth-prefix", truthPrefix, "--skip-groups", laterGroups];
    await passes(python, [join(clients, "journey_boto3.py"), ...options, "--size", "80x120", "--seed", "7"]);
  });

  it("the aws command goes it too", async () => {
    await passes("bash", [join(clients, "journey_awscli.sh"), backend.url], {
      AWS: join(dirname(python), "aws"),
      PYTHON: python,
      TRUTH_PREFIX: truthPrefix,
    });
  });

  it("hostile requests change nothing, and the backend goes on", async () => {
    const pid = String(backend.process.pid);
    await passes(python, [join(clients, "hostile_http.py"), backend.url, "--data-dir", backend.data, "--pid", pid]);
  });
});

/** Runs a client; fails with its FAIL lines. */
async function passes(command: string, argv: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const child = spawn(command, argv, { env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: "1" } });
  let said = "";
  child.stdout.on("data", (part: Buffer) => (said += part.toString()));
  child.stderr.on("data", (part: Buffer) => (said += part.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const lines = said.trim().split("\n");
  console.log(lines.at(-1));
  const failed = lines.filter((line) => line.startsWith("FAIL"));
  expect(failed).toEqual([]);
  expect(code, lines.slice(-20).join("\n")).toBe(0);
}

/** A Python with boto3, awscli, NumPy and Pillow. */
function findPython(): string {
  const given = process.env["PEERS_PYTHON"];
  if (given !== undefined && given !== "") return given;
  const folder = join(root, ".venv");
  const found = join(folder, onWindows ? "Scripts/python.exe" : "bin/python");
  if (!existsSync(join(folder, "installed"))) {
    execFileSync(onWindows ? "python" : "python3", ["-m", "venv", folder], { stdio: "inherit" });
    const install = ["-m", "pip", "install", "--quiet", "--requirement", join(clients, "requirements.txt")];
    execFileSync(found, install, { stdio: "inherit" });
    execFileSync(found, ["-c", "import sys, pathlib; pathlib.Path(sys.argv[1]).touch()", join(folder, "installed")]);
  }
  return found;
}

async function startBackend(): Promise<typeof backend> {
  // One folder deeper than the temporary one: the hostile cases look for files that appear beside it.
  const top = mkdtempSync(join(tmpdir(), "semseg-peers-"));
  const data = join(top, "data");
  const child = spawn(process.execPath, [cli, "local", "--port", "0", "--directory", data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const part of child.stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    said += part.toString();
    const url = /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1];
    if (url !== undefined && said.includes("Ctrl+C")) return { process: child, url, data, top };
  }
  throw new Error(`the backend did not start: ${said}`);
}
