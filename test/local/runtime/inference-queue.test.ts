import { expect, it } from "vitest";
import { InferenceQueue } from "../../../src/local/runtime/inference-queue.js";

const mebibyte = 1024 * 1024;
const unavailable = expect.objectContaining({ type: "ServiceUnavailable", status: 503 }) as Error;

it("has room for 128 requests", () => {
  const queue = new InferenceQueue();
  const leave = Array.from({ length: 128 }, () => queue.enter(1));
  expect(() => queue.enter(1)).toThrow(unavailable);
  leave[0]?.();
  leave[0]?.(); // once more gives no more room
  queue.enter(1);
  expect(() => queue.enter(1)).toThrow(unavailable);
});

it("has room for 256 MiB", () => {
  const queue = new InferenceQueue();
  const leave = Array.from({ length: 10 }, () => queue.enter(25 * mebibyte));
  expect(() => queue.enter(25 * mebibyte)).toThrow(unavailable);
  queue.enter(6 * mebibyte);
  leave[3]?.();
  queue.enter(25 * mebibyte);
});

it("answers in turn, also after a failure", async () => {
  const queue = new InferenceQueue();
  const order: number[] = [];
  const work = (n: number) => async () => {
    order.push(n);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(n);
    if (n === 1) throw new Error("one");
  };
  const all = await Promise.allSettled([1, 2, 3].map((n) => queue.inTurn(work(n))));
  expect(all.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(order).toEqual([1, 1, 2, 2, 3, 3]);
});
