import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kernel, withoutKernel } from "../../src/codec/kernel/kernel.js";
import { withoutZlib } from "../../src/codec/zlib.js";
import { decodeMask, defineClasses, SegmentationError } from "../../src/masks.js";
import type { DecodeMaskOptions } from "../../src/masks.js";
import { buildPng, chunk, concat, ihdr, signature } from "../codec/png-writer.js";
import { colorOf, randomMask } from "../codec/random-mask.js";

/** Masks that are made and decoded in every way; more with the environment variable MASK_RUNS. */
const numRuns = Number(process.env["MASK_RUNS"] ?? 10_000);
/** Longer than any of them. */
const memory = 40_000;

const colorMap = Object.fromEntries(
  Array.from({ length: 256 }, (_, index) => [
    `#${colorOf(index)
      .map((value) => value.toString(16).padStart(2, "0"))
      .join("")}`,
    index,
  ]),
);

/** The ways a mask is decoded: by machine, and with memory of the caller. */
const ways: Record<string, (png: Uint8Array, options: DecodeMaskOptions) => Uint8Array> = {
  kernel: (png, options) => decodeMask(png, options).data,
  "JavaScript and zlib": (png, options) => withoutKernel(() => decodeMask(png, options).data),
  "kernel without zlib": (png, options) => withoutZlib(() => decodeMask(png, options).data),
  "JavaScript alone": (png, options) => withoutZlib(() => withoutKernel(() => decodeMask(png, options).data)),
  "kernel, memory given": (png, options) => decodeMask(png, { ...options, out: new Uint8Array(memory).fill(9) }).data,
  "JavaScript, memory given": (png, options) =>
    withoutKernel(() => decodeMask(png, { ...options, out: new Uint8Array(memory).fill(9) }).data),
};

/** The indices, or the code of the refusal. */
function outcome(work: () => Uint8Array): string {
  try {
    return work().join();
  } catch (error) {
    if (SegmentationError.is(error)) return error.code;
    throw error;
  }
}

describe("the ways to decode a mask", () => {
  it("has the kernel here", () => {
    expect(kernel()).toBeDefined();
    expect(withoutKernel(kernel)).toBeUndefined();
    expect(kernel()!.bytes.length).toBeLessThan(1 << 20);
  });

  // Some seconds; more with MASK_RUNS or on a busy machine.
  it(`give the same bytes, which are the right ones (${numRuns} masks)`, { timeout: 600_000 }, () => {
    // What was tried, so that nothing is left out by chance.
    const seen = new Set<string>();
    let largest = 0;
    fc.assert(
      fc.property(randomMask, ({ spec, indices }) => {
        const png = buildPng(spec);
        seen.add(`${spec.colorType} ${spec.depth} ${spec.interlaced} ${spec.deflate?.level}`);
        for (const row of [0, 1, 2, 3, 4]) seen.add(`filter ${spec.filter?.(row)} ${spec.colorType} ${spec.depth}`);
        largest = Math.max(largest, indices.length);
        const options = spec.colorType === 2 || spec.colorType === 6 ? { colorMap } : {};
        for (const [name, decode] of Object.entries(ways)) {
          const found = decode(png, options);
          if (Buffer.compare(found, indices) !== 0)
            expect.fail(`${name}: ${found.join()} instead of ${indices.join()}`);
        }
      }),
      { numRuns },
    );
    // 15 kinds of files, interlaced and not, at 4 levels; 5 filters of each kind.
    if (numRuns >= 10_000) expect(seen.size).toBe(15 * 2 * 4 + 5 * 15);
    if (numRuns >= 10_000) expect(largest).toBeGreaterThan(8000);
  });

  it("accept and refuse the same files, damaged as they may be", () => {
    fc.assert(
      fc.property(
        randomMask,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.nat(3),
        ({ spec }, edits, lost) => {
          // The compressed data is damaged, the checksums of the chunks are right.
          const split = (data: Uint8Array): Uint8Array[] => {
            const damaged = Uint8Array.from(data);
            for (const [at, value] of edits) damaged[at % damaged.length] = value;
            return [damaged.subarray(0, damaged.length - lost)];
          };
          const png = buildPng({ ...spec, split });
          const options = spec.colorType === 2 || spec.colorType === 6 ? { colorMap } : {};
          const expected = outcome(() => ways["JavaScript and zlib"]!(png, options));
          for (const [name, decode] of Object.entries(ways)) {
            expect(`${name}: ${outcome(() => decode(png, options))}`).toBe(`${name}: ${expected}`);
          }
        },
      ),
      { numRuns: numRuns / 5 },
    );
  });

  it.each([
    ["longer than the kernel's memory", 1500, 1100, 6],
    ["stored", 1500, 1100, 0],
    ["with rows longer than the kernel takes", 70_001, 13, 6],
    ["with rows longer than any band of one row", 300_000, 3, 0],
  ])("agree on pictures %s", (_, width, height, level) => {
    const raw = new Uint8Array((width + 1) * height);
    let state = 1;
    for (let at = 0; at < raw.length; at++) {
      if (at % (width + 1) === 0) raw[at] = (at / (width + 1)) % 5;
      else {
        state = (state * 1103515245 + 12345) & 0x7fffffff;
        raw[at] = state % 61 < 2 ? state >>> 24 : 0;
      }
    }
    const data = deflateSync(raw, { level });
    const png = concat(signature, ihdr(width, height, 8, 0), chunk("IDAT", data), chunk("IEND"));
    const expected = ways["JavaScript and zlib"]!(png, {});
    for (const [name, decode] of Object.entries(ways)) {
      if (name.includes("given")) continue;
      expect(`${name}: ${Buffer.compare(decode(png, {}), expected)}`).toBe(`${name}: 0`);
    }
  });

  it("find unknown indices and colours alike", () => {
    const classes = defineClasses(["a", "b"]);
    const refusal = (name: string, png: Uint8Array, options: DecodeMaskOptions): unknown => {
      try {
        ways[name]!(png, options);
      } catch (error) {
        return SegmentationError.is(error) ? { code: error.code, details: error.details } : error;
      }
      return "accepted";
    };
    const gray = buildPng({
      width: 40,
      height: 2,
      depth: 8,
      colorType: 0,
      samples: new Uint8Array(80).fill(2, 50, 51),
    });
    const colors = buildPng({
      width: 40,
      height: 1,
      depth: 8,
      colorType: 2,
      samples: new Uint8Array(120).fill(9, 99, 102),
    });
    for (const [png, options] of [
      [gray, { classes } as DecodeMaskOptions],
      [colors, { colorMap: { "#000000": 0 } }],
    ] as const) {
      const expected = refusal("JavaScript and zlib", png, options);
      expect(expected).toHaveProperty("code");
      for (const name of Object.keys(ways)) expect(refusal(name, png, options)).toEqual(expected);
    }
  });
});
