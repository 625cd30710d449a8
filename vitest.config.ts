import { defineConfig } from "vitest/config";

const common = { testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 };

export default defineConfig({
  test: {
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", AWS_EC2_METADATA_DISABLED: "true" },
    projects: [
      // `npm test`: stands alone, needs nothing outside this folder.
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/shared/**", "test/peers/**", "test/package/**"],
          ...common,
        },
      },
      // `npm run test:shared`: runs over the reference files in ../shared.
      { extends: true, test: { name: "shared", include: ["test/shared/**/*.test.ts"], ...common } },
      // `npm run test:peers`: outside clients against the embedded backend.
      { extends: true, test: { name: "peers", include: ["test/peers/**/*.test.ts"], ...common, testTimeout: 900_000 } },
      // Built and packed package.
      {
        extends: true,
        test: { name: "package", include: ["test/package/**/*.test.ts"], ...common, testTimeout: 300_000 },
      },
    ],
  },
});
