import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lockDirectory } from "../../src/local/directory-lock.js";

/** No process has this number: it is above the largest that Linux, macOS and Windows give. */
const gone = "2147483646";
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "semseg-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("takes over what a dead process left, and leaves nothing behind", () => {
  writeFileSync(join(folder, "backend.lock"), gone);
  const unlock = lockDirectory(folder);
  expect(readdirSync(folder)).toEqual(["backend.lock"]);
  expect(() => lockDirectory(folder)).toThrow("Another embedded backend runs on");
  unlock();
  expect(readdirSync(folder)).toEqual([]);
});

it("lets one of several processes take over", async () => {
  const count = 150;
  for (let n = 0; n < count; n++) {
    mkdirSync(join(folder, String(n)));
    writeFileSync(join(folder, String(n), "backend.lock"), gone);
  }
  const script = join(import.meta.dirname, "../support/lock-process.ts");
  const begin = String(Date.now() + 4_000); // tsx takes its time
  const children = Array.from({ length: 3 }, () =>
    spawn(process.execPath, ["--import", "tsx", script, folder, String(count), begin], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  try {
    const got = await Promise.all(
      children.map(async ({ stdout }) => {
        const [line] = (await once(stdout, "data")) as [Buffer];
        return JSON.parse(line.toString()) as number[];
      }),
    );
    expect(got.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  } finally {
    for (const child of children) child.kill();
  }
});
