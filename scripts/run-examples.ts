/**
 * Runs every folder of `examples/` as a user would: the built package as a dependency, `main.ts` with ts-node and with tsx.
 *
 *     npm run build && npm run examples
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const examples = path.join(root, "examples");
const windows = process.platform === "win32";

/** What `npm install` of `file:../..` does, without asking a registry. */
function linkPackage(folder: string): void {
  const modules = path.join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const [name, target] of [
    ["sagemaker-semseg", root],
    ["@types", path.join(root, "node_modules", "@types")],
  ] as const) {
    const link = path.join(modules, name);
    rmSync(link, { recursive: true, force: true });
    symlinkSync(target, link, windows ? "junction" : "dir");
  }
}

let failed = 0;
for (const name of readdirSync(examples).filter((entry) => existsSync(path.join(examples, entry, "main.ts")))) {
  const folder = path.join(examples, name);
  linkPackage(folder);
  for (const runner of ["ts-node", "tsx"]) {
    const began = Date.now();
    const command = path.join(root, "node_modules", ".bin", windows ? `${runner}.cmd` : runner);
    const result = spawnSync(command, ["main.ts"], { cwd: folder, encoding: "utf8", shell: windows, timeout: 300_000 });
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    console.log(`${result.status === 0 ? "ok  " : "FAIL"} examples/${name} with ${runner}, ${seconds} s`);
    if (result.status !== 0) {
      failed++;
      console.error(result.stdout + result.stderr);
    }
  }
}
process.exitCode = failed === 0 ? 0 : 1;
