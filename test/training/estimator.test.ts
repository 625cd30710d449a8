import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { defineClasses } from "../../src/mask/classes.js";
import { estimatorBuilder } from "../../src/training/estimator-builder.js";
import type { TrainableDataset } from "../../src/training/estimator.js";
import { refusalOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const role = "arn:aws:iam::123456789012:role/Turtles";
const context = createAwsContext({ region: "us-east-1", role, workspace: "s3://turtle2022/run-1" });
const folder = "s3://turtle2022/run-1";
const channels = {
  train: `${folder}/train`,
  train_annotation: `${folder}/train_annotation/`,
  validation: `${folder}/validation/`,
  validation_annotation: `${folder}/validation_annotation`,
};
const dataset: TrainableDataset<"background" | "sea turtle"> = { classes, channels, counts: { train: 200 } };
const start = estimatorBuilder(context, "turtles");
const ready = start.dataset(dataset).instance("ml.p3.2xlarge").jobName("turtles-1");

const channel = (ChannelName: string, ContentType: string): object => ({
  ChannelName,
  DataSource: {
    S3DataSource: {
      S3DataType: "S3Prefix",
      S3Uri: `${folder}/${ChannelName}/`,
      S3DataDistributionType: "FullyReplicated",
    },
  },
  ContentType,
});

describe("toRequest", () => {
  it("is the request of AWS's notebook", () => {
    expect(ready.hyperparameters({ algorithm: "deeplab", backbone: "resnet-101", epochs: 30 }).toRequest()).toEqual({
      TrainingJobName: "turtles-1",
      AlgorithmSpecification: {
        // Account of us-east-1: algorithm page, "Docker registry paths".
        TrainingImage: "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1",
        TrainingInputMode: "File",
      },
      RoleArn: role,
      HyperParameters: {
        num_classes: "2",
        num_training_samples: "200",
        algorithm: "deeplab",
        backbone: "resnet-101",
        epochs: "30",
      },
      InputDataConfig: [
        channel("train", "image/jpeg"),
        channel("validation", "image/jpeg"),
        channel("train_annotation", "image/png"),
        channel("validation_annotation", "image/png"),
      ],
      OutputDataConfig: { S3OutputPath: "s3://turtle2022/run-1/output" },
      ResourceConfig: { InstanceType: "ml.p3.2xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      ProfilerConfig: { DisableProfiler: true },
    });
  });

  it("takes every step in", () => {
    const request = start
      .channels({
        ...channels,
        label_map: `${folder}/maps`,
        model: `${folder}/output/turtles-0/output/model.tar.gz`,
      })
      .classes(classes)
      .instance("ml.g5.12xlarge", { volumeGb: 100 })
      .hyperparameters({ num_training_samples: 50, epochs: 5 })
      .hyperparameters({ epochs: 6 })
      .maxRuntime(3600)
      .output("s3://elsewhere/models/")
      .spot({ maxWait: 7200 })
      .tags({ project: "turtles" })
      .tags({ team: "sea" })
      .jobName("turtles-2")
      .toRequest();
    expect(request.HyperParameters).toEqual({ num_classes: "2", num_training_samples: "50", epochs: "6" });
    expect(request.InputDataConfig?.map(({ ChannelName }) => ChannelName)).toEqual([
      "train",
      "validation",
      "train_annotation",
      "validation_annotation",
      "label_map",
      "model",
    ]);
    expect(request.InputDataConfig?.[4]).not.toHaveProperty("ContentType");
    expect(request.InputDataConfig?.[4]?.DataSource?.S3DataSource?.S3Uri).toBe(`${folder}/maps/`);
    expect(request.InputDataConfig?.[5]).toMatchObject({
      ContentType: "application/x-sagemaker-model",
      InputMode: "File",
      DataSource: { S3DataSource: { S3Uri: `${folder}/output/turtles-0/output/model.tar.gz` } },
    });
    expect(request).toMatchObject({
      OutputDataConfig: { S3OutputPath: "s3://elsewhere/models" },
      ResourceConfig: { InstanceType: "ml.g5.12xlarge", InstanceCount: 1, VolumeSizeInGB: 100 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      EnableManagedSpotTraining: true,
      CheckpointConfig: { S3Uri: "s3://turtle2022/run-1/checkpoints/turtles-2" },
      Tags: [
        { Key: "project", Value: "turtles" },
        { Key: "team", Value: "sea" },
      ],
    });
  });

  it("names the job after the estimator and the time, never twice the same", () => {
    const named = start.dataset(dataset).instance("ml.p3.2xlarge");
    const [first, second] = [named.toRequest().TrainingJobName, named.toRequest().TrainingJobName];
    expect(first).toMatch(/^turtles-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-\d{3}$/);
    expect(second).not.toBe(first);
  });

  it("lays the override over everything", () => {
    const request = ready
      .override({ EnableNetworkIsolation: true, ResourceConfig: { KeepAlivePeriodInSeconds: 600 } })
      .override({ ResourceConfig: { VolumeSizeInGB: 99 }, ProfilerConfig: undefined })
      .toRequest();
    expect(request.EnableNetworkIsolation).toBe(true);
    expect(request.ResourceConfig).toEqual({
      InstanceType: "ml.p3.2xlarge",
      InstanceCount: 1,
      VolumeSizeInGB: 99,
      KeepAlivePeriodInSeconds: 600,
    });
    expect(request).not.toHaveProperty("ProfilerConfig");
  });

  it("keeps nothing of the settings that it was given", () => {
    const steps = [10, 20];
    const override = { VpcConfig: { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] } };
    const estimator = ready.hyperparameters({ lr_scheduler: "step", lr_scheduler_step: steps }).override(override);
    const before = estimator.toRequest();
    steps[0] = 5;
    override.VpcConfig.Subnets.push("subnet-2");
    expect(estimator.toRequest()).toMatchObject({
      HyperParameters: { lr_scheduler_step: before.HyperParameters?.["lr_scheduler_step"] },
      VpcConfig: { Subnets: ["subnet-1"] },
    });
  });

  it("never changes an estimator that a step was taken on", () => {
    const before = ready.toRequest();
    ready.hyperparameters({ epochs: 99 }).maxRuntime(1).tags({ a: "b" }).instance("ml.g5.xlarge");
    expect(ready.toRequest()).toEqual(before);
  });

  it("goes by the region", () => {
    const china = createAwsContext({ region: "cn-north-1", role, workspace: folder });
    const request = estimatorBuilder(china, "t").dataset(dataset).instance("ml.p3.2xlarge").toRequest();
    expect(request.AlgorithmSpecification?.TrainingImage).toBe(
      "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/semantic-segmentation:1",
    );
  });
});

describe("refusals, before any call", () => {
  it("names the missing steps", () => {
    // @ts-expect-error: "dataset", "classes" and "instance" are still to do
    const run = (): unknown => start.toRequest();
    expect(refusalOf(run).details).toMatchObject({ missing: ["dataset", "classes", "instance"] });
    // @ts-expect-error: "instance" is still to do
    const second = (): unknown => start.dataset(dataset).toRequest();
    expect(refusalOf(second).details).toMatchObject({ missing: ["instance"] });
  });

  it.each([
    ["ml.m5.xlarge", /GPU/],
    ["ml.c5.18xlarge", /GPU/],
    ["ml.g5g.xlarge", /GPU/],
    ["ml.trn1.2xlarge", /GPU/],
    ["p3.2xlarge", /"ml\.p3\.2xlarge"/],
    ["", /instance type/],
  ])("does not train on %s", (type, expected) => {
    const { code, message } = refusalOf(() => start.instance(type));
    expect(code).toBe("training.invalid");
    expect(message).toMatch(expected);
  });

  it("warns of a GPU type outside the documented families", () => {
    expect(ready.warnings()).toEqual([]);
    expect(ready.instance("ml.p5.48xlarge").warnings()).toMatchObject([{ parameter: "instance" }]);
  });

  it("warns of a channel inside another, which takes its files too", () => {
    const nested = start
      .channels({ ...channels, train: folder, validation: `${folder}/validation` })
      .classes(classes)
      .hyperparameters({ num_training_samples: 20 })
      .instance("ml.p3.2xlarge");
    expect(nested.warnings().map(({ parameter }) => parameter)).toEqual(["train", "train", "train"]);
  });

  it.each([
    ["num_classes", { num_classes: 21 }],
    ["num_training_samples", { num_training_samples: 0 }],
  ])("refuses %s that does not fit", (parameter, values) => {
    const { code, details } = refusalOf(() => ready.hyperparameters(values).toRequest());
    expect(code).toBe("hyperparameter.invalid");
    expect(details).toMatchObject({ parameter });
  });

  it("asks for num_training_samples when it cannot be known", () => {
    const raw = start.dataset(dataset).channels(channels).instance("ml.p3.2xlarge");
    expect(refusalOf(() => raw.toRequest()).details).toMatchObject({ parameter: "num_training_samples" });
  });

  it.each([
    [{ ...channels, train: "https://bucket/train" }, "s3.uri"],
    [{ ...channels, train: "s3://turtle2022" }, "training.invalid"],
    [{ ...channels, train_annotation: `${folder}/train/` }, "training.invalid"],
    [{ ...channels, model: `${folder}/output/` }, "training.invalid"],
    [{ train: channels.train } as typeof channels, "training.invalid"],
  ])("refuses the channels %j", (given, code) => {
    expect(refusalOf(() => start.channels(given)).code).toBe(code);
  });

  it("refuses numbers and names that AWS would refuse", () => {
    expect(refusalOf(() => start.maxRuntime(0)).code).toBe("training.invalid");
    expect(refusalOf(() => start.maxRuntime(2_419_201)).code).toBe("training.invalid");
    expect(refusalOf(() => start.instance("ml.p3.2xlarge", { volumeGb: 0 })).code).toBe("training.invalid");
    expect(refusalOf(() => ready.spot({ maxWait: 3600 }).toRequest()).details).toMatchObject({ parameter: "maxWait" });
    expect(refusalOf(() => start.jobName("under_score")).code).toBe("input.invalid");
    expect(refusalOf(() => estimatorBuilder(context, "-t")).code).toBe("input.invalid");
    expect(refusalOf(() => start.tags({ "": "x" })).code).toBe("input.invalid");
  });

  it("says which session setting is missing", () => {
    const bare = estimatorBuilder(createAwsContext({ region: "us-east-1" }), "t");
    expect(refusalOf(() => bare.dataset(dataset).instance("ml.p3.2xlarge").toRequest()).details).toMatchObject({
      setting: "role",
    });
  });

  it("knows no image in a region without the algorithm", () => {
    const nowhere = createAwsContext({ region: "mx-central-1", role, workspace: folder });
    const estimator = estimatorBuilder(nowhere, "t").dataset(dataset).instance("ml.p3.2xlarge");
    expect(refusalOf(() => estimator.toRequest()).code).toBe("region.unsupported");
  });
});
