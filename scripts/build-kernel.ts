import { writeFile } from "node:fs/promises";
import { compileKernel, kernelFile, kernelSource } from "./compile-kernel.js";

const wasm = await compileKernel();
await writeFile(kernelFile, kernelSource(wasm));
console.log(`${kernelFile}: ${wasm.length} bytes`);
