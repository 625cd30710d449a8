/**
 * Passes the items of a source on until the signal is aborted; then it throws the signal's reason at once, also while it
 * waits for the next item. The source is told to stop in either case.
 */
export async function* abortable<Item>(
  source: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    // The reason is the caller's own, an error or not.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
  });
  // Nobody waits for it between items.
  aborted.catch(() => undefined);
  let finished = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const step = await Promise.race([iterator.next(), aborted]);
      if (step.done === true) {
        finished = true;
        return;
      }
      yield step.value;
    }
  } finally {
    if (abort !== undefined) signal?.removeEventListener("abort", abort);
    // Not awaited: a source that hangs in `next` would hang here as well.
    if (!finished) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
