import { describe, expect, it } from "vitest";
import { closestName } from "../../src/core/closest-name.js";

const known = ["learning_rate", "lr_scheduler", "optimizer", "momentum"];

describe("closestName", () => {
  it.each([
    ["learning_Rate", "learning_rate"],
    ["learningRate", "learning_rate"],
    ["lerning-rate", "learning_rate"],
    ["optmizer", "optimizer"],
    ["MOMENTUM", "momentum"],
  ])("takes %s for %s", (name, meant) => {
    expect(closestName(name, known)).toBe(meant);
  });

  it("does not guess", () => {
    for (const name of ["", "x", "kernel_size", "__proto__", "l".repeat(100_000)]) {
      expect(closestName(name, known)).toBeUndefined();
    }
    expect(closestName("a", [])).toBeUndefined();
  });
});
