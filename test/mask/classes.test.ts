import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineClasses, formatColor, parseColor, SegmentationError } from "../../src/masks.js";

describe("defineClasses", () => {
  it("takes a name's position for its index", () => {
    const classes = defineClasses(["background", "sea turtle", "crab"]);
    expect(classes.indexOf("crab")).toBe(2);
    expect([classes.nameOf(1), classes.nameOf(3), classes.nameOf(255)]).toEqual(["sea turtle", undefined, undefined]);
    expect([classes.has("crab"), classes.has("toString")]).toEqual([true, false]);
    expect([classes.count, classes.ignoreIndex]).toEqual([3, 255]);
    expect(() => classes.indexOf("whale" as "crab")).toThrow(/The classes are: background, sea turtle, crab/);
  });

  it("has Ground Truth's colours by default and given ones where given", () => {
    const classes = defineClasses(["background", "a", "b"], { colors: { b: "#2CA02C" } });
    expect(classes.colors.map(formatColor)).toEqual(["#ffffff", "#1f77b4", "#2ca02c"]);
  });

  it("gives 254 classes different colours", () => {
    const { colors } = defineClasses(Array.from({ length: 254 }, (_, index) => `class ${index}`));
    expect(new Set(colors.map(String)).size).toBe(254);
  });

  it.each<[string, readonly string[], object?]>([
    ["no names", []],
    ["255 names", Array.from({ length: 255 }, (_, index) => String(index))],
    ["an empty name", ["background", " "]],
    ["a name twice", ["a", "a"]],
    ["an ignore index that is a class", ["a", "b"], { ignoreIndex: 1 }],
    ["an ignore index that is no byte", ["a"], { ignoreIndex: 256 }],
    ["a colour for no class", ["a"], { colors: { b: "#ffffff" } }],
    ["a colour that is none", ["a"], { colors: { a: "red" } }],
    ["one colour for two classes", ["a", "b"], { colors: { a: "#ff0000", b: "#FF0000" } }],
  ])("refuses %s", (_, names, options) => {
    expect(() => defineClasses(names, options)).toThrow(SegmentationError);
  });
});

it("keeps nothing of the caller's list", () => {
  const names: ("background" | "cat")[] = ["background", "cat"];
  const classes = defineClasses(names);
  names.reverse();
  expect([classes.names, classes.nameOf(1), classes.indexOf("cat")]).toEqual([["background", "cat"], "cat", 1]);
});

it("cannot be changed, down to its colours", () => {
  const classes = defineClasses(["background", "cat"], { colors: { cat: "#ff0000" } });
  expect([classes, classes.names, classes.colors, ...classes.colors].every((part) => Object.isFrozen(part))).toBe(true);
});

describe("colours", () => {
  it("are read as they are written", () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), (color) => {
        expect(parseColor(formatColor(color))).toEqual(color);
      }),
    );
    expect(parseColor("#ABCDEF")).toEqual([0xab, 0xcd, 0xef]);
    for (const text of ["", "#fff", "ffffff", "#ffffff0", "#gggggg", " #ffffff"])
      expect(parseColor(text)).toBeUndefined();
  });
});
