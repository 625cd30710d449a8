/**
 * Type-checks every TypeScript example of the documentation (doc comments in `src`, README, CONTRIBUTING) against the
 * built package, so that an example cannot rot. Names that examples take for granted stand in `doc-example-context.d.ts`.
 *
 *     npm run build && npx tsx scripts/check-doc-examples.ts
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
// Inside the package's own folder, so that `import "sagemaker-semseg"` is the package itself through its exports.
const folder = path.join(root, ".doc-examples");

interface Example {
  readonly source: string;
  readonly line: number;
  readonly code: string;
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const found: Example[] = [];
  for (const match of text.matchAll(/^([ \t]*(?:\* ?)?)```ts\r?\n([\s\S]*?)^[ \t]*(?:\* ?)?```/gm)) {
    const line = text.slice(0, match.index).split("\n").length;
    const code = (match[2] ?? "").replaceAll(/^[ \t]*\* ?/gm, file.endsWith(".ts") ? "" : "$&");
    found.push({ source: file, line, code });
  }
  return found;
}

const sources = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => path.join("src", name));
const examples = [...sources, "README.md", "CONTRIBUTING.md"].flatMap(examplesOf);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const bySourceFile = new Map<string, Example>();
for (const [index, example] of examples.entries()) {
  const file = path.join(folder, `example-${String(index)}.mts`);
  writeFileSync(file, `${example.code}\nexport {};\n`);
  bySourceFile.set(path.resolve(file), example);
}

const program = ts.createProgram([...bySourceFile.keys(), path.join(root, "scripts", "doc-example-context.d.ts")], {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ["node"],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
});
let wrong = 0;
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const file = diagnostic.file;
  const example = file === undefined ? undefined : bySourceFile.get(path.resolve(file.fileName));
  const within = file === undefined ? 0 : file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1;
  const place =
    example === undefined ? (file?.fileName ?? "configuration") : `${example.source}:${String(example.line + within)}`;
  console.error(`${place}  ${ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ")}`);
  wrong++;
}
rmSync(folder, { recursive: true, force: true });
console.log(`${String(examples.length)} examples in the documentation, ${String(wrong)} compile errors`);
process.exitCode = wrong === 0 && examples.length > 0 ? 0 : 1;
