import { describe, expect, it } from "vitest";
import { inOrder } from "../../src/core/in-order.js";

const soon = () => new Promise((resolve) => setImmediate(resolve));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("inOrder", () => {
  it("gives results in the order of the items, whichever is done first", async () => {
    const waits = [5, 1, 3, 0, 2];
    const work = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) await soon();
      return turns;
    };
    for (const ahead of [1, 2, 10]) expect(await collect(inOrder(waits, ahead, work))).toEqual(waits);
    expect(await collect(inOrder([], 3, work))).toEqual([]);
  });

  it("takes items only while there is room", async () => {
    let taken = 0;
    function* source(): Generator<number> {
      for (;;) yield taken++;
    }
    const results = inOrder(source(), 3, (item) => Promise.resolve(item));
    for (let read = 1; read <= 5; read++) {
      await results.next();
      for (let turn = 0; turn < 5; turn++) await soon();
      // While nobody reads, nothing goes on: three ahead, and one that was given.
      expect(taken).toBeLessThanOrEqual(read + 3);
    }
    await results.return();
  });

  it("gives a result as soon as it is there, also while the source waits", async () => {
    let goOn: (() => void) | undefined;
    async function* source(): AsyncGenerator<string> {
      yield "first";
      await new Promise<void>((resolve) => (goOn = resolve));
      yield "second";
    }
    const results = inOrder(source(), 4, (item) => Promise.resolve(item));
    expect(await results.next()).toEqual({ done: false, value: "first" });
    goOn?.();
    expect(await results.next()).toEqual({ done: false, value: "second" });
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it("throws the first failure in the order of the items, stops the source and the rest of the work", async () => {
    let returned = false;
    const signals: AbortSignal[] = [];
    function* source(): Generator<number> {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        returned = true;
      }
    }
    const failure = new Error("item 2");
    const results = inOrder(source(), 3, async (item, signal) => {
      signals.push(signal);
      if (item === 3) throw new Error("item 3");
      if (item === 2) {
        await soon();
        throw failure;
      }
      return item;
    });
    expect([(await results.next()).value, (await results.next()).value]).toEqual([0, 1]);
    await expect(results.next()).rejects.toBe(failure);
    expect(returned).toBe(true);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it("stops on abort with the signal's reason, while the source, the work or the consumer is at it", async () => {
    const reason = new Error("enough");
    const never = () => new Promise<never>(() => undefined);
    const hanging: AsyncIterable<number> = { [Symbol.asyncIterator]: () => ({ next: never }) };
    for (const [source, work] of [
      [hanging, (item: number) => Promise.resolve(item)],
      [[1, 2], never],
    ] as const) {
      const abort = new AbortController();
      const next = inOrder(source, 2, work, abort.signal).next();
      setImmediate(() => abort.abort(reason));
      await expect(next).rejects.toBe(reason);
    }
    const abort = new AbortController();
    const results = inOrder([1, 2], 2, (item) => Promise.resolve(item), abort.signal);
    await results.next();
    abort.abort(reason);
    await expect(results.next()).rejects.toBe(reason);
  });
});
