import { defineConfig } from "tsup";

const common = {
  format: "esm",
  target: "node20",
  platform: "node",
  minify: true,
  clean: true,
  treeshake: true,
} as const;

/** The package as it is published, for the measurements: each entry by itself, so that its size can be told. */
export default defineConfig([
  { ...common, entry: { masks: "src/masks.ts" }, outDir: "bench/work/package", splitting: true },
  { ...common, entry: { index: "src/index.ts" }, outDir: "bench/work/package-main", splitting: true },
  { ...common, entry: { "decode-alone": "bench/decode-alone.ts" }, outDir: "bench/work/package-decode" },
]);
