import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { labelingJobBuilder } from "../../src/labeling/labeling-steps.js";
import { refusalOf } from "../support/refusal-of.js";
import type { MechanicalTurkTerms } from "../../src/labeling/workforce.js";
import { defineClasses } from "../../src/mask/classes.js";

const classes = defineClasses(["background", "sea turtle", "rock"]);
const instructions = { short: "Paint every turtle.", full: "<p>Paint every turtle.</p>" };
const teamArn = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters";

function begin(name = "label-turtles", settings: { region?: string } = {}) {
  return labelingJobBuilder(
    createAwsContext({
      role: "arn:aws:iam::123456789012:role/Turtles",
      workspace: "s3://turtles/run-1",
      region: "us-east-1",
      ...settings,
    }),
    name,
  );
}

function ready(name?: string, settings?: { region?: string }) {
  return begin(name, settings)
    .images("s3://turtles/images/")
    .classes(classes)
    .workteam(teamArn)
    .instructions(instructions);
}

/** As JavaScript would call it, without the types that refuse these. */
function crowd(price: unknown, contentClassifiers: readonly string[]) {
  return ready().mechanicalTurk({ pricePerTaskUsd: price, contentClassifiers } as unknown as MechanicalTurkTerms);
}

describe("toRequest of a labeling job", () => {
  it("is the request of a private team, with the defaults for segmentation", () => {
    // Written by hand from the API reference (CreateLabelingJob) and the table of Lambda accounts for us-east-1.
    expect(ready().toRequest()).toEqual({
      LabelingJobName: "label-turtles",
      LabelAttributeName: "label-turtles-ref",
      InputConfig: {
        DataSource: { S3DataSource: { ManifestS3Uri: "s3://turtles/run-1/labeling/label-turtles/input.manifest" } },
      },
      OutputConfig: { S3OutputPath: "s3://turtles/run-1/labels/" },
      RoleArn: "arn:aws:iam::123456789012:role/Turtles",
      LabelCategoryConfigS3Uri: "s3://turtles/run-1/labeling/label-turtles/label-categories.json",
      HumanTaskConfig: {
        WorkteamArn: teamArn,
        UiConfig: { UiTemplateS3Uri: "s3://turtles/run-1/labeling/label-turtles/template.liquid.html" },
        PreHumanTaskLambdaArn: "arn:aws:lambda:us-east-1:432418664414:function:PRE-SemanticSegmentation",
        AnnotationConsolidationConfig: {
          AnnotationConsolidationLambdaArn: "arn:aws:lambda:us-east-1:432418664414:function:ACS-SemanticSegmentation",
        },
        TaskKeywords: ["image", "segmentation"],
        TaskTitle: "Semantic segmentation",
        TaskDescription: "Paint every requested object in its colour",
        NumberOfHumanWorkersPerDataObject: 1,
        TaskTimeLimitInSeconds: 3600,
      },
    });
  });

  it("is the request of the public crowd, with price, classifiers and the crowd's team", () => {
    const request = begin("Crowd-1", { region: "eu-west-1" })
      .manifest("s3://turtles/in.manifest")
      .classes(classes)
      .mechanicalTurk({
        pricePerTaskUsd: "1.08",
        contentClassifiers: ["FreeOfPersonallyIdentifiableInformation", "FreeOfAdultContent"],
      })
      .instructions(instructions)
      .title("Turtles")
      .description("Paint the turtles")
      .keywords(["turtles", "sea animals"])
      .timeLimits({ taskSeconds: 600, availabilitySeconds: 43_200, maxConcurrentTasks: 50 })
      .stopAfter({ humanLabeledObjects: 100, percentageLabeled: 50 })
      .attribute("turtle-masks-ref")
      .output("s3://results/out")
      .tags({ project: "sea turtles" })
      .toRequest();
    expect(request).toMatchObject({
      LabelAttributeName: "turtle-masks-ref",
      InputConfig: {
        DataSource: { S3DataSource: { ManifestS3Uri: "s3://turtles/in.manifest" } },
        DataAttributes: { ContentClassifiers: ["FreeOfPersonallyIdentifiableInformation", "FreeOfAdultContent"] },
      },
      OutputConfig: { S3OutputPath: "s3://results/out/" },
      StoppingConditions: { MaxHumanLabeledObjectCount: 100, MaxPercentageOfInputDatasetLabeled: 50 },
      HumanTaskConfig: {
        // Guide, sms-workforce-management-public.
        WorkteamArn: "arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default",
        PreHumanTaskLambdaArn: "arn:aws:lambda:eu-west-1:568282634449:function:PRE-SemanticSegmentation",
        TaskTitle: "Turtles",
        TaskDescription: "Paint the turtles",
        TaskKeywords: ["turtles", "sea animals"],
        NumberOfHumanWorkersPerDataObject: 3,
        TaskTimeLimitInSeconds: 600,
        TaskAvailabilityLifetimeInSeconds: 43_200,
        MaxConcurrentTaskCount: 50,
        PublicWorkforceTaskPrice: { AmountInUsd: { Dollars: 1, Cents: 8, TenthFractionsOfACent: 0 } },
      },
      Tags: [{ Key: "project", Value: "sea turtles" }],
    });
  });

  it.each([
    // API reference, PublicWorkforceTaskPrice: the four amounts for semantic segmentation.
    ["0.84", { Dollars: 0, Cents: 84, TenthFractionsOfACent: 0 }],
    ["0.96", { Dollars: 0, Cents: 96, TenthFractionsOfACent: 0 }],
    ["1.08", { Dollars: 1, Cents: 8, TenthFractionsOfACent: 0 }],
    ["1.20", { Dollars: 1, Cents: 20, TenthFractionsOfACent: 0 }],
  ] as const)("writes the price %s without fractions", (pricePerTaskUsd, amount) => {
    const request = ready()
      .mechanicalTurk({ pricePerTaskUsd, contentClassifiers: ["FreeOfPersonallyIdentifiableInformation"] })
      .toRequest();
    expect(request.HumanTaskConfig?.PublicWorkforceTaskPrice?.AmountInUsd).toEqual(amount);
  });

  it("lays an override over everything else and leaves the builder as it was", () => {
    const builder = ready();
    const changed = builder
      .override({
        HumanTaskConfig: { TaskTitle: "Mine", TaskKeywords: ["one"] },
        InputConfig: { DataAttributes: { ContentClassifiers: ["FreeOfAdultContent"] } },
        OutputConfig: { KmsKeyId: "alias/mine" },
        StoppingConditions: undefined,
      })
      .toRequest();
    expect(changed.HumanTaskConfig).toMatchObject({ TaskTitle: "Mine", TaskKeywords: ["one"], WorkteamArn: teamArn });
    expect(changed.OutputConfig).toEqual({ S3OutputPath: "s3://turtles/run-1/labels/", KmsKeyId: "alias/mine" });
    expect(changed.InputConfig?.DataAttributes).toEqual({ ContentClassifiers: ["FreeOfAdultContent"] });
    expect(changed.InputConfig?.DataSource?.S3DataSource?.ManifestS3Uri).toContain("input.manifest");
    expect(builder.toRequest().HumanTaskConfig?.TaskTitle).toBe("Semantic segmentation");
  });

  it("lays several overrides over one after another, and keeps what the last one takes away", () => {
    const request = ready()
      .override({ OutputConfig: { KmsKeyId: "alias/mine" }, HumanTaskConfig: { TaskTitle: "Mine" } })
      .override({ OutputConfig: { KmsKeyId: undefined } })
      .toRequest();
    expect(request.OutputConfig).toEqual({ S3OutputPath: "s3://turtles/run-1/labels/" });
    expect(request.HumanTaskConfig?.TaskTitle).toBe("Mine");
  });

  it("keeps nothing of the settings that it was given", () => {
    const override = { HumanTaskConfig: { TaskKeywords: ["one"] } };
    const builder = ready().override(override);
    override.HumanTaskConfig.TaskKeywords[0] = "two";
    builder.toRequest().HumanTaskConfig?.TaskKeywords?.push("three");
    expect(builder.toRequest().HumanTaskConfig?.TaskKeywords).toEqual(["one"]);
  });

  it("takes functions of the caller's where Ground Truth has none", () => {
    const lambdas = {
      pre: "arn:aws:lambda:sa-east-1:123456789012:function:LabelingFunctionPre",
      consolidation: "arn:aws:lambda:sa-east-1:123456789012:function:LabelingFunctionPost",
    };
    const request = ready("a", { region: "sa-east-1" })
      .workteam(teamArn.replace("us-east-1", "sa-east-1"))
      .lambdas(lambdas)
      .toRequest();
    expect(request.HumanTaskConfig?.PreHumanTaskLambdaArn).toBe(lambdas.pre);
  });

  it("each step gives a new builder", () => {
    const one = ready();
    const two = one.title("Two");
    expect(two).not.toBe(one);
    expect(one.toRequest().HumanTaskConfig?.TaskTitle).toBe("Semantic segmentation");
    expect(two.toRequest().HumanTaskConfig?.TaskTitle).toBe("Two");
  });
});

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

describe("toFiles", () => {
  it("shows label categories and worker page with their addresses", () => {
    const [categories, page] = ready().description("Paint <turtles>").toFiles();
    expect(categories?.uri).toBe("s3://turtles/run-1/labeling/label-turtles/label-categories.json");
    expect(JSON.parse(categories?.body ?? "")).toMatchObject({ labels: [{ label: "sea turtle" }, { label: "rock" }] });
    expect(page?.uri).toBe("s3://turtles/run-1/labeling/label-turtles/template.liquid.html");
    expect(page?.body).toContain('header="Paint &lt;turtles&gt;"');
  });
});
