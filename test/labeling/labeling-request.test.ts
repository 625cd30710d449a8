import { describe, expect, it } from "vitest";
import { begin, classes, instructions, ready, teamArn } from "./ready-labeling-job.js";

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

describe("toFiles", () => {
  it("shows label categories and worker page with their addresses", () => {
    const [categories, page] = ready().description("Paint <turtles>").toFiles();
    expect(categories?.uri).toBe("s3://turtles/run-1/labeling/label-turtles/label-categories.json");
    expect(JSON.parse(categories?.body ?? "")).toMatchObject({ labels: [{ label: "sea turtle" }, { label: "rock" }] });
    expect(page?.uri).toBe("s3://turtles/run-1/labeling/label-turtles/template.liquid.html");
    expect(page?.body).toContain('header="Paint &lt;turtles&gt;"');
  });
});
