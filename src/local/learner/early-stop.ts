import type { EarlyStopping } from "./settings.js";

/** Watches the validation mIOU, epoch by epoch, as the algorithm's `early_stopping` settings say. */
export class EarlyStop {
  #epochs = 0;
  #poor = 0;
  #best = -Infinity;

  /** Without settings it never stops. */
  constructor(private readonly settings: EarlyStopping | undefined) {}

  /** Takes the mIOU of the next epoch. */
  add(meanIoU: number): void {
    const tolerance = this.settings?.tolerance ?? 0;
    this.#epochs++;
    const enough = meanIoU > this.#best && meanIoU - this.#best >= tolerance * Math.max(0, this.#best);
    this.#poor = enough ? 0 : this.#poor + 1;
    this.#best = Math.max(this.#best, meanIoU);
  }

  /** Whether no further epoch should run. */
  get reached(): boolean {
    const { settings } = this;
    return settings !== undefined && this.#epochs >= settings.minEpochs && this.#poor > settings.patience;
  }
}
