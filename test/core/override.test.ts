import { describe, expect, it } from "vitest";
import { mergeOverride } from "../../src/core/override.js";

interface Request {
  readonly name: string;
  readonly tags?: readonly string[] | undefined;
  readonly nested?: { readonly a?: number | undefined; readonly b?: number | undefined } | undefined;
}

describe("mergeOverride", () => {
  const request: Request = Object.freeze({ name: "a", tags: ["x", "y"], nested: Object.freeze({ a: 1, b: 2 }) });

  it("merges objects, replaces lists, and changes neither side", () => {
    expect(mergeOverride(request, { tags: ["z"], nested: { b: 3 } })).toEqual({
      name: "a",
      tags: ["z"],
      nested: { a: 1, b: 3 },
    });
    expect(request).toEqual({ name: "a", tags: ["x", "y"], nested: { a: 1, b: 2 } });
  });

  it("takes members away that are undefined", () => {
    const merged = mergeOverride(request, { tags: undefined, nested: { a: undefined } });
    expect("tags" in merged).toBe(false);
    expect(merged.nested).toEqual({ b: 2 });
  });

  it("gives the request itself without an override", () => {
    expect(mergeOverride(request, undefined)).toBe(request);
  });

  it("adds what the request does not have", () => {
    expect(mergeOverride<Request>({ name: "a" }, { nested: { a: 1 } })).toEqual({ name: "a", nested: { a: 1 } });
  });

  it("keeps a member called __proto__ a member", () => {
    const override = JSON.parse('{"map":{"__proto__":"x"}}') as { map: Record<string, string> };
    const merged = mergeOverride<{ map?: Record<string, string> }>({}, override);
    expect(Object.keys(merged.map ?? {})).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});
