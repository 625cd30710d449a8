import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type * as Sdk from "../src/index.js";
import type * as Masks from "../src/masks.js";
import { allCases } from "./cases.js";
import type { Limit } from "./cases.js";
import { measure, setClock } from "./measure.js";
import type { Result } from "./measure.js";
import { loadNodePeers } from "./node-peers.js";
import { predictorOverhead } from "./predictor-overhead.js";
import { startPython } from "./python-peer.js";
import { coldImport, memoryOfMany } from "./whole-process.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
const work = join(folder, "work");

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "9" },
    slice: { type: "string", default: "40" },
    clock: { type: "string", default: "wall" },
  },
});

const clock = values.clock === "cpu" ? "cpu" : "wall";
const [rounds, slice] = [Number(values.rounds), Number(values.slice)];
setClock(clock);
mkdirSync(work, { recursive: true });
if (!existsSync(join(folder, "node_modules"))) {
  console.log("Installing npm peers in bench/ ...");
  try {
    execFileSync("npm", ["install", "--no-package-lock", "--no-audit", "--no-fund"], {
      cwd: folder,
      stdio: "inherit",
      shell: process.platform === "win32",
    });
  } catch {
    console.log("They are missing.");
  }
}
const python = await startPython(folder, work, clock);
const node = await loadNodePeers(folder);
const masks = (await import(pathToFileURL(join(work, "package", "masks.js")).href)) as typeof Masks;

console.log(
  `Clock: ${clock}. Node ${process.version}, ${cpus()[0]?.model ?? "?"} x ${cpus().length}, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}, ${new Date().toISOString()}`,
);
const versions = { ...python?.versions, ...node.versions };
console.log(
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version ?? "MISSING"}`)
    .join(", "),
);
if (python === undefined) console.log("Pillow, NumPy, OpenCV: MISSING");

let missed = 0;
for await (const { path, candidates, limits } of allCases({ masks, python, node, work })) {
  if (!path.includes(values.only)) continue;
  const results = await measure(candidates, rounds, slice);
  console.log(`\n${path}`);
  for (const result of results) console.log(line(result, limits));
}
python?.close();
await wholeProcess();
console.log(missed === 0 ? "\nAll limits hold." : `\n${missed} limits are missed.`);

/** What is not a ratio to a peer. */
async function wholeProcess(): Promise<void> {
  if (!"whole".includes(values.only)) return;
  const entry = join(work, "package", "masks.js");
  const { empty, added } = coldImport(entry, work, Math.max(11, rounds));
  say(
    "import of ./masks, cold",
    `${added.toFixed(1)} ms over an empty script of ${empty.toFixed(0)} ms`,
    "at most 10 ms",
    added <= 10,
  );
  const size = readFileSync(entry).length;
  const alone = readFileSync(join(work, "package-decode", "decode-alone.js")).length;
  say(
    "./masks, minified",
    `${(size / 1000).toFixed(1)} KB; ${(alone / 1000).toFixed(1)} KB in a bundle that only calls decodeMask`,
    "under 60 KB",
    size < 60_000,
  );
  for (const given of [false, true]) {
    const { first, peak } = memoryOfMany(entry, join(work, "4096-palette.png"), 1000, given);
    const images = (peak - first) / (4096 * 3072);
    say(
      `1000 masks of 12 MP, ${given ? "memory given" : "fresh memory"}`,
      `peak ${images.toFixed(1)} images above the first (${(peak / 1e6).toFixed(0)} MB)`,
      "within 2",
      images <= 2,
    );
  }
  const sdk = (await import(pathToFileURL(join(work, "package-main", "index.js")).href)) as typeof Sdk;
  const { bare, ratio, bytes } = await predictorOverhead(sdk, rounds, slice);
  const percent = (ratio - 1) * 100;
  say(
    "predictor over the bare command and decodeMask",
    `${percent.toFixed(1)} % of ${bare.toFixed(2)} ms, ${bytes} bytes sent`,
    "at most 5 %",
    percent <= 5,
  );
}

function say(what: string, found: string, limit: string, good: boolean): void {
  if (!good) missed++;
  console.log(`\n${what}\n  ${found}  ${limit}${good ? "" : "  MISSED"}`);
}

function line({ name, ms, ratio, bytes }: Result, limits: readonly Limit[]): string {
  const limit = limits.find(({ peer }) => peer === name);
  let verdict = "";
  if (limit !== undefined) {
    const own = limit.kind === "faster" ? ratio : 1 / ratio;
    const good = limit.kind === "faster" ? own >= limit.factor : own <= limit.factor;
    if (!good) missed++;
    const words =
      limit.kind === "faster" ? `at least ${limit.factor}` : `at most ${limit.factor} (is ${own.toFixed(2)})`;
    verdict = `${words}${good ? "" : "  MISSED"}`;
  }
  const size = bytes === undefined ? "" : String(bytes);
  return `  ${name.padEnd(24)} ${ms.toFixed(3).padStart(10)} ms ${`${ratio.toFixed(2)}x`.padStart(9)} ${size.padStart(10)}  ${verdict}`;
}
