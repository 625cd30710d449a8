/**
 * Decodes damaged input, seeded and bounded by count, and looks for anything but a result or a typed error: other errors,
 * hangs, crashes, memory beyond the limit.
 *
 *     npm run fuzz                                       20,000 mutants for each decoder
 *     npm run fuzz -- --count 10000000 --decoder png     a long run
 *     npm run fuzz -- --decoder png --seed 1 --only 4711 one mutant again, by its number
 */
import { fork } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import type { AttackMessage } from "./fuzz/attack.js";

/** Every decoder in a process of its own, so that a crash and memory are its own. */
const names = ["png", "recordio", "record", "probabilities", "jpeg", "artifact"];
/** More mutants than a decoder can take between two messages. */
const mostPerPause = 100_000;
/** A decoder that says nothing for so long hangs. */
const silence = 60_000;
/** What mutants may add to the memory that undamaged input took: pictures have at most 2^20 pixels here. */
const limitMegabytes = 256;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    decoder: { type: "string" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed);

interface Outcome {
  readonly last: number;
  readonly failure: string | undefined;
  readonly done: Extract<AttackMessage, { readonly kind: "done" }> | undefined;
}

async function attack(decoder: string, from: number, count: number, pause: number): Promise<Outcome> {
  const script = path.join(import.meta.dirname, "fuzz", "attack.ts");
  const child = fork(script, [decoder, seed, from, count, pause].map(String));
  let last = from;
  let failure: string | undefined;
  let done: Outcome["done"];
  const hangs = (): void => {
    failure = `nothing heard for ${silence / 1000} s`;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(hangs, silence);
  child.on("message", (message: AttackMessage) => {
    clearTimeout(timer);
    timer = setTimeout(hangs, silence);
    if (message.kind === "done") done = message;
    else last = message.mutant;
    if (message.kind === "found") failure = message.error;
  });
  const code = await new Promise<number | string | null>((resolve) =>
    child.on("exit", (exitCode, signal) => resolve(signal ?? exitCode)),
  );
  clearTimeout(timer);
  if (failure === undefined && done === undefined) failure = `the process ended with ${String(code)}`;
  return { last, failure, done };
}

async function fuzz(decoder: string): Promise<boolean> {
  const [from, count] = values.only === undefined ? [0, Number(values.count)] : [Number(values.only), 1];
  let { last, failure, done } = await attack(decoder, from, count, 500);
  // After a hang or a crash, the mutants since it was last heard of are gone through one by one.
  if (failure !== undefined && done === undefined && count > 1) {
    const again = await attack(decoder, last, Math.min(mostPerPause, from + count - last), 0);
    if (again.failure === undefined)
      failure += `, between this mutant and ${last + mostPerPause}; not so the second time`;
    else ({ last, failure, done } = again);
  }
  if (done !== undefined) {
    const added = done.peakMegabytes - done.startMegabytes;
    console.log(
      `${decoder}: ${count} mutants in ${done.seconds.toFixed(1)} s (${Math.round(count / done.seconds)}/s), ` +
        `${done.accepted} accepted, refused ${JSON.stringify(done.codes)}; ` +
        `slowest ${done.slowest.toFixed(1)} ms (mutant ${done.slowestMutant}); ` +
        `peak ${done.peakMegabytes} MB, ${added} MB above undamaged input`,
    );
    if (added > limitMegabytes) failure ??= `memory grew by ${added} MB, more than ${limitMegabytes} MB`;
  }
  if (failure === undefined) return true;
  console.error(`FAIL ${decoder}, mutant ${last}: ${failure}`);
  console.error(`again: npm run fuzz -- --decoder ${decoder} --seed ${seed} --only ${last}`);
  return false;
}

let passed = true;
for (const decoder of values.decoder === undefined ? names : [values.decoder]) {
  passed = (await fuzz(decoder)) && passed;
}
if (!passed) process.exitCode = 1;
