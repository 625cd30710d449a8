/**
 * Passes the items of a source on until the signal is aborted; then it throws the signal's reason at once, also while it
 * waits for the next item. The source is told to stop in either case.
 */
export async function* abortable<Item>(
  source: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  // Set while an item is waited for. Racing each item against one promise of the abort would keep all items in memory:
  // that promise would hold on to every race.
  let give: ((reason: unknown) => void) | undefined;
  const abort = (): void => give?.(signal?.reason);
  const next = (): Promise<IteratorResult<Item, unknown>> =>
    new Promise((resolve, reject) => {
      give = reject;
      Promise.resolve(iterator.next()).then(resolve, reject);
    });
  signal?.addEventListener("abort", abort, { once: true });
  let finished = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const step = await next();
      if (step.done === true) {
        finished = true;
        return;
      }
      yield step.value;
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    // Not awaited: a source that hangs in `next` would hang here as well.
    if (!finished) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
