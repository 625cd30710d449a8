import type { LogLines } from "./log-lines.js";

/** The container prints a notice every 20 iterations (its setting `_logging_frequency`). */
const frequency = 20;

/** Prints the notices within an epoch, as if it went through the images batch by batch. */
export class EpochNotices {
  #printed = 0;
  readonly #began: number;

  constructor(
    private readonly lines: LogLines,
    private readonly now: () => number,
    private readonly epoch: number,
    /** Images that the epoch stands for, and those of one iteration. */
    private readonly images: number,
    private readonly batch: number,
  ) {
    this.#began = now();
  }

  /** `share` (0 to 1) of the epoch is done; `learningRate` in training only. */
  progress(share: number, learningRate?: number): void {
    const iterations = Math.floor((share * this.images) / this.batch);
    if (iterations < this.#printed + frequency) return;
    this.#printed = iterations - (iterations % frequency);
    this.lines.progressNotice(this.epoch, this.#printed, this.speed(share), learningRate);
  }

  /** Images in a second so far. */
  speed(share: number): number {
    return (share * this.images) / (Math.max(1, this.now() - this.#began) / 1000);
  }
}
