import { describe, expect, it } from "vitest";
import { SegmentationError } from "../../src/core/errors.js";

const png = new SegmentationError("codec.png", "Cut off at byte 8.", { offset: 8 });

describe("SegmentationError", () => {
  it("is an Error with code, details and cause", () => {
    const cause = new TypeError("inner");
    const error = new SegmentationError("codec.png", "Cut off.", { offset: 3, chunk: "IDAT" }, { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.message, error.code, error.cause]).toEqual([
      "SegmentationError",
      "Cut off.",
      "codec.png",
      cause,
    ]);
    expect(error.details).toEqual({ offset: 3, chunk: "IDAT" });
  });

  it("is recognised as any, by code, and by area", () => {
    expect(SegmentationError.is(png)).toBe(true);
    expect(SegmentationError.is(png, "codec.png")).toBe(true);
    expect(SegmentationError.is(png, "codec")).toBe(true);
    expect(SegmentationError.is(png, "codec.jpeg")).toBe(false);
    expect(SegmentationError.is(png, "aws")).toBe(false);
  });

  it("does not take a code for an area that only begins alike", () => {
    expect(SegmentationError.is(png, "codec.p" as "codec.png")).toBe(false);
    expect(SegmentationError.is(png, "cod" as "codec")).toBe(false);
  });

  it.each([null, undefined, "codec.png", 7, {}, new Error("x"), { code: "codec.png", details: {} }])(
    "does not take %s",
    (value) => {
      expect(SegmentationError.is(value)).toBe(false);
    },
  );

  it("recognises an error of another copy of the package by its brand", () => {
    const foreign = Object.assign(new Error("from another copy"), { code: "job.failed", details: {} });
    Object.defineProperty(foreign, Symbol.for("sagemaker-semseg.error"), { value: true });
    expect(foreign).not.toBeInstanceOf(SegmentationError);
    expect(SegmentationError.is(foreign, "job")).toBe(true);
  });

  it("keeps the brand out of what is printed and copied", () => {
    expect(Object.keys(png)).not.toContain("brand");
    expect(JSON.parse(JSON.stringify(png))).toEqual({
      name: "SegmentationError",
      code: "codec.png",
      details: { offset: 8 },
    });
  });
});
