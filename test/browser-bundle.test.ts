import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as Masks from "../src/masks.js";

// What a browser has beside the language and WebAssembly; no `process`, no `Buffer`, no `require`.
const browser = { atob, TextDecoder, TextEncoder, AbortSignal, AbortController, DOMException };

describe("the masks entry, bundled for browsers", () => {
  const folder = mkdtempSync(join(tmpdir(), "masks-bundle-"));
  let bundle: string;

  beforeAll(async () => {
    await build({
      config: false,
      silent: true,
      entry: { masks: "src/masks.ts" },
      outDir: folder,
      format: ["iife"],
      globalName: "masks",
      platform: "browser",
      target: "es2022",
      minify: true,
      esbuildOptions: (options) => {
        options.logLevel = "error";
      },
    });
    bundle = readFileSync(join(folder, "masks.global.js"), "utf8");
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ["with WebAssembly", {}, "object"],
    ["without WebAssembly", { WebAssembly: undefined }, "undefined"],
  ])("reads what it writes %s", (_, globals, type) => {
    const context = createContext({ ...browser, ...globals });
    expect(runInContext("typeof WebAssembly", context)).toBe(type);
    const masks = runInContext(`${bundle}; masks`, context) as typeof Masks;
    const data = Uint8Array.from({ length: 70 * 50 }, (_, at) => (at >> 5) % 3);
    const classes = masks.defineClasses(["a", "b", "c"]);
    for (const options of [{}, { kind: "gray" }, { compression: "small" }, { depth: "smallest" }] as const) {
      const png = masks.encodeMask({ width: 70, height: 50, data }, options);
      expect(Buffer.compare(masks.decodeMask(png, { classes }).data, data)).toBe(0);
    }
    const map = masks.createProbabilityMap(2, 1, Float32Array.of(0.1, 0.5, 0.6, 0.2, 0.3, 0.3), classes);
    expect([...map.argmax().data]).toEqual([1, 0]);
    const answer = masks.encodeProbabilities(map);
    expect([...masks.decodeProbabilities(answer, { classes }).argmax().data]).toEqual([1, 0]);
  });

  it("names no module of Node that a bundler could not leave out", () => {
    expect(bundle).not.toMatch(/require\("node:|from"node:|import"node:/);
  });
});
