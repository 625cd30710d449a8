import { CreateTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend, trainingRequest } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.end());

const create = (request: CreateTrainingJobCommandInput) =>
  backend.sagemaker.send(new CreateTrainingJobCommand(request));

describe("CreateTrainingJob refuses", () => {
  // Texts: public reports of the real service, gathered in the dossiers (refusals.md).
  const cases: [
    string,
    (request: CreateTrainingJobCommandInput) => Partial<CreateTrainingJobCommandInput>,
    string,
    RegExp,
  ][] = [
    [
      "a name that is taken, whatever its case",
      () => ({ TrainingJobName: "TAKEN" }),
      "ResourceInUse",
      /^Training job names must be unique within an AWS account and region/,
    ],
    [
      "metric definitions of one's own",
      (r) => ({
        AlgorithmSpecification: { ...r.AlgorithmSpecification!, MetricDefinitions: [{ Name: "a", Regex: "b" }] },
      }),
      "ValidationException",
      /override the metric definitions/,
    ],
    [
      "a prefix without objects",
      (r) => ({
        InputDataConfig: [
          {
            ...r.InputDataConfig![0]!,
            DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://bucket/none/" } },
          },
        ],
      }),
      "ValidationException",
      /^No S3 objects found under S3 URL "s3:\/\/bucket\/none\/" given in input data source/,
    ],
    [
      "a wait time without spot",
      () => ({ StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 90 } }),
      "ValidationException",
      /^Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true/,
    ],
    [
      "spot without enough wait time",
      () => ({
        EnableManagedSpotTraining: true,
        StoppingCondition: { MaxRuntimeInSeconds: 90, MaxWaitTimeInSeconds: 60 },
      }),
      "ValidationException",
      /^Invalid MaxWaitTimeInSeconds/,
    ],
    [
      "a CPU instance",
      (r) => ({ ResourceConfig: { ...r.ResourceConfig!, InstanceType: "ml.m5.xlarge" } }),
      "ValidationException",
      /GPU/,
    ],
    [
      "two instances",
      (r) => ({ ResourceConfig: { ...r.ResourceConfig!, InstanceCount: 2 } }),
      "ValidationException",
      /one instance/,
    ],
    [
      "an image of another region",
      (r) => ({
        AlgorithmSpecification: {
          ...r.AlgorithmSpecification!,
          TrainingImage: "433757028032.dkr.ecr.us-west-2.amazonaws.com/semantic-segmentation:1",
        },
      }),
      "ValidationException",
      /built-in semantic segmentation/,
    ],
    [
      "a name with an underscore",
      () => ({ TrainingJobName: "a_b" }),
      "ValidationException",
      /^1 validation error detected: Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: /,
    ],
    [
      "a bucket that is a path",
      (r) => ({
        InputDataConfig: [
          {
            ...r.InputDataConfig![0]!,
            DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://../../etc/" } },
          },
        ],
      }),
      "ValidationException",
      /No S3 objects/,
    ],
  ];
  it.each(cases)("%s", async (_, change, name, message) => {
    const request = await trainingRequest(backend, "taken");
    await create(request).catch(() => undefined);
    const other = { ...request, TrainingJobName: "other", ...change(request) };
    await expect(create(other)).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
  });

  it("all but one of many with the same name", async () => {
    const request = await trainingRequest(backend, "race", { optimizer: "none" });
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => create(request)));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const [refused] = all.filter((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ name: "ResourceInUse" });
  });

  it("a fifth job while four run", async () => {
    const slow = await startTestBackend({ speed: 0.01 });
    try {
      const request = await trainingRequest(slow, "x");
      const send = (TrainingJobName: string) =>
        slow.sagemaker.send(new CreateTrainingJobCommand({ ...request, TrainingJobName }));
      const all = await Promise.allSettled(["a", "b", "c", "d", "e"].map(send));
      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
      const [refused] = all.filter((outcome) => outcome.status === "rejected");
      expect(refused?.reason).toMatchObject({
        name: "ResourceLimitExceeded",
        message: expect.stringMatching(
          /is 4 Instances, with current utilization of 4 Instances and a request delta of 1 Instances/,
        ) as string,
      });
    } finally {
      await slow.end();
    }
  });
});
