import { expect, it } from "vitest";
import { compileKernel } from "../../scripts/compile-kernel.js";
import { kernelCode } from "../../src/codec/kernel/kernel.js";
import { withoutZlib } from "../../src/codec/zlib.js";

it("is what its source compiles to", async () => {
  const wasm = await compileKernel();
  expect(Buffer.compare(kernelCode(), wasm)).toBe(0);
  expect(Buffer.compare(withoutZlib(kernelCode), wasm)).toBe(0);
});
