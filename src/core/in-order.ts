/**
 * Runs `work` on the items of a source, up to `ahead` at a time, and gives the results in the order of the items.
 *
 * It takes the next item when there is room, and waits for the consumer otherwise. A result is given as soon as it is
 * there, also while the source makes one wait. The first failure, in the order of the items, is thrown; then, and when
 * the consumer stops, the signal that `work` got is aborted and the source told to stop.
 */
export async function* inOrder<Item, Result>(
  source: Iterable<Item> | AsyncIterable<Item>,
  ahead: number,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void, undefined> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
  const aborted = rejection(either);
  const results: Promise<Result>[] = [];
  let next: Promise<IteratorResult<Item>> | undefined;
  let ended = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (next === undefined && !ended && results.length < ahead) next = quiet(Promise.resolve(iterator.next()));
      const first = results[0];
      if (first === undefined && next === undefined) return;
      const ready = await Promise.race([
        ...(first === undefined ? [] : [first.then(() => "result" as const)]),
        ...(next === undefined ? [] : [next.then(() => "item" as const)]),
        aborted,
      ]);
      if (ready === "item" && next !== undefined) {
        const step = await next;
        next = undefined;
        if (step.done === true) ended = true;
        else results.push(quiet(work(step.value, either)));
      } else if (first !== undefined) {
        void results.shift();
        yield await first;
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    stop.abort();
    // Not awaited: a source that hangs in `next` would hang here as well.
    if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Never resolves; rejects with the signal's reason. */
function rejection(signal: AbortSignal): Promise<never> {
  return quiet(
    new Promise<never>((_, reject) => {
      // The reason is the caller's own, an error or not.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
  );
}

/** Its failure is looked at later, or by nobody when the work was given up: not an unhandled rejection. */
function quiet<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => undefined);
  return promise;
}
