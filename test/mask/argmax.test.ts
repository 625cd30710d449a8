import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { argmaxPlanes, maxPlanes } from "../../src/mask/argmax.js";

const value = fc.oneof(
  { weight: 20, arbitrary: fc.float({ min: 0, max: 1, noNaN: true }) },
  { weight: 3, arbitrary: fc.constantFrom(0, -0, 0.5, 1, Infinity, -Infinity, -3) },
  { weight: 1, arbitrary: fc.constant(NaN) },
);

describe("the highest of planes", () => {
  it("is the same in the kernel and in JavaScript, for any number of classes and pixels", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 254 }),
        fc.integer({ min: 1, max: 1200 }),
        fc.array(value, { minLength: 1, maxLength: 97 }),
        (classes, pixels, some) => {
          const values = Float32Array.from(
            { length: classes * pixels },
            (_, at) => some[(at * 7 + (at >> 5)) % some.length]!,
          );
          const [found, best] = [
            argmaxPlanes(values, classes, pixels, new Uint8Array(pixels)),
            maxPlanes(values, classes, pixels),
          ];
          withoutKernel(() => {
            expect(found).toEqual(argmaxPlanes(values, classes, pixels, new Uint8Array(pixels)));
            expect(best).toEqual(maxPlanes(values, classes, pixels));
          });
          // The rule itself, at one pixel of the last vector.
          const last = Array.from({ length: classes }, (_, c) => values[c * pixels + pixels - 1]!);
          const nan = last.findIndex(Number.isNaN);
          expect(found[pixels - 1]).toBe(nan >= 0 ? nan : last.indexOf(Math.max(...last)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
