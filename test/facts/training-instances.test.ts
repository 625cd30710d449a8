import { describe, expect, it } from "vitest";
import { documentedTrainingInstances, gpuCount, trainingInstanceKind } from "../../src/facts/training-instances.js";

describe("training instances", () => {
  it("knows the documented families", () => {
    expect(documentedTrainingInstances.every((type) => trainingInstanceKind(type) === "documented")).toBe(true);
    // A new size of a documented family is documented, too.
    expect(trainingInstanceKind("ml.g5.metal")).toBe("documented");
  });

  it.each([
    ["ml.p4d.24xlarge", "undocumented"],
    ["ml.g6e.xlarge", "undocumented"],
    ["ml.c5.xlarge", "no-gpu"],
    ["ml.g5g.xlarge", "no-gpu"],
    ["ml.inf2.xlarge", "no-gpu"],
    ["p3.2xlarge", "invalid"],
    ["ml.p3", "invalid"],
    ["__proto__", "invalid"],
  ])("takes %s for %s", (type, kind) => {
    expect(trainingInstanceKind(type)).toBe(kind);
  });

  // Numbers of AWS's instance pages.
  it("counts GPUs", () => {
    expect(
      ["ml.p3.2xlarge", "ml.p3.8xlarge", "ml.p2.16xlarge", "ml.g4dn.12xlarge", "ml.g5.48xlarge"].map(gpuCount),
    ).toEqual([1, 4, 16, 4, 8]);
    expect(gpuCount("ml.p4d.24xlarge")).toBeUndefined();
    expect(gpuCount("constructor")).toBeUndefined();
  });
});
