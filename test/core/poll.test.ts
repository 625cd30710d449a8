import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { poll } from "../../src/core/poll.js";
import type { PollOptions } from "../../src/core/poll.js";
import { rejectionOf } from "../support/refusal-of.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Looks at something that is done after `doneAt` milliseconds of a clock that this moves by hand. */
function looksOver(doneAt: number, options: PollOptions): { readonly times: number[]; readonly end: Promise<void> } {
  const times: number[] = [];
  const look = (): Promise<number> => {
    times.push(Date.now());
    return Promise.resolve(Date.now());
  };
  async function run(): Promise<void> {
    const states = poll(
      look,
      (at) => at >= doneAt,
      options,
      (waited) => new Error(`waited ${waited}`),
    );
    while ((await states.next()).done !== true);
  }
  return { times, end: run() };
}

vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => {
    vi.setSystemTime(Date.now() + ms);
    return Promise.resolve();
  },
}));

describe("time-out", () => {
  it("is used up to its end, also when the interval is longer", async () => {
    const { times, end } = looksOver(Infinity, { interval: 30_000, timeout: 70_000 });
    await expect(end).rejects.toThrow("waited 70000");
    expect(times).toEqual([0, 30_000, 60_000, 70_000]);
    const short = looksOver(15_000, { interval: 30_000, timeout: 20_000 });
    await expect(short.end).resolves.toBeUndefined();
  });

  it("of 0 looks once", async () => {
    const { times, end } = looksOver(Infinity, { interval: 30_000, timeout: 0 });
    await expect(end).rejects.toThrow("waited 0");
    expect(times).toEqual([0]);
  });
});

it.each([
  [{ interval: NaN }, "pollInterval"],
  [{ interval: -1 }, "pollInterval"],
  // Such a timer fires at once: the pause between looks would be none.
  [{ interval: 2 ** 31 }, "pollInterval"],
  [{ interval: 1, timeout: NaN }, "timeout"],
  [{ interval: 1, timeout: -1 }, "timeout"],
])("refuses %j before the first look", async (options, parameter) => {
  const { times, end } = looksOver(0, options);
  expect(await rejectionOf(end)).toMatchObject({ code: "input.invalid", details: { parameter } });
  expect(times).toEqual([]);
});
