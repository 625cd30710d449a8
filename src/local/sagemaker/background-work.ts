/** Jobs and endpoint changes that run while requests are answered; each can be stopped by name. */
export class BackgroundWork {
  private readonly running = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  private readonly end = new AbortController();

  /** Aborts when the backend closes: for what goes on after the work's own signal has aborted. */
  get closing(): AbortSignal {
    return this.end.signal;
  }

  /**
   * Starts work under a key, e.g. `training-job/shapes`.
   *
   * @param work - Gets a signal that aborts by {@link stop} or when the backend closes; must end soon after. It handles
   *   its own failures.
   */
  start(key: string, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.closing.aborted) return;
    const stop = new AbortController();
    const done = work(stop.signal)
      .catch(() => undefined)
      .finally(() => {
        if (this.running.get(key)?.stop === stop) this.running.delete(key);
      });
    this.running.set(key, { stop, done });
  }

  /** Resolves when the work under a key has ended; at once when there is none. */
  async finished(key: string): Promise<void> {
    await this.running.get(key)?.done;
  }

  /** Aborts the work under a key with this reason. */
  stop(key: string, reason: unknown): void {
    this.running.get(key)?.stop.abort(reason);
  }

  /** Aborts everything and waits for it; what was running is found unfinished by the next start. */
  async close(): Promise<void> {
    this.end.abort(closingDown);
    for (const { stop } of this.running.values()) stop.abort(closingDown);
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }
}

/** Reason of the abort when the backend closes: the job stays as it is, and goes on at the next start. */
export const closingDown: unique symbol = Symbol("the backend is closing");
/** Reason of the abort after a Stop call. */
export const stopRequested: unique symbol = Symbol("stop requested");
