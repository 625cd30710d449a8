import { describe, expect, it } from "vitest";
import type { MechanicalTurkTerms } from "../../src/labeling/workforce.js";
import { refusalOf } from "../support/refusal-of.js";
import { begin, classes, instructions, ready } from "./ready-labeling-job.js";

/** As JavaScript would call it, without the types that refuse these. */
function crowd(price: unknown, contentClassifiers: readonly string[]) {
  return ready().mechanicalTurk({ pricePerTaskUsd: price, contentClassifiers } as unknown as MechanicalTurkTerms);
}

describe("refusals before any AWS call", () => {
  const cases: readonly [what: string, run: () => unknown, code: string, parameter: string | undefined][] = [
    ["a job name with an underscore", () => begin("label_turtles"), "input.invalid", "labeling job name"],
    ["a job name of 64 characters", () => begin("n".repeat(64)), "input.invalid", "labeling job name"],
    ["64 characters, most of them hyphens", () => begin(`a${"-".repeat(62)}b`), "input.invalid", "labeling job name"],
    ["an empty job name", () => begin(""), "input.invalid", "labeling job name"],
    ["an attribute without -ref", () => ready().attribute("turtles"), "labeling.invalid", "label attribute"],
    ["an attribute with -REF", () => ready().attribute("turtles-REF"), "labeling.invalid", "label attribute"],
    [
      "an attribute ending in -metadata",
      () => ready().attribute("t-ref-metadata"),
      "labeling.invalid",
      "label attribute",
    ],
    ["the reserved attribute source-ref", () => ready().attribute("source-ref"), "labeling.invalid", "label attribute"],
    [
      "an attribute of 128 characters",
      () => ready().attribute(`${"a".repeat(124)}-ref`),
      "labeling.invalid",
      "label attribute",
    ],
    ["an attribute with $", () => ready().attribute("a$b-ref"), "labeling.invalid", "label attribute"],
    [
      "a region without functions",
      () => ready("a", { region: "us-west-1" }).toRequest(),
      "region.unsupported",
      undefined,
    ],
    [
      "a region that is a property of every object",
      () => ready("a", { region: "constructor" }).toRequest(),
      "region.unsupported",
      undefined,
    ],
    ["a team of another region", () => ready("a", { region: "us-east-2" }).toRequest(), "labeling.invalid", "workteam"],
    ["something else than a team", () => ready().workteam("painters"), "labeling.invalid", "workteam"],
    [
      "the public team without a price",
      () => ready().workteam("arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"),
      "labeling.invalid",
      "workteam",
    ],
    [
      "an unknown price",
      () => crowd("0.80", ["FreeOfPersonallyIdentifiableInformation"]),
      "labeling.invalid",
      "pricePerTaskUsd",
    ],
    [
      "a price as number",
      () => crowd(0.84, ["FreeOfPersonallyIdentifiableInformation"]),
      "labeling.invalid",
      "pricePerTaskUsd",
    ],
    [
      "a crowd without the classifier it needs",
      () => crowd("0.84", ["FreeOfAdultContent"]),
      "labeling.invalid",
      "contentClassifiers",
    ],
    ["an unknown classifier", () => crowd("0.84", ["FreeOfCats"]), "labeling.invalid", "contentClassifiers"],
    ["no workers", () => ready().workersPerObject(0), "labeling.invalid", "workersPerObject"],
    ["ten workers", () => ready().workersPerObject(10), "labeling.invalid", "workersPerObject"],
    ["29 seconds", () => ready().timeLimits({ taskSeconds: 29 }), "labeling.invalid", "taskSeconds"],
    ["more than eight hours", () => ready().timeLimits({ taskSeconds: 28_801 }), "labeling.invalid", "taskSeconds"],
    ["half a second", () => ready().timeLimits({ taskSeconds: 60.5 }), "labeling.invalid", "taskSeconds"],
    [
      "59 seconds on offer",
      () => ready().timeLimits({ availabilitySeconds: 59 }),
      "labeling.invalid",
      "availabilitySeconds",
    ],
    [
      "31 days on offer",
      () => ready().timeLimits({ availabilitySeconds: 2_592_001 }),
      "labeling.invalid",
      "availabilitySeconds",
    ],
    [
      "more than 12 hours on offer to the crowd",
      () =>
        ready()
          .mechanicalTurk({ pricePerTaskUsd: "0.84", contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"] })
          .timeLimits({ availabilitySeconds: 43_201 })
          .toRequest(),
      "labeling.invalid",
      "availabilitySeconds",
    ],
    [
      "5,001 tasks at a time",
      () => ready().timeLimits({ maxConcurrentTasks: 5001 }),
      "labeling.invalid",
      "maxConcurrentTasks",
    ],
    ["101 percent", () => ready().stopAfter({ percentageLabeled: 101 }), "labeling.invalid", "percentageLabeled"],
    ["an empty stopping condition", () => ready().stopAfter({}), "labeling.invalid", "stopAfter"],
    ["an emoji in the title", () => ready().title("Turtles \u{1f422}"), "labeling.invalid", "title"],
    ["a long title", () => ready().title("t".repeat(129)), "labeling.invalid", "title"],
    ["a line break in the description", () => ready().description("one\ntwo"), "labeling.invalid", "description"],
    ["a hyphen in a keyword", () => ready().keywords(["multi-label"]), "labeling.invalid", "keywords"],
    ["six keywords", () => ready().keywords(["a", "b", "c", "d", "e", "f"]), "labeling.invalid", "keywords"],
    [
      "a Lambda that is none",
      () => ready().lambdas({ pre: "mine", consolidation: "mine" }),
      "labeling.invalid",
      "lambdas.pre",
    ],
    ["images that are no folder", () => begin().images("s3://turtles/images/one.jpg"), "labeling.invalid", "images"],
    ["an empty list of images", () => begin().images([]), "labeling.no-images", undefined],
    ["a GIF in the list", () => begin().images(["s3://turtles/a.gif"]), "labeling.invalid", "images"],
    [
      "an image twice",
      () => begin().images(["s3://turtles/a.jpg", "s3://turtles/a.jpg"]),
      "labeling.invalid",
      "images",
    ],
    [
      "more images than one job takes",
      () => begin().images(Array.from({ length: 20_001 }, (_, n) => `s3://turtles/${n}.jpg`)),
      "labeling.invalid",
      "images",
    ],
    ["a folder that is no address", () => begin().images("turtles/images"), "s3.uri", undefined],
    ["a bad tag", () => ready().tags({ "semi;colon": "x" }), "input.invalid", "tags"],
  ];

  it.each(cases)("refuses %s", (_, run, code, parameter) => {
    const thrown = refusalOf(run);
    expect(thrown).toMatchObject({ code, ...(parameter === undefined ? {} : { details: { parameter } }) });
  });

  it("refuses wrong prices and classifiers at compile time", () => {
    // @ts-expect-error: 0.80 is no price of segmentation
    const price: MechanicalTurkTerms["pricePerTaskUsd"] = "0.80";
    // @ts-expect-error: the crowd needs the other classifier
    const free: MechanicalTurkTerms["contentClassifiers"] = ["FreeOfAdultContent"];
    expect([price, free]).toHaveLength(2);
  });

  it("names the ending that is missing, and does not append it", () => {
    expect(() => ready().attribute("turtles")).toThrow(/"turtles-ref"/);
  });

  it("lists the regions that would do", () => {
    expect(() => ready("a", { region: "us-west-1" }).toRequest()).toThrow(/us-east-1.*eu-west-1/);
  });

  it("names all required steps that are missing, for JavaScript", () => {
    const builder = begin();
    // @ts-expect-error: images, classes, workteam and instructions are still to do
    expect(() => builder.toRequest()).toThrow(
      expect.objectContaining({
        code: "builder.incomplete",
        details: { builder: "labelingJob", missing: ["images", "classes", "workteam", "instructions"] },
      }),
    );
    // @ts-expect-error: the workteam is still to do
    expect(() => builder.images("s3://turtles/i/").classes(classes).instructions(instructions).toRequest()).toThrow(
      /workteam/,
    );
  });
});
