import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { mapConcurrently } from "../../src/core/concurrency.js";

async function* numbers(count: number, onReturn?: () => void): AsyncGenerator<number> {
  try {
    for (let n = 0; n < count; n++) {
      await turn();
      yield n;
    }
  } finally {
    onReturn?.();
  }
}

describe("mapConcurrently", () => {
  it("gives results in the order of the items, from arrays and from async iterables", async () => {
    const slowFirst = async (n: number): Promise<number> => {
      for (let i = 0; i < 10 - n; i++) await turn();
      return n * n;
    };
    expect(await mapConcurrently([0, 1, 2, 3, 4], 3, slowFirst)).toEqual([0, 1, 4, 9, 16]);
    expect(await mapConcurrently(numbers(5), 3, slowFirst)).toEqual([0, 1, 4, 9, 16]);
  });

  it("never runs more than the limit, and reaches it", async () => {
    let running = 0;
    let most = 0;
    await mapConcurrently(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++running);
      await turn();
      running--;
    });
    expect(most).toBe(4);
  });

  it("stops the intake at the first failure, waits for what runs, and throws that failure", async () => {
    const finished: number[] = [];
    let closed = false;
    const work = async (n: number): Promise<void> => {
      if (n === 2) throw new RangeError("two");
      for (let i = 0; i < 5; i++) await turn();
      finished.push(n);
    };
    await expect(
      mapConcurrently(
        numbers(1000, () => (closed = true)),
        2,
        work,
      ),
    ).rejects.toThrow("two");
    expect(finished.length).toBeLessThan(5);
    expect(closed).toBe(true);
  });

  it("throws the signal's own reason on abort", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const done: number[] = [];
    const all = mapConcurrently(
      numbers(1000),
      2,
      async (n) => {
        await turn();
        done.push(n);
        if (n === 3) stop.abort(reason);
      },
      stop.signal,
    );
    await expect(all).rejects.toBe(reason);
    expect(done.length).toBeLessThan(10);
  });

  it("begins nothing after a failure, also when the next item arrives later", async () => {
    const begun: number[] = [];
    const work = (n: number): Promise<void> => {
      begun.push(n);
      return Promise.reject(new Error("first"));
    };
    await expect(mapConcurrently(numbers(1000), 2, work)).rejects.toThrow("first");
    expect(begun).toEqual([0]);
  });

  it("throws what failed first, not what the source throws when it is closed", async () => {
    const closing = (): void => {
      throw new Error("closing");
    };
    const work = (): Promise<void> => Promise.reject(new Error("first"));
    await expect(mapConcurrently(numbers(3, closing), 1, work)).rejects.toThrow("first");
  });

  it("throws what the source throws", async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      await turn();
      throw new Error("listing failed");
    }
    await expect(mapConcurrently(broken(), 4, (n) => Promise.resolve(n))).rejects.toThrow("listing failed");
  });
});
