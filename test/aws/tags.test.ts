import { describe, expect, it } from "vitest";
import { tagList } from "../../src/aws/tags.js";
import { refusalOf } from "../support/refusal-of.js";

describe("tagList", () => {
  it("writes tags in their order, with letters of any script, blanks and empty values", () => {
    expect(tagList({ "проект 1": "a=b/c+d-e@f:g_h.i", empty: "" })).toEqual([
      { Key: "проект 1", Value: "a=b/c+d-e@f:g_h.i" },
      { Key: "empty", Value: "" },
    ]);
  });

  it.each([
    ["an empty key", { "": "x" }],
    ["a key of 129 characters", { ["k".repeat(129)]: "x" }],
    ["a value of 257 characters", { key: "v".repeat(257) }],
    ["a semicolon", { key: "a;b" }],
    ["the letters that the pattern means without its flag, and a brace", { "p{L}": "x" }],
    ["51 tags", Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, "v"]))],
  ])("refuses %s", (_, tags) => {
    expect(refusalOf(() => tagList(tags))).toMatchObject({ code: "input.invalid" });
  });
});
