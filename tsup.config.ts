import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts", masks: "src/masks.ts", local: "src/local.ts", cli: "src/cli.ts" },
  format: ["esm", "cjs"],
  target: "node20",
  platform: "node",
  dts: true,
  // One class reached through two subpaths must be one class, in CJS as well.
  splitting: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
});
