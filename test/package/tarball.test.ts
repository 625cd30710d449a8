import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brightnessModel } from "../support/tiny-onnx.js";
import { emptyProject, root } from "./project.js";
import type { Project } from "./project.js";

const subpaths = ["sagemaker-semseg", "sagemaker-semseg/masks", "sagemaker-semseg/local", "sagemaker-semseg/onnx"];

/** A round trip through the public door: 3 x 2 mask, written and read again. */
const use = `
const mask = decodeMask(encodeMask({ width: 3, height: 2, data: new Uint8Array([0, 1, 1, 0, 0, 1]) }, { kind: "gray" }));
console.log([...mask.data].join(""), typeof createSession, typeof startLocal);
`;
const esm = `import { createSession } from "sagemaker-semseg";
import { decodeMask, encodeMask } from "sagemaker-semseg/masks";
import { startLocal } from "sagemaker-semseg/local";
${use}`;
const cjs = `const { createSession } = require("sagemaker-semseg");
const { decodeMask, encodeMask } = require("sagemaker-semseg/masks");
const { startLocal } = require("sagemaker-semseg/local");
${use}`;
const printed = "011001 function function";

describe("the packed package in an empty project", () => {
  let project: Project;
  beforeAll(() => {
    project = emptyProject();
    writeFileSync(
      path.join(project.folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { module: "nodenext", target: "es2022", strict: true, skipLibCheck: true, types: [] },
      }),
    );
  });
  afterAll(() => project.remove());

  it("is imported as an ES module", () => {
    expect(project.run("main.mjs", esm, "node", ["main.mjs"]).output).toContain(printed);
  });

  it("is required as CommonJS", () => {
    expect(project.run("main.cjs", cjs, "node", ["main.cjs"]).output).toContain(printed);
  });

  it("runs with ts-node, type check included", () => {
    const result = project.run("main.ts", esm, "ts-node", ["main.ts"]);
    expect(result.output).toContain(printed);
    expect(result.status).toBe(0);
  });

  it("runs with tsx", () => {
    expect(project.run("main-tsx.ts", esm, "tsx", ["main-tsx.ts"]).output).toContain(printed);
  });

  it("has errors that both formats recognise", () => {
    const result = project.run(
      "both.cjs",
      `const cjs = require("sagemaker-semseg");
       import("sagemaker-semseg").then((esm) => {
         try { cjs.defineClasses([]); } catch (error) {
           console.log(error instanceof esm.SegmentationError, esm.SegmentationError.is(error, "classes"));
         }
       });`,
      "node",
      ["both.cjs"],
    );
    expect(result.output).toContain("false true");
  });

  it.each([
    ["workers.mjs", 'import { createMaskDecoder, encodeMask } from "sagemaker-semseg/masks";'],
    ["workers.cjs", 'const { createMaskDecoder, encodeMask } = require("sagemaker-semseg/masks");'],
  ])("decodes masks in worker threads (%s) and lets the process end", (file, door) => {
    const work = `
const png = encodeMask({ width: 3, height: 2, data: new Uint8Array([0, 1, 1, 0, 0, 1]) });
const decoder = createMaskDecoder({ workers: 2 });
(async () => {
  for await (const mask of decoder.decodeMany([png, png, png])) console.log([...mask.data].join(""));
  await decoder.decode(png.subarray(0, 40)).catch((error) => console.log(error.name, error.code));
})();`;
    const result = project.run(file, door + work, "node", [file]);
    expect(result.output.trim().split(/\r?\n/)).toEqual(["011001", "011001", "011001", "SegmentationError codec.png"]);
    expect(result.status).toBe(0);
  });

  it.each([
    [
      "onnx.mjs",
      'import { createLocalPredictor } from "sagemaker-semseg/onnx"; import { defineClasses } from "sagemaker-semseg";',
    ],
    [
      "onnx.cjs",
      'const { createLocalPredictor } = require("sagemaker-semseg/onnx"); const { defineClasses } = require("sagemaker-semseg");',
    ],
  ])("without a runtime it predicts nothing and says what to install (%s)", (file, door) => {
    const work = `
createLocalPredictor(new Uint8Array([8, 7]), { classes: defineClasses(["a", "b"]) }).catch((error) => {
  console.log(error.code, error.details.packages.join("+"));
  console.log(error.message);
});`;
    const { output, status } = project.run(file, door + work, "node", [file]);
    expect(output).toContain("onnx.runtime onnxruntime-node+onnxruntime-web");
    expect(output).toContain("npm install --ignore-scripts onnxruntime-node");
    expect(status).toBe(0);
  });

  it("predicts with the thread of the package, and lets the process end", () => {
    // The runtime of this repository, at its place beside the package.
    for (const name of [
      "onnxruntime-web",
      "onnxruntime-common",
      "flatbuffers",
      "guid-typescript",
      "long",
      "platform",
    ]) {
      const from = path.join(root, "node_modules", name);
      symlinkSync(from, path.join(project.folder, "node_modules", name), "junction");
    }
    writeFileSync(path.join(project.folder, "bright.onnx"), brightnessModel());
    const use = `
(async () => {
  const predictor = await createLocalPredictor("bright.onnx", { classes: defineClasses(["r", "g", "b"]), threads: 1 });
  const mask = await predictor.mask({ width: 3, height: 1, data: Uint8Array.of(9, 1, 2, 1, 9, 2, 1, 2, 9) });
  console.log(predictor.runtime, [...mask.data].join(""));
  if (left !== "open") await predictor.dispose();
})();`;
    const esm = `import { createLocalPredictor } from "sagemaker-semseg/onnx"; import { defineClasses } from "sagemaker-semseg/masks"; const left = "open";${use}`;
    const cjs = `const { createLocalPredictor } = require("sagemaker-semseg/onnx"); const { defineClasses } = require("sagemaker-semseg/masks"); const left = "";${use}`;
    const results = [
      project.run("predict.mjs", esm, "node", ["predict.mjs"]),
      project.run("predict.cjs", cjs, "node", ["predict.cjs"]),
    ];
    for (const { output, status } of results) {
      expect(output.trim()).toBe("web 012");
      expect(status).toBe(0);
    }
  });

  it("loads no AWS client and no dependency for ./masks, and no AWS client at import of the main door", () => {
    const list = `console.log(Object.keys(require.cache).filter((name) => name.includes("node_modules")).map((name) => name.split("node_modules").pop().replaceAll("\\\\", "/")).filter((name) => !name.startsWith("/sagemaker-semseg/")).join(","), "end");`;
    expect(
      project.run("masks.cjs", `require("sagemaker-semseg/masks");${list}`, "node", ["masks.cjs"]).output.trim(),
    ).toBe("end");
    expect(
      project.run("main-cache.cjs", `require("sagemaker-semseg");${list}`, "node", ["main-cache.cjs"]).output,
    ).not.toContain("@aws-sdk");
  });

  it("offers the command line tool", () => {
    const bin = path.join(project.folder, "node_modules", ".bin", "sagemaker-semseg");
    const result = project.run("none.txt", "", bin, ["--help"]);
    expect(result.output).toContain("sagemaker-semseg local");
    expect(result.status).toBe(0);
  });

  it("contains the build, the licence and nothing else", () => {
    expect(project.packed).toEqual(
      expect.arrayContaining(["LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "package.json"]),
    );
    expect(
      project.packed.filter(
        (name) => !/^(dist\/|LICENSE$|NOTICE$|README\.md$|CHANGELOG\.md$|package\.json$)/.test(name),
      ),
    ).toEqual([]);
  });

  it.each(subpaths)("resolves %s only through its exports", (subpath) => {
    const inner = project.run("inner.cjs", `require("${subpath}/dist/index.cjs");`, "node", ["inner.cjs"]);
    expect(inner.output).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});
