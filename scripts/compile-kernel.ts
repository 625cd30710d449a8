import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";

/** The part of the AssemblyScript compiler that is used here. */
interface Compiler {
  main(
    options: readonly string[],
    host: {
      readFile(name: string, base: string): Promise<string | null>;
      writeFile(name: string, contents: Uint8Array | string): void;
      listFiles(): string[];
      stderr: NodeJS.WritableStream;
    },
  ): Promise<{ readonly error: Error | null }>;
}

// Not imported by name: its declarations are global and would change `Array.at` and others for the whole project.
const compilerModule: string = "assemblyscript/asc";
const { default: asc } = (await import(compilerModule)) as { default: Compiler };

const folder = fileURLToPath(new URL("../src/codec/kernel/", import.meta.url));

/** Where the compiled kernel is kept. */
export const kernelFile = `${folder}kernel-bytes.ts`;

/** Compiles the kernel: 15 pages of memory, no runtime, no imports. */
export async function compileKernel(): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error } = await asc.main(
    [
      "assembly/index.ts",
      ...[
        "-O3",
        "--noAssert",
        "--runtime",
        "stub",
        "--enable",
        "simd",
        "--initialMemory",
        "15",
        "--maximumMemory",
        "15",
      ],
      ...["--outFile", "kernel.wasm"],
    ],
    {
      readFile: (name, base) => readFile(`${base === "." ? folder : `${base}/`}${name}`, "utf8").catch(() => null),
      writeFile: (_, contents) => {
        if (typeof contents !== "string") wasm = contents;
      },
      listFiles: () => [],
      stderr: process.stderr,
    },
  );
  if (error !== null) throw error;
  if (wasm === undefined) throw new Error("The compiler wrote nothing.");
  return wasm;
}

/** The file that holds the compiled kernel. */
export function kernelSource(wasm: Uint8Array): string {
  return [
    "// Made from assembly/ by `npm run kernel`; test/codec/kernel-bytes.test.ts compares.",
    "/** The compiled kernel, a zlib stream, base64. */",
    "export const kernelBase64 =",
    `  "${deflateSync(wasm, { level: 9 }).toString("base64")}";`,
    "/** Its bytes when inflated. */",
    `export const kernelLength = ${wasm.length};`,
    "",
  ].join("\n");
}
