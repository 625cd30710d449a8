import { throwIfAborted } from "./abort.js";

/**
 * Runs `work` on every item with at most `limit` at a time, results in the order of the items.
 * The first failure stops the intake, waits for what is running, and is thrown.
 */
export async function mapConcurrently<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item, index: number) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  const iterator = asyncIterator(items);
  let next = 0;
  const failures: unknown[] = [];

  // A function: the answer changes while a worker waits.
  const hasFailed = (): boolean => failures.length > 0;

  async function worker(): Promise<void> {
    while (!hasFailed()) {
      try {
        throwIfAborted(signal);
        const index = next++;
        const step = await iterator.next();
        if (step.done === true) return;
        // Another worker may have failed while this one waited for its item.
        if (hasFailed()) return;
        results[index] = await work(step.value, index);
      } catch (error) {
        failures.push(error);
      }
    }
  }

  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
  if (hasFailed()) {
    // What failed first matters, not what the source says to being closed.
    await iterator.return?.().catch(() => undefined);
    throw failures[0];
  }
  return results;
}

/** One iterator for both kinds; concurrent `next()` calls are answered in order. */
function asyncIterator<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncIterator<Item> {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]();
  const iterator = items[Symbol.iterator]();
  return {
    next: () => Promise.resolve(iterator.next()),
    return: () => Promise.resolve(iterator.return?.() ?? { done: true, value: undefined }),
  };
}
