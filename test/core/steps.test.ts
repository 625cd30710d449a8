import { describe, expect, it } from "vitest";
import { SegmentationError } from "../../src/core/errors.js";
import { requireSteps } from "../../src/core/steps.js";

describe("requireSteps", () => {
  it("names all missing steps in one error", () => {
    try {
      requireSteps("The labeling job", { images: undefined, classes: ["a"], workteam: undefined });
      expect.unreachable();
    } catch (error) {
      expect(SegmentationError.is(error, "builder.incomplete") && error.details.missing).toEqual([
        "images",
        "workteam",
      ]);
      expect((error as Error).message).toContain(".images(...), .workteam(...)");
    }
  });

  it("lets a complete builder pass, falsy values included", () => {
    expect(() => requireSteps("x", { count: 0, name: "", flag: false })).not.toThrow();
  });
});
