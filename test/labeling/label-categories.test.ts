import { describe, expect, it } from "vitest";
import { groundTruthLabels, labelCategoryFile } from "../../src/labeling/label-categories.js";
import { refusalOf } from "../support/refusal-of.js";
import { defineClasses } from "../../src/mask/classes.js";

describe("labelCategoryFile", () => {
  it("lists every class but the background, in the order of the table", () => {
    const text = labelCategoryFile(defineClasses(["background", "sea turtle", "rock", "algae"]));
    // Shape: developer guide, label category configuration file of image tasks.
    expect(JSON.parse(text)).toEqual({
      "document-version": "2018-11-28",
      labels: [{ label: "sea turtle" }, { label: "rock" }, { label: "algae" }],
    });
  });

  it("keeps quotes, markup and letters of any script as plain JSON text", () => {
    const names = ['say "hi"', "<b>&amp;</b>", "海龟", "{{ x }}"];
    const file = JSON.parse(labelCategoryFile(defineClasses(["background", ...names]))) as {
      labels: { label: string }[];
    };
    expect(file.labels.map(({ label }) => label)).toEqual(names);
  });

  it.each(["BACKGROUND", "background", "Background"])("refuses a later class called %s", (name) => {
    expect(refusalOf(() => groundTruthLabels(defineClasses(["nothing", "turtle", name])))).toMatchObject({
      code: "labeling.invalid",
      details: { parameter: "classes", value: name },
    });
  });

  it("lets the first class have any name", () => {
    expect(groundTruthLabels(defineClasses(["BACKGROUND", "turtle"]))).toEqual(["turtle"]);
    expect(groundTruthLabels(defineClasses(["sea", "turtle"]))).toEqual(["turtle"]);
  });

  it("refuses a table with the background alone", () => {
    expect(() => groundTruthLabels(defineClasses(["background"]))).toThrow(/at least one class besides the background/);
  });
});
