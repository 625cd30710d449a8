import { describe, expect, it } from "vitest";
import { checkName, nameRules } from "../../src/aws/names.js";
import { timeStampedName, withoutTimeStamp } from "../../src/aws/time-stamped-name.js";

describe("timeStampedName", () => {
  it("adds the time in UTC and keeps names apart", () => {
    const far = Date.UTC(2100, 10, 21, 8, 0, 0, 7);
    expect(timeStampedName("turtles", far)).toBe("turtles-2100-11-21-08-00-00-007");
    expect(timeStampedName("turtles", far)).toBe("turtles-2100-11-21-08-00-00-008");
  });

  it("is a legal name whatever the base", () => {
    for (const base of ["t", "t".repeat(63), `${"t".repeat(38)}--x`]) {
      expect(checkName(nameRules.trainingJob, timeStampedName(base))).toHaveLength(
        24 + Math.min(39, base === "t" ? 1 : base.includes("x") ? 38 : 39),
      );
    }
  });

  it("is undone", () => {
    expect(withoutTimeStamp(timeStampedName("turtles"))).toBe("turtles");
    expect(withoutTimeStamp("turtles-2022")).toBe("turtles-2022");
  });
});
