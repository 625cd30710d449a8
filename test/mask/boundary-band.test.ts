import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundaryBand } from "../../src/mask/boundary-band.js";

/** The rule in words: any pixel of the square around that has another index, or is outside where that counts. */
function bandByRule(width: number, height: number, data: readonly number[], distance: number, frame: boolean) {
  return data.map((index, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let dy = -distance; dy <= distance; dy++) {
      for (let dx = -distance; dx <= distance; dx++) {
        const inside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
        if (inside ? data[(y + dy) * width + x + dx] !== index : frame) return 1;
      }
    }
    return 0;
  });
}

describe("boundaryBand", () => {
  it("marks the pixels that the rule in words marks", () => {
    const picture = fc
      .tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }))
      .chain(([width, height]) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          // Mostly one index, so that there is an inside.
          data: fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 255), {
            minLength: width * height,
            maxLength: width * height,
          }),
          block: fc.tuple(fc.nat(width), fc.nat(height)),
        }),
      );
    fc.assert(
      fc.property(
        picture,
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        ({ width, height, data, block }, distance, frame) => {
          const cleared = data.map((index, at) =>
            at % width < block[0] && Math.floor(at / width) < block[1] ? 0 : index,
          );
          const found = boundaryBand({ width, height, data: Uint8Array.from(cleared) }, distance, frame);
          expect([...found]).toEqual(bandByRule(width, height, cleared, distance, frame));
        },
      ),
      { numRuns: 300 },
    );
  });
});
