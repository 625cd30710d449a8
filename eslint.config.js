import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      ".venv/",
      "dist/",
      "docs/api/",
      ".doc-examples*/",
      "coverage/",
      "test/package/",
      "test/types/",
      "demo-output/",
      ".sagemaker-local/",
      "src/codec/kernel/assembly/",
      "bench/work/",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // Builders and handles are plain methods without state of their own; `void` is how a callback is declared.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/unified-signatures": "off",
      // Indexed access is checked by the compiler (noUncheckedIndexedAccess); hot loops over typed arrays say `!` where the bound is proven.
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message: "Throw a SegmentationError with a code.",
        },
      ],
    },
  },
  { files: ["test/**", "scripts/**", "demo/**", "examples/**", "bench/**"], rules: { "no-restricted-syntax": "off" } },
  // Examples import the built package; `npm run examples` type-checks them with ts-node.
  { files: ["examples/**"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { module: "readonly" } },
  },
);
