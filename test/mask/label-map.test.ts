import { describe, expect, it } from "vitest";
import { classOfPixel, formatLabelMap, parseLabelMap } from "../../src/mask/label-map.js";
import { refusalOf } from "../support/refusal-of.js";

describe("the map form", () => {
  it("gives the pixel value of each class, as the developer guide's example resolves", () => {
    const toClass = classOfPixel(parseLabelMap('{"map": {"0": 5, "1": 0, "2": 2}}'));
    expect([0, 5, 2, 1].map(toClass)).toEqual([1, 0, 2, undefined]);
  });

  it("is written with classes in order and read back", () => {
    const text = formatLabelMap({ map: { 2: 2, 0: 5, 1: 0 } });
    expect(text).toBe('{"map":{"0":5,"1":0,"2":2}}\n');
    expect(parseLabelMap(new TextEncoder().encode(text))).toEqual({ map: { 0: 5, 1: 0, 2: 2 } });
  });
});

describe("the scale form", () => {
  it("divides, rounding down, and takes the guide's text for a number", () => {
    const toClass = classOfPixel(parseLabelMap('{"scale": "3"}'));
    expect([0, 2, 3, 6, 8].map(toClass)).toEqual([0, 0, 1, 2, 2]);
  });

  it("is written as a number", () => {
    expect(formatLabelMap(parseLabelMap('{"scale": "3"}'))).toBe('{"scale":3}\n');
  });
});

it.each([
  "",
  "[]",
  "{}",
  '{"scale": 0}',
  '{"scale": "x"}',
  '{"scale": 2, "map": {"0": 1}}',
  '{"map": {}}',
  '{"map": {"254": 1}}',
  '{"map": {"-1": 1}}',
  '{"map": {"turtle": 1}}',
  '{"map": {"0": 256}}',
  '{"map": {"0": 1.5}}',
  '{"map": {"0": 4, "1": 4}}',
])("refuses %j", (text) => {
  expect(refusalOf(() => parseLabelMap(text)).code).toBe("label-map.invalid");
});
