import { afterEach, describe, expect, it, vi } from "vitest";
import { stderr } from "node:process";
import { progressReporter } from "../../src/core/progress.js";
import type { Progress } from "../../src/core/progress.js";

afterEach(() => vi.restoreAllMocks());

function printed(tty: boolean, use: (reporter: ReturnType<typeof progressReporter>) => void): string {
  let text = "";
  vi.spyOn(stderr, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const before = stderr.isTTY;
  stderr.isTTY = tty;
  try {
    use(progressReporter(true, "upload", "images"));
  } finally {
    stderr.isTTY = before;
  }
  return text;
}

describe("progressReporter", () => {
  it("hands numbers to a callback", () => {
    const seen: Progress[] = [];
    const reporter = progressReporter((progress) => seen.push(progress), "upload", "images");
    reporter.report(1, 4, "cat.jpg");
    reporter.report(2);
    reporter.end();
    expect(seen).toEqual([
      { task: "upload", unit: "images", done: 1, total: 4, detail: "cat.jpg" },
      { task: "upload", unit: "images", done: 2 },
    ]);
  });

  it("prints nothing when not asked", () => {
    expect(printed(false, () => progressReporter(undefined, "upload", "images").report(1, 2))).toBe("");
  });

  it("prints plain lines elsewhere, the last one included, without control characters", () => {
    const text = printed(false, (reporter) => {
      for (let done = 1; done <= 50; done++) reporter.report(done, 50);
      reporter.end();
    });
    expect(text.split("\n").filter((line) => line !== "")).toEqual(["upload: 1/50 images", "upload: 50/50 images"]);
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it("draws one bar on a terminal and ends its line", () => {
    const text = printed(true, (reporter) => {
      reporter.report(1, 2, "cat\u001b[2J.jpg");
      reporter.report(2, 2);
      reporter.end();
    });
    expect(text).toContain("[############............] 1/2 images");
    expect(text).toContain("[########################] 2/2 images");
    expect(text).toContain("cat?[2J.jpg");
    expect(text.match(/\n/g)).toHaveLength(1);
  });
});
