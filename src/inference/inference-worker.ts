/**
 * The worker thread of `createLocalPredictor`: loads models and predicts, one request after another.
 */
import { parentPort } from "node:worker_threads";
import { sendError } from "../mask/decoder/messages.js";
import { failed, LoadedModel } from "./loaded-model.js";
import type { Answer, Reply, Request, Wanted } from "./messages.js";

const models = new Map<Wanted, LoadedModel>();

/** A request that ends everything may come while another is worked on. */
let turn = Promise.resolve();

parentPort?.on("message", (request: Request) => {
  turn = turn
    .then(() => answer(request))
    .then(
      (found) => reply({ answer: found }, found),
      (error: unknown) => reply({ error: sendError(plain(error)) }),
    );
});

async function answer(request: Request): Promise<Answer> {
  if (request.kind === "open") {
    const model = await LoadedModel.open(request);
    models.set(request.key, model);
    return model.about;
  }
  if (request.kind === "close") {
    // What cannot be freed goes with the thread.
    await Promise.allSettled([...models.values()].map((model) => model.close()));
    return "closed";
  }
  const model = models.get(request.key);
  if (model === undefined) throw failed(`there is no model "${request.key}"`);
  return request.kind === "statistics" ? model.statistics(request) : model.run(request);
}

function reply(message: Reply, found?: Answer): void {
  const data = typeof found === "object" && "data" in found ? found.data.buffer : undefined;
  parentPort?.postMessage(message, data instanceof ArrayBuffer ? [data] : []);
}

/** Errors of native code may hold what cannot be sent. */
function plain(error: unknown): unknown {
  try {
    structuredClone(error);
    return error;
  } catch {
    return new Error(error instanceof Error ? error.message : String(error));
  }
}
