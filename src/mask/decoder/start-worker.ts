import type { Worker } from "node:worker_threads";
import { failure } from "./worker-pool.js";

/**
 * How workers are started here. Node's modules are asked for at run time, so that the masks entry stays free of them.
 *
 * @throws `decoder.failed` where there is no Node.
 */
export function startWorker(): { readonly start: () => Worker; readonly parallelism: number } {
  // Outside of Node there is no `process`, whatever the types say.
  const { process } = globalThis as { readonly process?: NodeJS.Process };
  if (typeof process?.getBuiltinModule !== "function") throw failure("there are no worker threads of Node here");
  const threads = process.getBuiltinModule("node:worker_threads");
  const { availableParallelism } = process.getBuiltinModule("node:os");
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  // CommonJS has a file name instead of `import.meta`. Both builds lie beside the worker's script.
  const here = typeof __filename === "string" ? pathToFileURL(__filename).href : import.meta.url;
  const script = new URL("./mask-worker.js", here);
  // The parent's flags are not handed on: loaders and debuggers would start in every thread.
  return { start: () => new threads.Worker(script, { execArgv: [] }), parallelism: availableParallelism() };
}
