import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withoutKernel } from "../../src/codec/kernel/kernel.js";
import { raisePlane } from "../../src/mask/raise-plane.js";

describe("raisePlane", () => {
  it("gives the same in the kernel and in JavaScript, for any values and lengths", () => {
    const value = fc.constantFrom(-Infinity, -1, -0, 0, 0.25, 0.5, 1, Infinity, NaN);
    const length = fc.oneof(fc.integer({ min: 256, max: 400 }), fc.integer({ min: 60_000, max: 70_000 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 30, maxLength: 97 }), length, fc.nat(40), (some, count, from) => {
        const raised = () => {
          const best = new Float32Array(count + from);
          const index = new Uint8Array(count + from);
          for (const plane of [0, 1, 2, 3]) {
            const values = Float32Array.from(
              { length: count },
              (_, at) => some[(at * (plane + 1) + plane) % some.length]!,
            );
            raisePlane(best, index, from, values, plane);
          }
          return { best, index };
        };
        const [kernel, plain] = [raised(), withoutKernel(raised)];
        expect(Buffer.compare(kernel.index, plain.index)).toBe(0);
        // Bytes: NaN is compared, and -0 with 0.
        expect(Buffer.compare(new Uint8Array(kernel.best.buffer), new Uint8Array(plain.best.buffer))).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
