import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { labelingJobBuilder } from "../../src/labeling/labeling-steps.js";
import { defineClasses } from "../../src/mask/classes.js";

const file = path.resolve(import.meta.dirname, "../../../shared/fixtures/user-requests/labeling-jobs.json");

interface Entry {
  readonly id: string;
  readonly verdict: "accept" | "refuse";
  readonly refuse?: readonly string[];
  readonly request: CreateLabelingJobCommandInput;
  readonly labelCategories?: { readonly labels: readonly { readonly label: string }[] };
}

/** Says the same job in this package's words. */
function rebuild({ request, labelCategories }: Entry) {
  const human = request.HumanTaskConfig!;
  const labels = labelCategories?.labels.map(({ label }) => label) ?? ["turtle"];
  const classifiers = request.InputConfig!.DataAttributes?.ContentClassifiers;
  const builder = labelingJobBuilder(
    createAwsContext({ region: "us-east-1", role: request.RoleArn!, workspace: "s3://bucket/work" }),
    request.LabelingJobName!,
  )
    .manifest(request.InputConfig!.DataSource!.S3DataSource!.ManifestS3Uri!)
    .classes(defineClasses(["background", ...labels]))
    .workteam(human.WorkteamArn!)
    .instructions({ short: "short", full: "full" })
    .attribute(request.LabelAttributeName!)
    .output(request.OutputConfig!.S3OutputPath!)
    .title(human.TaskTitle!)
    .description(human.TaskDescription!)
    .workersPerObject(human.NumberOfHumanWorkersPerDataObject!)
    .lambdas({
      pre: human.PreHumanTaskLambdaArn!,
      consolidation: human.AnnotationConsolidationConfig!.AnnotationConsolidationLambdaArn!,
    })
    .timeLimits({
      taskSeconds: human.TaskTimeLimitInSeconds!,
      ...(human.TaskAvailabilityLifetimeInSeconds === undefined
        ? {}
        : { availabilitySeconds: human.TaskAvailabilityLifetimeInSeconds }),
      ...(human.MaxConcurrentTaskCount === undefined ? {} : { maxConcurrentTasks: human.MaxConcurrentTaskCount }),
    })
    .tags(Object.fromEntries((request.Tags ?? []).map(({ Key, Value }) => [Key!, Value!])))
    .override({
      // Their files lie elsewhere, and they gave classifiers and keywords to teams of their own, or none.
      LabelCategoryConfigS3Uri: request.LabelCategoryConfigS3Uri,
      HumanTaskConfig: { UiConfig: human.UiConfig, TaskKeywords: human.TaskKeywords },
      ...(classifiers === undefined ? {} : { InputConfig: { DataAttributes: { ContentClassifiers: classifiers } } }),
    });
  const { MaxHumanLabeledObjectCount: objects, MaxPercentageOfInputDatasetLabeled: percent } =
    request.StoppingConditions ?? {};
  if (objects === undefined || percent === undefined) return builder;
  return builder.stopAfter({ humanLabeledObjects: objects, percentageLabeled: percent });
}

describe.skipIf(!existsSync(file))("labeling requests of real users (needs ../shared)", () => {
  const entries = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Entry[]) : [];

  it.each(entries.filter(({ verdict }) => verdict === "accept").map((entry) => [entry.id, entry] as const))(
    "%s: ours is the same request",
    (_, entry) => {
      expect(rebuild(entry).toRequest()).toEqual(entry.request);
    },
  );

  const guide = entries.find(({ id }) => id === "guide-sample");
  it("refuses the guide's own sample for each reason that the fixture lists", () => {
    if (guide === undefined) throw new Error("guide-sample is missing");
    expect(guide.refuse).toHaveLength(3);
    expect(() => rebuild(guide)).toThrow(/ends in "-ref"/);
    const named = { ...guide, request: { ...guide.request, LabelAttributeName: "label-ref" } };
    expect(() => rebuild(named)).toThrow(/workersPerObject 123/);
    const human = { ...guide.request.HumanTaskConfig!, NumberOfHumanWorkersPerDataObject: 3 };
    const staffed = { ...named, request: { ...named.request, HumanTaskConfig: human } };
    expect(() => rebuild(staffed)).toThrow(/percentageLabeled 123/);
  });
});
