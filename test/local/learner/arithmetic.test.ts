import { expect, it } from "vitest";
import { cosine, exp, log, power } from "../../../src/local/learner/arithmetic.js";

it("agrees with the engine's functions", () => {
  for (let x = -50; x <= 50; x += 0.37) expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 8);
  for (let x = 1e-12; x < 1e6; x *= 1.7) expect(log(x)).toBeCloseTo(Math.log(x), 9);
  for (let x = 0; x <= Math.PI; x += 0.1) expect(cosine(x)).toBeCloseTo(Math.cos(x), 9);
  expect(power(0.25, 0.9)).toBeCloseTo(0.25 ** 0.9, 9);
  expect([exp(-1000), exp(0), power(0, 0.9)]).toEqual([0, 1, 0]);
});
