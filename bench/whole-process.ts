import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { median } from "./measure.js";

/** Milliseconds that `import "sagemaker-semseg/masks"` adds to an empty script: median of differences, interleaved. */
export function coldImport(
  entry: string,
  work: string,
  rounds: number,
): { readonly empty: number; readonly added: number } {
  mkdirSync(work, { recursive: true });
  const [empty, importing] = [join(work, "empty.mjs"), join(work, "importing.mjs")];
  writeFileSync(empty, "");
  writeFileSync(importing, `import ${JSON.stringify(pathToFileURL(entry).href)};\n`);
  const run = (script: string): number => {
    const start = process.hrtime.bigint();
    spawnSync(process.execPath, [script]);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  run(empty);
  run(importing);
  const pairs = Array.from({ length: rounds }, (_, round) => {
    const first = round % 2 === 0 ? run(empty) : run(importing);
    const second = round % 2 === 0 ? run(importing) : run(empty);
    return round % 2 === 0 ? [first, second] : [second, first];
  });
  return {
    empty: median(pairs.map(([without]) => without!)),
    added: median(pairs.map(([without, withIt]) => withIt! - without!)),
  };
}

/**
 * Decodes masks one after another in a process of its own; gives the resident bytes after the first one and the most
 * there were, asked for after each. (What the operating system calls the peak counts that of the parent as well.)
 */
export function memoryOfMany(
  entry: string,
  png: string,
  count: number,
  given: boolean,
): { readonly first: number; readonly peak: number } {
  const script = `
    const { readFileSync } = await import("node:fs");
    const { decodeMask } = await import(${JSON.stringify(pathToFileURL(entry).href)});
    const png = new Uint8Array(readFileSync(${JSON.stringify(png)}));
    const out = ${given} ? new Uint8Array(4096 * 3072) : undefined;
    decodeMask(png, { out });
    const first = process.memoryUsage.rss();
    let peak = first;
    for (let n = 1; n < ${count}; n++) {
      decodeMask(png, { out });
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    console.log(JSON.stringify({ first, peak }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as { first: number; peak: number };
}
