import { setImmediate as nextTurn } from "node:timers/promises";

/** Work of this long (milliseconds) is done without a pause. */
const slice = 10;

/** Hands the event loop its turns during long calculations and looks at the abort signal. */
export class TimeSlices {
  #began = performance.now();

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** To be called after every few milliseconds of work. Rejects with the signal's own reason. */
  async pause(): Promise<void> {
    if (performance.now() - this.#began < slice) return;
    await nextTurn();
    this.signal?.throwIfAborted();
    this.#began = performance.now();
  }
}
