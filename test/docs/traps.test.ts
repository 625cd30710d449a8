import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const page = readFileSync(path.join(root, "docs/masks.md"), "utf8");
const named = [...page.matchAll(/`(test\/[^`]+\.test\.ts)`: "([^|]+)" +\|$/gm)].map(
  ([, file = "", title = ""]) => [file, title] as const,
);

describe("the traps of docs/masks.md", () => {
  it("have a test each", () => {
    // Rows of the tables that have a column for the test.
    const rows = page.split("\n").filter((line) => line.startsWith("|") && line.split(" | ").length === 4);
    const scores = page.slice(page.indexOf("## Scores")).split("\n");
    const traps = rows.filter((row) => !/^\| (trap|-+) /.test(row) && !scores.includes(row));
    expect(named.length).toBe(traps.length);
    expect(named.length).toBeGreaterThan(30);
  });

  it.each(named)("%s: %s", (file, title) => {
    expect(existsSync(path.join(root, file))).toBe(true);
    expect(readFileSync(path.join(root, file), "utf8")).toContain(title);
  });
});
