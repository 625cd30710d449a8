import { describe, expect, it } from "vitest";
import { toHalf } from "../../src/onnx/float16.js";

/** What a half stands for, by the definition of IEEE 754. */
function meaning(half: number): number {
  const [sign, exponent, fraction] = [half >> 15, (half >> 10) & 31, half & 1023];
  const size = exponent === 0 ? fraction / 2 ** 24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return sign === 1 ? -size : size;
}

describe("toHalf", () => {
  it("gives back every half", () => {
    const halves = Array.from({ length: 65_536 }, (_, half) => half).filter((half) => ((half >> 10) & 31) !== 31);
    expect(halves.filter((half) => toHalf(meaning(half)) !== half)).toEqual([]);
  });

  it("rounds to the nearest, and ties to even", () => {
    const wrong = Array.from({ length: 0x7bff }, (_, half) => half).filter((half) => {
      const [low, high] = [meaning(half), meaning(half + 1)];
      return (
        toHalf((low + high) / 2) !== (half % 2 === 0 ? half : half + 1) ||
        toHalf(Math.fround(low + (high - low) * 0.49)) !== half ||
        toHalf(Math.fround(low + (high - low) * 0.51)) !== half + 1
      );
    });
    expect(wrong).toEqual([]);
  });

  it("knows the ends of the range", () => {
    expect(toHalf(65_504)).toBe(0x7bff);
    expect(toHalf(65_519)).toBe(0x7bff);
    expect(toHalf(65_520)).toBe(0x7c00);
    expect(toHalf(-Infinity)).toBe(0xfc00);
    expect(toHalf(2 ** -26)).toBe(0);
    expect(toHalf(-0)).toBe(0x8000);
    expect(toHalf(Number.NaN) & 0x7fff).toBeGreaterThan(0x7c00);
  });
});
