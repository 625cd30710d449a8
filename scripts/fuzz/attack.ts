/**
 * The process that decodes mutants: `attack.ts DECODER SEED FROM COUNT PAUSE`. It tells its parent how far it is, every
 * `PAUSE` milliseconds (0: before every mutant), and what it found in the end.
 */
import { SegmentationError } from "../../src/masks.js";
import { decoders } from "./decoders.js";
import { dice } from "./random.js";

/** What the parent is told. */
export type AttackMessage =
  | { readonly kind: "at"; readonly mutant: number }
  | { readonly kind: "found"; readonly mutant: number; readonly error: string }
  | {
      readonly kind: "done";
      readonly accepted: number;
      readonly codes: Readonly<Record<string, number>>;
      readonly slowest: number;
      readonly slowestMutant: number;
      readonly startMegabytes: number;
      readonly peakMegabytes: number;
      readonly seconds: number;
    };

const [name = "", ...numbers] = process.argv.slice(2);
const [seed = 1, from = 0, count = 0, pause = 0] = numbers.map(Number);
const decoder = decoders[name];
if (decoder === undefined) throw new Error(`no decoder "${name}"`);

const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);
const tell = (message: AttackMessage): boolean | undefined => process.send?.(message);

// Refusals are the rule here, and where they come from is asked for one mutant alone.
if (count > 1) Error.stackTraceLimit = 0;

const { corpus } = decoder;
const codes: Record<string, number> = {};
let accepted = 0;
let slowest = 0;
let slowestMutant = from;
// Undamaged input first: what it takes in memory is not the mutants'.
for (const bytes of corpus) {
  try {
    await decoder.decode(bytes, dice(seed, -1));
  } catch (error) {
    // 16-bit samples and colours are no class indices.
    if (!SegmentationError.is(error)) throw error;
  }
}
const startMegabytes = megabytes();
const began = performance.now();
let last = began;
let told = -Infinity;
for (let mutant = from; mutant < from + count; mutant++) {
  if (last - told >= pause) {
    tell({ kind: "at", mutant });
    told = last;
    // Messages are sent and memory is freed between turns.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const random = dice(seed, mutant);
  const bytes = decoder.mutate(random.pick(corpus), random, corpus);
  try {
    const result = decoder.decode(bytes, random);
    if (result instanceof Promise) await result;
    accepted++;
  } catch (error) {
    if (!SegmentationError.is(error)) {
      tell({ kind: "found", mutant, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      break;
    }
    codes[error.code] = (codes[error.code] ?? 0) + 1;
  }
  const now = performance.now();
  if (now - last > slowest) [slowest, slowestMutant] = [now - last, mutant];
  last = now;
}
tell({
  kind: "done",
  accepted,
  codes,
  slowest,
  slowestMutant,
  startMegabytes,
  peakMegabytes: megabytes(),
  seconds: (performance.now() - began) / 1000,
});
process.disconnect();
