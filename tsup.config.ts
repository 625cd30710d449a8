import { defineConfig } from "tsup";

export default defineConfig({
  entry: {
    index: "src/index.ts",
    masks: "src/masks.ts",
    local: "src/local.ts",
    onnx: "src/onnx.ts",
    cli: "src/cli.ts",
    // The thread of `createMaskDecoder`, found beside the other files.
    "mask-worker": "src/mask-worker.ts",
    // The thread of `createLocalPredictor`, likewise.
    "inference-worker": "src/inference/inference-worker.ts",
  },
  format: ["esm", "cjs"],
  target: "node20",
  platform: "node",
  dts: true,
  // One class reached through two subpaths must be one class, in CJS as well.
  splitting: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
  esbuildOptions(options) {
    // Code that asks for `import.meta.url` asks for `__filename` first, which CommonJS has.
    options.logOverride = { "empty-import-meta": "silent" };
  },
});
