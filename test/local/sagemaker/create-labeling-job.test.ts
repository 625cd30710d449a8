import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import { human, labelingOf, labelingRequest, prepareLabeling } from "../../support/local-labeling.js";

let backend: TestBackend;
let { create } = {} as ReturnType<typeof labelingOf>;
beforeAll(async () => {
  backend = await startTestBackend();
  ({ create } = labelingOf(backend));
  await prepareLabeling(backend, 4);
});
afterAll(() => backend.end());

describe("CreateLabelingJob refuses", () => {
  const cases: [string, Partial<CreateLabelingJobCommandInput>, string, RegExp][] = [
    ["a name that is taken, whatever its case", { LabelingJobName: "TAKEN" }, "ResourceInUse", /already exists/],
    ["an attribute without -ref", { LabelAttributeName: "squares" }, "ValidationException", /must end with '-ref'/],
    [
      "an attribute that ends in -metadata",
      { LabelAttributeName: "squares-ref-metadata" },
      "ValidationException",
      /-metadata/,
    ],
    [
      "the function account of another region",
      human({ PreHumanTaskLambdaArn: "arn:aws:lambda:us-east-1:081040173940:function:PRE-SemanticSegmentation" }),
      "ValidationException",
      /not accessible in region us-east-1/,
    ],
    ["ten workers", human({ NumberOfHumanWorkersPerDataObject: 10 }), "ValidationException", /less than or equal to 9/],
    ["nine hours for a task", human({ TaskTimeLimitInSeconds: 32_400 }), "ValidationException", /28800/],
  ];
  it.each(cases)("%s", async (_, changes, name, message) => {
    await create(labelingRequest("taken")).catch(() => undefined);
    await expect(create(labelingRequest("other", changes))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
  });
});
