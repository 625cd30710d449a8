import { expect, it } from "vitest";
import { parseLabelMap } from "../../../src/local/sagemaker/label-map.js";

// Both forms and their direction: developer guide, "Semantic segmentation algorithm", label map.
it("divides by a scale, number or text", () => {
  for (const scale of [3, "3"]) {
    const map = parseLabelMap("train_label_map.json", JSON.stringify({ scale }));
    expect([0, 3, 6, 7, 255].map(map)).toEqual([0, 1, 2, 2, 255]);
  }
});

it("reads a map as class to pixel", () => {
  const map = parseLabelMap("train_label_map.json", '{"map": {"0": 5, "1": 0, "2": 2}}');
  expect([0, 5, 2].map(map)).toEqual([1, 0, 2]);
  expect(map(255)).toBe(255);
  expect(() => map(3)).toThrow(/Invalid label map.*no class for pixel value 3/);
});

it.each([
  "",
  "[1",
  '{"scale": 0}',
  '{"map": {"a": 1}}',
  '{"map": {"1": 256}}',
  '{"map": {"0": null}}',
  '{"map": {"0": 1.5}}',
  '{"map": {"0": 5, "1": 5}}',
  '{"scale": 2, "map": {"0": 5}}',
  "{}",
])("refuses %s", (text) => {
  expect(() => parseLabelMap("train_label_map.json", text)).toThrow(/^Invalid label map train_label_map\.json/);
});
