import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./project.js";

/** Every required step: the chain without it, and the name that the compiler must print. */
const incomplete: readonly (readonly [missing: string, chain: string])[] = [
  ["images", `session.labelingJob("j").classes(classes).workteam(team).instructions(texts).start()`],
  ["classes", `session.labelingJob("j").images("s3://bucket/i/").workteam(team).instructions(texts).start()`],
  ["workteam", `session.labelingJob("j").images("s3://bucket/i/").classes(classes).instructions(texts).start()`],
  ["instructions", `session.labelingJob("j").images("s3://bucket/i/").classes(classes).workteam(team).start()`],
  ["images", `session.labelingJob("j").classes(classes).workteam(team).instructions(texts).toRequest()`],
  ["labels(...) or pairs(...)", `session.dataset(classes).split({ train: 0.8, validation: 0.2, seed: 1 }).upload()`],
  ["dataset", `session.estimator("e").classes(classes).instance("ml.p3.2xlarge").fit()`],
  ["classes", `session.estimator("e").channels(channels).instance("ml.p3.2xlarge").fit()`],
  ["instance", `session.estimator("e").channels(channels).classes(classes).fit()`],
  ["instance", `session.estimator("e").channels(channels).classes(classes).toRequest()`],
  ["instance", `session.model("s3://bucket/m/model.tar.gz", classes).deploy().create()`],
];

const prelude = `
import { createSession, defineClasses } from "sagemaker-semseg";
const session = createSession({ region: "us-east-1" });
const classes = defineClasses(["background", "sea turtle"]);
const team = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";
const texts = { short: "Paint.", full: "<p>Paint.</p>" };
const channels = { train: "s3://bucket/t/", train_annotation: "s3://bucket/ta/", validation: "s3://bucket/v/", validation_annotation: "s3://bucket/va/" };
`;

const complete = [
  `session.labelingJob("j").images("s3://bucket/i/").classes(classes).workteam(team).instructions(texts).toRequest()`,
  `session.estimator("e").channels(channels).classes(classes).instance("ml.p3.2xlarge").toRequest()`,
];

describe("a missing required step is a compile error that names it (built declarations)", () => {
  let folder: string;
  let messages: (file: string) => string;

  beforeAll(() => {
    // Within the package's folder: `import "sagemaker-semseg"` is then the built package through its exports.
    folder = mkdtempSync(path.join(root, ".doc-examples-"));
    const chains = [...incomplete.map(([, chain]) => chain), ...complete];
    const files = chains.flatMap((chain, index) =>
      // Both formats have declarations of their own.
      ["mts", "cts"].map((extension) => {
        const file = path.join(folder, `chain-${String(index)}.${extension}`);
        writeFileSync(
          file,
          `${prelude}\nexport const result = ${chain};\nexport { session, classes, team, texts, channels };\n`,
        );
        return file;
      }),
    );
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    });
    const found = new Map<string, string[]>();
    for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
      const key = path.resolve(file?.fileName ?? "");
      found.set(key, [...(found.get(key) ?? []), ts.flattenDiagnosticMessageText(messageText, "\n")]);
    }
    messages = (file) => (found.get(path.join(folder, file)) ?? []).join("\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(incomplete.map(([missing, chain], index) => [missing, chain, index] as const))(
    "%s: %s",
    (missing, _chain, index) => {
      for (const extension of ["mts", "cts"])
        expect(messages(`chain-${String(index)}.${extension}`)).toContain(`"${missing}"`);
    },
  );

  it.each(complete.map((chain, index) => [chain, incomplete.length + index] as const))(
    "compiles %s",
    (_chain, index) => {
      for (const extension of ["mts", "cts"]) expect(messages(`chain-${String(index)}.${extension}`)).toBe("");
    },
  );
});
