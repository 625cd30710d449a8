import { describe, expect, it } from "vitest";
import { hash32, seededRandom, shuffle } from "../../src/core/random.js";

describe("seeded chance", () => {
  it("hashes as FNV-1a does (vectors of the algorithm's authors)", () => {
    expect([hash32(""), hash32("a"), hash32("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  it("gives the same numbers for the same seed, others for another", () => {
    const take = (seed: number | string): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(7)).toEqual(take(7));
    expect(take(7)).toEqual(take("7"));
    expect(take(7)).not.toEqual(take(8));
  });

  it("spreads over [0, 1)", () => {
    const random = seededRandom("spread");
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) bins[Math.floor(random() * 10)]!++;
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("shuffles every order equally often", () => {
    const random = seededRandom(1);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle(["a", "b", "c"], random).join("");
      // Each shuffle starts from the same order.
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
