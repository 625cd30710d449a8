import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "..", "..");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** An empty project somewhere else on the disk with the packed package installed in it. */
export interface Project {
  readonly folder: string;
  /** Files of the packed tarball. */
  readonly packed: readonly string[];
  /** Writes a file and runs a command on it; gives what it printed. */
  run(
    file: string,
    content: string,
    command: string,
    args: readonly string[],
  ): { readonly status: number | null; readonly output: string };
  remove(): void;
}

/** Packs the package and installs the tarball into an empty project. */
export function emptyProject(packageJson: Readonly<Record<string, unknown>> = {}): Project {
  const folder = mkdtempSync(path.join(tmpdir(), "semseg-package-"));
  const listed = execFileSync(npm, ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const [pack] = JSON.parse(listed) as [{ filename: string; files: { path: string }[] }];
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? pack.filename;
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, ...packageJson }));
  execFileSync(npm, ["install", "--no-audit", "--no-fund", "--prefer-offline", path.join(folder, tarball)], {
    cwd: folder,
    stdio: "pipe",
  });
  return {
    folder,
    packed: pack.files.map((file) => file.path),
    run(file, content, command, args) {
      writeFileSync(path.join(folder, file), content);
      const bin = path.join(root, "node_modules", ".bin", command);
      const result = spawnSync(existsSync(bin) ? bin : command, args, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
      });
      return { status: result.status, output: result.stdout + result.stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
