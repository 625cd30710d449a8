import { createHash } from "node:crypto";

/** One way to do the work of a path. */
export interface Candidate {
  readonly name: string;
  /** Does the work `reps` times; gives nanoseconds and the digest of the last result (`undefined`: nothing to compare). */
  run(reps: number): Promise<{ readonly ns: number; readonly digest?: string | undefined; readonly bytes?: number }>;
}

/** What one candidate took. */
export interface Result {
  readonly name: string;
  /** Median of a run, in milliseconds. */
  readonly ms: number;
  /** Median over the rounds of this candidate's time to that of the first. */
  readonly ratio: number;
  readonly bytes: number | undefined;
}

/** Which time is taken: that on the wall, or that of the processor, for machines that are busy with other things. */
export type Clock = "wall" | "cpu";

let clock: Clock = "wall";

export function setClock(chosen: Clock): void {
  clock = chosen;
}

/** Nanoseconds; of the processor: those of all threads of this process. */
function now(): number {
  if (clock === "wall") return Number(process.hrtime.bigint());
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** A candidate that works in this process. */
export function here(name: string, work: () => Uint8Array | undefined, compare = true): Candidate {
  return {
    name,
    run: (reps) => {
      let result: Uint8Array | undefined;
      const start = now();
      for (let n = 0; n < reps; n++) result = work();
      const ns = now() - start;
      return Promise.resolve({
        ns,
        ...(result === undefined ? {} : { bytes: result.length }),
        ...(result === undefined || !compare ? {} : { digest: digestOf(result) }),
      });
    },
  };
}

/** The same for work that ends later. */
export function later(name: string, work: () => Promise<Uint8Array | undefined>): Candidate {
  return {
    name,
    run: async (reps) => {
      let result: Uint8Array | undefined;
      const start = now();
      for (let n = 0; n < reps; n++) result = await work();
      const ns = now() - start;
      return { ns, ...(result === undefined ? {} : { digest: digestOf(result), bytes: result.length }) };
    },
  };
}

export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Measures candidates in turn, each round in another order, so that nobody always follows the same one; the first is
 * ours. Results are compared before anything is timed.
 *
 * Every candidate does as many repetitions as fill about `slice` milliseconds, at least one.
 */
export async function measure(candidates: readonly Candidate[], rounds: number, slice: number): Promise<Result[]> {
  const first = await candidates[0]!.run(1);
  const reps: number[] = [];
  for (const candidate of candidates) {
    const { digest } = await candidate.run(1);
    if (digest !== undefined && digest !== first.digest) {
      throw new Error(
        `${candidate.name} gives another result than ${candidates[0]!.name}: its time would mean nothing.`,
      );
    }
    // Warm-up: until the compiler has done its work.
    let spent = 0;
    let runs = 0;
    while ((spent < slice * 2e6 && runs < 1000) || runs < 3) {
      spent += (await candidate.run(1)).ns;
      runs++;
    }
    const some = Math.min(runs, 10);
    const { ns } = await candidate.run(some);
    reps.push(Math.max(1, Math.min(500, Math.round((slice * 1e6 * some) / Math.max(1, ns)))));
  }
  const times: number[][] = candidates.map(() => []);
  const sizes: (number | undefined)[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const which of orderOf(candidates.length, round)) {
      // Not timed: what the candidate before has left is collected, and the caches are filled.
      await candidates[which]!.run(Math.ceil(reps[which]! / 4));
      const { ns, bytes } = await candidates[which]!.run(reps[which]!);
      times[which]!.push(ns / reps[which]!);
      sizes[which] = bytes;
    }
  }
  return candidates.map(({ name }, which) => ({
    name,
    ms: median(times[which]!) / 1e6,
    ratio: median(times[which]!.map((time, round) => time / times[0]![round]!)),
    bytes: sizes[which],
  }));
}

/** Every candidate once: begun at another one each round, and walked through in steps of another length. */
function orderOf(count: number, round: number): readonly number[] {
  const steps = Array.from({ length: count }, (_, n) => n + 1).filter((step) => divisor(step, count) === 1);
  const step = steps[round % steps.length]!;
  return Array.from({ length: count }, (_, turn) => (round + turn * step) % count);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
