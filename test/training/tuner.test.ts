import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { defineClasses } from "../../src/mask/classes.js";
import { estimatorBuilder } from "../../src/training/estimator-builder.js";
import type { Estimator } from "../../src/training/estimator.js";
import { tunerBuilder } from "../../src/training/tuner-builder.js";
import { tuningName } from "../../src/training/tuning-name.js";
import type { TuningRanges } from "../../src/training/tuning-ranges.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

// Members and limits: service model of SageMaker (2017-07-24). Ranges: tuning page of the developer guide, without its
// misprints. Requests beside those of the official Python SDK: test/shared/python-sdk-requests.test.ts.

const classes = defineClasses(["background", "sea turtle"]);
const folder = "s3://turtle2022/run-1";
const role = "arn:aws:iam::123456789012:role/Turtles";
const context = createAwsContext({ region: "us-east-1", role, workspace: folder });
const channels = {
  train: `${folder}/train`,
  train_annotation: `${folder}/train_annotation`,
  validation: `${folder}/validation`,
  validation_annotation: `${folder}/validation_annotation`,
};
const estimator: Estimator<"background" | "sea turtle", never> = estimatorBuilder(context, "turtles")
  .dataset({ classes, channels, counts: { train: 60 } })
  .instance("ml.p3.2xlarge")
  .hyperparameters({ epochs: 20, learning_rate: 0.01, optimizer: "adam" });
const ready = tunerBuilder(context, "turtles").estimator(estimator).jobs(20);

describe("tuner", () => {
  it("has ready ranges, all for validation:mIOU", () => {
    const { HyperParameterTuningJobConfig: config, TrainingJobDefinition: definition } = ready.toRequest();
    expect(config).toEqual({
      Strategy: "Bayesian",
      HyperParameterTuningJobObjective: { Type: "Maximize", MetricName: "validation:mIOU" },
      ResourceLimits: { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 2 },
      ParameterRanges: {
        ContinuousParameterRanges: [
          { Name: "learning_rate", MinValue: "0.0001", MaxValue: "0.1", ScalingType: "Logarithmic" },
          { Name: "momentum", MinValue: "0.9", MaxValue: "0.999", ScalingType: "ReverseLogarithmic" },
          { Name: "weight_decay", MinValue: "0.00001", MaxValue: "0.001", ScalingType: "Logarithmic" },
        ],
        // Not 128: there are 60 training images.
        IntegerParameterRanges: [{ Name: "mini_batch_size", MinValue: "1", MaxValue: "60", ScalingType: "Auto" }],
        CategoricalParameterRanges: [{ Name: "optimizer", Values: ["sgd", "adam", "rmsprop", "adagrad", "nag"] }],
      },
      TrainingJobEarlyStoppingType: "Off",
    });
    // What is searched is not fixed, whatever the estimator says.
    expect(definition?.StaticHyperParameters).toEqual({ num_classes: "2", num_training_samples: "60", epochs: "20" });
    expect(definition).not.toHaveProperty("ProfilerConfig");
    expect(definition?.HyperParameterTuningResourceConfig).toEqual({
      InstanceType: "ml.p3.2xlarge",
      InstanceCount: 1,
      VolumeSizeInGB: 30,
    });
  });

  it("takes every step in, and the estimator's network, keys, spot and tags", () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const request = ready
      .estimator(
        estimator
          .spot({ maxWait: 90_000 })
          .vpc({ subnets: ["subnet-1"], securityGroups: ["sg-1"] })
          .encryption({ volumeKmsKey: key, outputKmsKey: key, betweenContainers: true })
          .networkIsolation()
          .retries(2)
          .environment({ A: "1" })
          .tags({ project: "turtles" }),
      )
      .jobs(12, { parallel: 4, maxRuntime: 7200 })
      .ranges({ learning_rate: { min: 0.001, max: 0.01 } })
      .objective("validation:pixel_accuracy")
      .strategy("Hyperband", { seed: 7, minEpochs: 1, maxEpochs: 20 })
      .warmStart(["turtles-0"], { type: "TransferLearning" })
      .until({ target: 0.9, notImproving: 5, converged: true })
      .tags({ team: "sea" })
      .jobName("turtles-1")
      .override({ HyperParameterTuningJobConfig: { ResourceLimits: { MaxParallelTrainingJobs: 1 } } })
      .toRequest();
    expect(request).toMatchObject({
      HyperParameterTuningJobName: "turtles-1",
      HyperParameterTuningJobConfig: {
        Strategy: "Hyperband",
        StrategyConfig: { HyperbandStrategyConfig: { MinResource: 1, MaxResource: 20 } },
        HyperParameterTuningJobObjective: { MetricName: "validation:pixel_accuracy" },
        ResourceLimits: { MaxNumberOfTrainingJobs: 12, MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 7200 },
        RandomSeed: 7,
        TuningJobCompletionCriteria: {
          TargetObjectiveMetricValue: 0.9,
          BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 5 },
          ConvergenceDetected: { CompleteOnConvergence: "Enabled" },
        },
      },
      TrainingJobDefinition: {
        OutputDataConfig: { KmsKeyId: key },
        HyperParameterTuningResourceConfig: { VolumeKmsKeyId: key },
        StoppingCondition: { MaxRuntimeInSeconds: 86_400, MaxWaitTimeInSeconds: 90_000 },
        EnableManagedSpotTraining: true,
        CheckpointConfig: { S3Uri: `${folder}/checkpoints/turtles-1` },
        VpcConfig: { Subnets: ["subnet-1"], SecurityGroupIds: ["sg-1"] },
        EnableNetworkIsolation: true,
        EnableInterContainerTrafficEncryption: true,
        RetryStrategy: { MaximumRetryAttempts: 2 },
        Environment: { A: "1" },
      },
      WarmStartConfig: {
        ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: "turtles-0" }],
        WarmStartType: "TransferLearning",
      },
      Tags: [
        { Key: "project", Value: "turtles" },
        { Key: "team", Value: "sea" },
      ],
    });
  });

  it("names jobs within 32 letters, never twice the same", () => {
    const long = tunerBuilder(context, "n".repeat(32)).estimator(estimator).jobs(2);
    const [first, second] = [long.toRequest(), long.toRequest()].map((request) => request.HyperParameterTuningJobName);
    expect(first).toMatch(/^n{18}-\d{6}-\d{6}$/);
    expect(second).not.toBe(first);
    expect(tuningName("turtles", Date.UTC(2099, 0, 2, 3, 4, 5))).toBe("turtles-990102-030405");
  });

  it("plans the cost of all jobs, and says what is odd", () => {
    const plan = ready.estimator(estimator.maxRuntime(3600)).plan({ pricePerHour: 3 });
    expect(plan.cost).toEqual({ currency: "USD", training: 60, warmPool: 0, total: 60 });
    expect(plan.findings).toEqual([]);
    const odd = ready.ranges({ mini_batch_size: { min: 1, max: 128 }, crop_size: { min: 100, max: 200 } }).plan();
    expect(odd.findings.map(({ code }) => code)).toEqual(["tuning.undocumented", "batch.too-large"]);
  });

  const range = (ranges: TuningRanges) => () => ready.ranges(ranges);
  it.each([
    ["learning_rat", range({ learning_rat: { min: 0.1, max: 0.2 } })],
    ["num_classes", range({ num_classes: { min: 2, max: 3 } })],
    ["learning_rate", range({ learning_rate: { min: 0, max: 0.2 } })],
    ["learning_rate", range({ learning_rate: { min: 0.2, max: 0.1 } })],
    ["learning_rate", range({ learning_rate: { min: 0.1, max: 0.2, scale: "log" as "Auto" } })],
    ["gamma1", range({ gamma1: { min: 0, max: 0.5, scale: "Logarithmic" } })],
    ["mini_batch_size", range({ mini_batch_size: { min: 1, max: 8, scale: "ReverseLogarithmic" } })],
    ["optimizer", range({ optimizer: ["adadelta" as "adam"] })],
    ["optimizer", range({ optimizer: [] })],
    ["optimizer", range({ optimizer: { min: 1, max: 2 } as unknown as ["sgd"] })],
    ["ranges", range({})],
  ])("refuses a range of %s that cannot be", (parameter, run) => {
    const { code, details } = refusalOf(run);
    expect(code).toBe("hyperparameter.invalid");
    expect(details).toMatchObject({ parameter });
  });

  it.each([
    ["jobs", () => ready.jobs(0)],
    ["parallel", () => ready.jobs(5, { parallel: 0 })],
    ["maxRuntime", () => ready.jobs(5, { maxRuntime: 60 })],
    ["objective", () => ready.objective("train:loss" as "validation:mIOU")],
    ["strategy", () => ready.strategy("Genetic" as "Grid")],
    ["minEpochs", () => ready.strategy("Random", { minEpochs: 1 })],
    ["warmStart", () => ready.warmStart([])],
    ["target", () => ready.until({ target: 90 })],
    ["notImproving", () => ready.until({ notImproving: 2 })],
    ["ranges", () => ready.strategy("Grid").toRequest()],
    ["jobs", () => ready.ranges({ optimizer: ["sgd", "adam"] }).toRequest()],
    [
      "jobs",
      () =>
        ready
          .strategy("Grid")
          .ranges({ optimizer: ["sgd", "adam"] })
          .jobs(1)
          .toRequest(),
    ],
    ["earlyStopping", () => ready.strategy("Hyperband").earlyStopping().toRequest()],
    ["keepAlive", () => ready.estimator(estimator.keepAlive(60)).toRequest()],
    [
      "environment",
      () =>
        ready
          .estimator(estimator.environment(Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`V${n}`, ""]))))
          .toRequest(),
    ],
    ["estimator", () => ready.estimator({} as typeof estimator)],
  ])("refuses %s that AWS would refuse", (parameter, run) => {
    const { code, details } = refusalOf(run);
    expect(code).toBe("training.invalid");
    expect(details).toMatchObject({ parameter });
  });

  it("names the missing steps", () => {
    // @ts-expect-error: "estimator" and "jobs" are still to do
    const run = (): unknown => tunerBuilder(context, "t").toRequest();
    expect(refusalOf(run).details).toMatchObject({ missing: ["estimator", "jobs"] });
  });

  it("takes up the job that it made when the answer was lost", async () => {
    let creates = 0;
    const { client, calls } = fakeSageMaker(({ operation }) => {
      if (operation !== "CreateHyperParameterTuningJob")
        return { body: { HyperParameterTuningJobStatus: "InProgress" } };
      return creates++ === 0
        ? { error: "InternalFailure", message: "try later", status: 500 }
        : { error: "ResourceInUse", message: "already exists" };
    });
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const names: string[] = [];
    const tuner = tunerBuilder(sending, "turtles").estimator(estimator).jobs(2);
    const job = await tuner.fit({ onName: (name) => names.push(name) });
    expect(names).toEqual([job.name]);
    expect(calls.at(-1)?.operation).toBe("DescribeHyperParameterTuningJob");
    creates = 1;
    expect((await rejectionOf(tuner.jobName("turtles-1").fit())).code).toBe("aws.conflict");
  });
});
