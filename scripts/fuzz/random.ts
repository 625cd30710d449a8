/** A seeded source of whole numbers: same seed, same mutants. */
export interface Dice {
  /** 0 to `limit` - 1. */
  below(limit: number): number;
  /** One of some. */
  pick<Item>(items: readonly Item[]): Item;
}

/** Makes the dice of one mutant (mulberry32). */
export function dice(seed: number, mutant: number): Dice {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(mutant + 1, 0x85ebca6b)) | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 4294967296) * limit);
  return { below, pick: (items) => items[below(items.length)]! };
}
