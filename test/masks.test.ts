import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

describe("the masks entry", () => {
  it("reaches node:zlib and node:buffer alone outside of this package", () => {
    const seen = new Set<string>();
    const outside = new Set<string>();
    const visit = (file: URL): void => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      const source = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^import type .*/gm, "");
      for (const [, specifier] of source.matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
        if (specifier!.startsWith(".")) visit(new URL(specifier!.replace(/\.js$/, ".ts"), file));
        else outside.add(specifier!);
      }
    };
    visit(new URL("../src/masks.ts", import.meta.url));
    expect([...outside].filter((name) => name !== "node:zlib" && name !== "node:buffer")).toEqual([]);
    expect(seen.size).toBeGreaterThan(20);
  });
});
