import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const onWindows = process.platform === "win32";

/** The Python of the environment variable PEERS_PYTHON, or that of `.venv`, which is made when it is missing. */
function ownPython(): string {
  const given = process.env["PEERS_PYTHON"];
  if (given !== undefined && given !== "") return given;
  const folder = join(root, ".venv");
  const python = join(folder, onWindows ? "Scripts/python.exe" : "bin/python");
  if (!existsSync(python)) {
    execFileSync(onWindows ? "python" : "python3", ["-m", "venv", folder], { stdio: "inherit" });
  }
  return python;
}

/**
 * A Python with some packages, installed into `.venv` when they are missing there; nothing is installed into a Python
 * that was given. `undefined` and a word on the console when there is none.
 *
 * @param modules - What is imported, e.g. `cv2`.
 * @param packages - What pip calls it, e.g. `opencv-python-headless`; or `--requirement` and a file.
 */
export function pythonWith(modules: readonly string[], packages: readonly string[]): string | undefined {
  try {
    const python = ownPython();
    const has = (): boolean => spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0;
    if (!has() && process.env["PEERS_PYTHON"] === undefined) {
      execFileSync(python, ["-m", "pip", "install", "--quiet", ...packages], { stdio: "inherit" });
    }
    if (has()) return python;
    console.warn(`skipped: ${python} lacks one of ${modules.join(", ")}`);
  } catch (error) {
    console.warn(`skipped: no Python with ${modules.join(", ")} (${String(error).split("\n")[0] ?? ""})`);
  }
  return undefined;
}

/** Runs a script of `test/peers/python` over a folder; gives what it printed, its last line as JSON. */
export function runPython(python: string, script: string, folder: string): Readonly<Record<string, unknown>> {
  const file = join(root, "test/peers/python", script);
  const said = execFileSync(python, ["-B", file, folder], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return JSON.parse(said.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

/** Writes a JSON file into a folder. */
export function writeJson(folder: string, name: string, value: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(value));
}
