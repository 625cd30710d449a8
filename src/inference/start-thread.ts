import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/** Threads that a model computes with where the caller does not say: as many as the machine can run at a time. */
export function defaultThreads(): number {
  return Math.min(64, availableParallelism());
}

/** Starts the thread that predicts. */
export function startThread(): Worker {
  // CommonJS has a file name instead of `import.meta`. Both builds lie beside the worker's script.
  const here = typeof __filename === "string" ? pathToFileURL(__filename).href : import.meta.url;
  if (here.endsWith(".ts")) return startFromSources(new URL("./inference-worker.ts", here));
  // The parent's flags are not handed on: loaders and debuggers would start in the thread as well.
  return new Worker(new URL("./inference-worker.js", here), { execArgv: [] });
}

/** In the tests of this package: a thread reads no TypeScript by itself. */
function startFromSources(script: URL): Worker {
  const tsx = new URL("dist/esm/api/index.mjs", pathToFileURL(createRequire(script).resolve("tsx/package.json"))).href;
  const code = `import("${tsx}").then(({ register }) => (register(), import("${script.href}")))`;
  return new Worker(code, { eval: true, execArgv: [] });
}
