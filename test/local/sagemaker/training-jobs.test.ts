import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import type { CreateTrainingJobCommandInput, DescribeTrainingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import {
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend, trainingRequest, until } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.end());

const create = (request: CreateTrainingJobCommandInput) =>
  backend.sagemaker.send(new CreateTrainingJobCommand(request));
const look = (name: string, at = backend) =>
  at.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
const ended = (job: DescribeTrainingJobCommandOutput) =>
  ["Completed", "Failed", "Stopped"].includes(job.TrainingJobStatus!);
const finish = (name: string) => until(() => look(name), ended);

describe("a training job", () => {
  // Steps and messages: dossier algorithm.md 4.2, real answers of 2024 and 2025.
  it("goes through the documented steps and leaves artifact, metrics and log lines", async () => {
    const request = await trainingRequest(backend, "Shapes-1");
    const { TrainingJobArn } = await create(request);
    expect(TrainingJobArn).toBe("arn:aws:sagemaker:us-east-1:123456789012:training-job/shapes-1");
    const first = await look("Shapes-1");
    expect(first.TrainingJobStatus).toBe("InProgress");
    expect(first.SecondaryStatusTransitions?.[0]?.Status).toBe("Starting");
    expect(first.FailureReason).toBeUndefined();

    const job = await finish("Shapes-1");
    expect(job.FailureReason).toBeUndefined();
    expect([job.TrainingJobStatus, job.SecondaryStatus]).toEqual(["Completed", "Completed"]);
    expect(job.SecondaryStatusTransitions?.map((step) => [step.Status, step.StatusMessage])).toEqual([
      ["Starting", "Starting the training job"],
      ["Pending", "Preparing the instances for training"],
      ["Downloading", "Downloading the training image"],
      ["Training", "Training image download completed. Training in progress."],
      ["Uploading", "Uploading generated training model"],
      ["Completed", "Training job completed"],
    ]);
    expect(job.HyperParameters).toEqual(request.HyperParameters);
    expect(job.AlgorithmSpecification?.MetricDefinitions).toHaveLength(5);
    expect(job.FinalMetricDataList?.map((metric) => metric.MetricName).sort()).toEqual([
      "train:loss",
      "train:throughput",
      "validation:mIOU",
      "validation:pixel_accuracy",
      "validation:throughput",
    ]);
    expect(job.ModelArtifacts?.S3ModelArtifacts).toBe("s3://bucket/models/Shapes-1/output/model.tar.gz");
    const artifact = await backend.s3.send(
      new HeadObjectCommand({ Bucket: "bucket", Key: "models/Shapes-1/output/model.tar.gz" }),
    );
    expect(artifact.ContentLength).toBeGreaterThan(1000);

    const { logStreams } = await backend.logs.send(
      new DescribeLogStreamsCommand({ logGroupName: "/aws/sagemaker/TrainingJobs", logStreamNamePrefix: "Shapes-1/" }),
    );
    expect(logStreams?.map((stream) => stream.logStreamName)).toEqual([
      expect.stringMatching(/^Shapes-1\/algo-1-\d+$/),
    ]);
    const { events } = await backend.logs.send(
      new GetLogEventsCommand({
        logGroupName: "/aws/sagemaker/TrainingJobs",
        logStreamName: logStreams![0]!.logStreamName!,
        startFromHead: true,
      }),
    );
    expect(events?.filter((event) => /validation mIOU: \S+ \.$/.test(event.message!))).toHaveLength(2);
  });

  it("fails with the container's reason for a bad hyperparameter", async () => {
    await create(await trainingRequest(backend, "adadelta", { optimizer: "adadelta" }));
    const job = await finish("adadelta");
    expect(job.TrainingJobStatus).toBe("Failed");
    // Text: awsdocs pull request 159, by way of dossier 4.6.
    expect(job.FailureReason).toMatch(
      /^ClientError: The value 'adadelta' is not valid for the 'optimizer' hyperparameter/,
    );
  });

  it("can be stopped, once", async () => {
    await create(await trainingRequest(backend, "endless", { epochs: "5000" }));
    await until(
      () => look("endless"),
      (job) => job.SecondaryStatus === "Training",
    );
    await backend.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "endless" }));
    const job = await finish("endless");
    expect([job.TrainingJobStatus, job.SecondaryStatus]).toEqual(["Stopped", "Stopped"]);
    await expect(
      backend.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "endless" })),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message: "The request was rejected because the training job is in status Stopped.",
    });
  });

  it("ends as MaxRuntimeExceeded after its time", async () => {
    await create({
      ...(await trainingRequest(backend, "long", { epochs: "5000" })),
      StoppingCondition: { MaxRuntimeInSeconds: 1 },
    });
    const job = await finish("long");
    expect([job.TrainingJobStatus, job.SecondaryStatus]).toEqual(["Stopped", "MaxRuntimeExceeded"]);
  });

  it("finds no capacity or fails, on demand", async () => {
    backend.local.faults.noCapacity("ml.p3.8xlarge");
    const request = await trainingRequest(backend, "scarce");
    await create({ ...request, ResourceConfig: { ...request.ResourceConfig, InstanceType: "ml.p3.8xlarge" } });
    expect((await finish("scarce")).FailureReason).toMatch(/^CapacityError: /);
    backend.local.faults.failJob("doomed", "AlgorithmError: out of luck");
    await create({ ...request, TrainingJobName: "doomed" });
    expect((await finish("doomed")).FailureReason).toBe("AlgorithmError: out of luck");
  });

  it("says what is missing between images and masks", async () => {
    const request = await trainingRequest(backend, "unpaired");
    await backend.put("lonely/x.jpg", "not looked at");
    const InputDataConfig = request.InputDataConfig.map((channel) =>
      channel.ChannelName === "train"
        ? {
            ...channel,
            DataSource: { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: "s3://bucket/lonely/" } },
          }
        : channel,
    );
    await create({ ...request, InputDataConfig });
    expect((await finish("unpaired")).FailureReason).toMatch(/^ClientError: No annotation .* for image x\.jpg/);
  });

  it("takes a prefix without slash as a string, as S3Prefix does, and warns of the neighbours that match too", async () => {
    const request = await trainingRequest(backend, "no-slash");
    const InputDataConfig = request.InputDataConfig.map((channel) => ({
      ...channel,
      DataSource: {
        S3DataSource: {
          S3DataType: "S3Prefix" as const,
          S3Uri: channel.DataSource.S3DataSource.S3Uri.replace(/\/$/, ""),
        },
      },
    }));
    await create({ ...request, InputDataConfig });
    expect((await finish("no-slash")).TrainingJobStatus).toBe("Completed");
    const { events } = await backend.logs.send(
      new FilterLogEventsCommand({
        logGroupName: "/aws/sagemaker/TrainingJobs",
        logStreamNamePrefix: "no-slash/",
        filterPattern: "readable",
      }),
    );
    // The very lines of the published runs of AWS's notebook (dossier algorithm.md 2.2).
    expect(events?.map((event) => event.message?.replace(/^.*?\] /, ""))).toEqual([
      "/opt/ml/input/data/train/train_annotation is not a readable image file",
      "/opt/ml/input/data/validation/validation_annotation is not a readable image file",
    ]);
  });

  it("is run again from the beginning after the backend was closed, with the same result", async () => {
    const one = await startTestBackend();
    try {
      await one.sagemaker.send(new CreateTrainingJobCommand(await trainingRequest(one, "again", { epochs: "3000" })));
      await until(
        () => look("again", one),
        (job) => job.SecondaryStatus === "Training",
      );
      const two = await one.restart();
      await until(
        () => look("again", two),
        (job) => job.SecondaryStatus === "Training",
      );
      const job = await look("again", two);
      expect(job.SecondaryStatusTransitions?.map((step) => step.Status)).toContain("Restarting");
      await two.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "again" }));
      await until(() => look("again", two), ended);
      await two.end();
    } finally {
      await one.end();
    }
  });
});

it("knows no other jobs, as the service says it", async () => {
  await expect(look("nobody")).rejects.toMatchObject({
    name: "ValidationException",
    message: "Requested resource not found.",
  });
});

describe("ListTrainingJobs", () => {
  it("filters, sorts and pages", async () => {
    const request = await trainingRequest(backend, "x", { optimizer: "none" });
    for (const name of ["page-b", "page-a", "page-c"]) await create({ ...request, TrainingJobName: name });
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await backend.sagemaker.send(
        new ListTrainingJobsCommand({
          NameContains: "page",
          SortBy: "Name",
          SortOrder: "Ascending",
          MaxResults: 1,
          NextToken,
        }),
      );
      names.push(...page.TrainingJobSummaries!.map((item) => item.TrainingJobName!));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(names).toEqual(["page-a", "page-b", "page-c"]);
    await expect(backend.sagemaker.send(new ListTrainingJobsCommand({ NextToken: "none" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});
