import type { Progress } from "../src/index.js";

/** Tells a run's story on the console, each line with the seconds since the beginning. */
export class Clock {
  readonly #began = performance.now();
  #toldAt = 0;

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  say(line: string): void {
    this.#toldAt = performance.now();
    console.log(`${this.seconds.toFixed(1).padStart(5)} s  ${line}`);
  }

  /** For work that reports often: a line at most every other second, and the last one. */
  progress(what: string): (progress: Pick<Progress, "done" | "total" | "unit">) => void {
    return ({ done, total, unit }) => {
      if (done !== total && performance.now() - this.#toldAt < 2000) return;
      this.say(`${what}: ${done}${total === undefined ? "" : ` of ${total}`} ${unit}`);
    };
  }
}
