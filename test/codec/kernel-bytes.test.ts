import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { compileKernel, kernelFile, kernelSource } from "../../scripts/compile-kernel.js";

it("is what its source compiles to", async () => {
  expect(await readFile(kernelFile, "utf8")).toBe(kernelSource(await compileKernel()));
});
