import path from "node:path";
import { describe, expect, test } from "vitest";
import { UserError, parseOptions } from "../../demo/options.js";

describe("the command line of the demo", () => {
  test("draws scenes without options", () => {
    expect(parseOptions([])).toMatchObject({
      source: { kind: "drawn" },
      output: path.resolve("demo-output"),
      directory: undefined,
      help: false,
    });
  });

  test("takes folders with class names and names of validation pictures", () => {
    const { source } = parseOptions([
      "--images",
      "a/photos",
      "--masks",
      "b",
      "--classes",
      "sand, turtle",
      "--validation",
      "x,y/z",
    ]);
    expect(source).toEqual({
      kind: "folders",
      name: "photos",
      images: path.resolve("a/photos"),
      masks: path.resolve("b"),
      classes: ["sand", "turtle"],
      validation: ["x", "y/z"],
    });
  });

  test("takes a share for validation; a quarter without it", () => {
    const validation = (...args: string[]) => {
      const { source } = parseOptions(["--images", "a", "--masks", "b", ...args]);
      return source.kind === "folders" ? source.validation : undefined;
    };
    expect(validation()).toBe(0.25);
    expect(validation("--validation", "0.4")).toBe(0.4);
  });

  test("takes a dataset file with a set, an output folder, a directory, a seed", () => {
    expect(
      parseOptions("--dataset d --set pets --output out --directory state --seed 3 --epochs 5".split(" ")),
    ).toMatchObject({
      source: { kind: "dataset", folder: path.resolve("d"), set: "pets" },
      output: path.resolve("out"),
      directory: path.resolve("state"),
      seed: 3,
      epochs: 5,
    });
  });

  test.each([
    [["--images", "a"], "--images and --masks go together"],
    [["--masks", "a"], "--images and --masks go together"],
    [["--classes", "a,b"], "--classes does not go with the drawn scenes"],
    [["--set", "pets"], "--set does not go with"],
    [["--dataset", "d", "--images", "a"], "--images does not go with --dataset"],
    [["--images", "a", "--masks", "b", "--validation", "1.5"], "between 0 and 1"],
    [["--images", "a", "--masks", "b", "--classes", "a,,b"], "empty name"],
    [["--seed", "-1"], "--seed"],
    [["--epochs", "0"], "integer of 1 or more"],
    [["--images", ""], "--images is empty"],
    [["--imags", "a"], "--imags"],
    [["photos"], "photos"],
  ])("refuses %j", (args, message) => {
    expect(() => parseOptions(args)).toThrow(UserError);
    expect(() => parseOptions(args)).toThrow(message);
  });
});
