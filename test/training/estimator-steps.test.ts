import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { modelFromArtifact } from "../../src/hosting/model.js";
import type { ErrorDetails } from "../../src/core/error-catalogue.js";
import { defineClasses } from "../../src/mask/classes.js";
import { estimatorBuilder } from "../../src/training/estimator-builder.js";
import type { Hyperparameters } from "../../src/training/hyperparameters.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

// Members, limits and patterns: service model of SageMaker (2017-07-24). Requests beside those of the official Python
// SDK: test/shared/python-sdk-requests.test.ts.

const classes = defineClasses(["background", "sea turtle"]);
const role = "arn:aws:iam::123456789012:role/Turtles";
const folder = "s3://turtle2022/run-1";
const context = createAwsContext({ region: "us-east-1", role, workspace: folder });
const channels = {
  train: `${folder}/train`,
  train_annotation: `${folder}/train_annotation`,
  validation: `${folder}/validation`,
  validation_annotation: `${folder}/validation_annotation`,
};
const start = estimatorBuilder(context, "turtles");
const ready = start.dataset({ classes, channels, counts: { train: 200 } }).instance("ml.p3.2xlarge");

describe("steps around the job", () => {
  it("says nothing of what was not asked for", () => {
    expect(Object.keys(ready.toRequest()).sort()).toEqual([
      "AlgorithmSpecification",
      "HyperParameters",
      "InputDataConfig",
      "OutputDataConfig",
      "ProfilerConfig",
      "ResourceConfig",
      "RoleArn",
      "StoppingCondition",
      "TrainingJobName",
    ]);
    const off = ready.networkIsolation(false).encryption({ betweenContainers: false }).toRequest();
    expect(off).not.toHaveProperty("EnableNetworkIsolation");
    expect(off).not.toHaveProperty("EnableInterContainerTrafficEncryption");
  });

  it.each([
    ["keepAlive", () => ready.keepAlive(21_601)],
    ["retries", () => ready.retries(0)],
    ["retries", () => ready.retries(31)],
    ["maxPending", () => ready.maxRuntime(60, { maxPending: 1799 })],
    ["subnets", () => ready.vpc({ subnets: [], securityGroups: ["sg-1"] })],
    ["subnets", () => ready.vpc({ subnets: ["subnet 1"], securityGroups: ["sg-1"] })],
    ["securityGroups", () => ready.vpc({ subnets: ["subnet-1"], securityGroups: Array<string>(6).fill("sg-1") })],
    ["volumeKmsKey", () => ready.encryption({ volumeKmsKey: "" })],
    ["outputKmsKey", () => ready.encryption({ outputKmsKey: "a key" })],
    ["environment", () => ready.environment({ "1A": "x" })],
    ['environment["A"]', () => ready.environment({ A: "x".repeat(513) })],
    ["inputMode", () => ready.inputMode("file" as "File")],
  ])("refuses a %s that AWS would refuse", (parameter, run) => {
    const { code, details } = refusalOf(run);
    expect(code).toBe("training.invalid");
    expect(details).toMatchObject({ parameter });
  });

  it("keeps no warm pool of spot instances", () => {
    const both = ready.spot({ maxWait: 90_000 }).keepAlive(600);
    expect(refusalOf(() => both.toRequest()).details).toMatchObject({ parameter: "keepAlive" });
    expect(both.keepAlive(0).toRequest().ResourceConfig?.KeepAlivePeriodInSeconds).toBe(0);
  });

  it("tells what is in doubt about network isolation and FastFile", () => {
    const codes = ready
      .networkIsolation()
      .inputMode("FastFile")
      .warnings()
      .map(({ code, severity }) => [code, severity]);
    expect(codes).toEqual([
      ["input-mode.unverified", "warning"],
      ["isolation.doubt", "info"],
    ]);
  });
});

describe("channels with settings of their own", () => {
  it("go into the request as given", () => {
    const request = start
      .channels({
        ...channels,
        train: { uri: `${folder}/list.json`, manifest: true, inputMode: "Pipe" },
        validation: { uri: channels.validation, contentType: false },
        label_map: { uri: `${folder}/maps`, contentType: "application/json" },
      })
      .classes(classes)
      .instance("ml.p3.2xlarge")
      .hyperparameters({ num_training_samples: 10 })
      .toRequest();
    expect(request.InputDataConfig?.[0]).toEqual({
      ChannelName: "train",
      DataSource: {
        S3DataSource: {
          S3DataType: "ManifestFile",
          S3Uri: `${folder}/list.json`,
          S3DataDistributionType: "FullyReplicated",
        },
      },
      ContentType: "image/jpeg",
      InputMode: "Pipe",
    });
    expect(request.InputDataConfig?.[1]).not.toHaveProperty("ContentType");
    expect(request.InputDataConfig?.at(-1)).toMatchObject({
      ChannelName: "label_map",
      ContentType: "application/json",
    });
  });

  it("refuses a manifest that is a folder and an empty content type", () => {
    const manifest = { ...channels, train: { uri: `${folder}/list/`, manifest: true } };
    expect(refusalOf(() => start.channels(manifest)).details).toMatchObject({ parameter: "train" });
    const typeless = { ...channels, train: { uri: channels.train, contentType: "" } };
    expect(refusalOf(() => start.channels(typeless)).details).toMatchObject({ parameter: "train" });
  });
});

describe("augmented manifests", () => {
  const train = { uri: `${folder}/train.manifest`, labels: "semantic-train-ref" };
  const validation = { uri: `${folder}/valid.manifest`, labels: "semantic-valid-ref" };
  const piped = start
    .augmentedManifests({ train, validation })
    .classes(classes)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ num_training_samples: 10 });

  it("stream image and mask from two labeling jobs, in Pipe mode and without annotation channels", () => {
    const { AlgorithmSpecification, InputDataConfig } = piped.toRequest();
    expect(AlgorithmSpecification?.TrainingInputMode).toBe("Pipe");
    expect(InputDataConfig?.map(({ DataSource }) => DataSource?.S3DataSource?.AttributeNames)).toEqual([
      ["source-ref", "semantic-train-ref"],
      ["source-ref", "semantic-valid-ref"],
    ]);
    expect(InputDataConfig?.[0]).not.toHaveProperty("ShuffleConfig");
  });

  it("refuse other modes, an earlier model, and attributes that hold no address", () => {
    expect(refusalOf(() => piped.inputMode("File").toRequest()).details).toMatchObject({ parameter: "inputMode" });
    const continued = piped.continueFrom(`${folder}/model.tar.gz`);
    expect(refusalOf(() => continued.toRequest()).details).toMatchObject({ parameter: "model" });
    const broken = { train: { ...train, labels: "semantic" }, validation };
    expect(refusalOf(() => start.augmentedManifests(broken)).details).toMatchObject({ parameter: "train" });
    const same = { train, validation: { ...validation, labels: "source-ref" } };
    expect(refusalOf(() => start.augmentedManifests(same)).details).toMatchObject({ parameter: "validation" });
    const nowhere = { train: { ...train, uri: `${folder}/` }, validation };
    expect(refusalOf(() => start.augmentedManifests(nowhere)).details).toMatchObject({ parameter: "train" });
  });
});

describe("going on from an earlier model", () => {
  const artifact = `${folder}/output/turtles-0/output/model.tar.gz`;
  const before = { algorithm: "deeplab", backbone: "resnet-101", crop_size: "320", num_classes: "2" };

  it("takes over what the earlier job decides", () => {
    const request = ready.continueFrom({ artifact, hyperparameters: before }).toRequest();
    expect(request.HyperParameters).toEqual({ ...before, num_training_samples: "200" });
    expect(request.InputDataConfig?.at(-1)).toEqual({
      ChannelName: "model",
      DataSource: {
        S3DataSource: { S3DataType: "S3Prefix", S3Uri: artifact, S3DataDistributionType: "FullyReplicated" },
      },
      ContentType: "application/x-sagemaker-model",
      InputMode: "File",
    });
    // What the earlier job left to the container's default holds, too.
    const byDefault = ready.continueFrom({ artifact, hyperparameters: { num_classes: "2" } }).toRequest();
    expect(byDefault.HyperParameters).toMatchObject({ algorithm: "fcn", backbone: "resnet-50", crop_size: "240" });
  });

  it("refuses other values than the earlier job's, all at once", () => {
    const other = ready
      .continueFrom({ artifact, hyperparameters: { ...before, num_classes: "21" } })
      .hyperparameters({ algorithm: "psp", crop_size: 240 });
    const { code, details } = refusalOf(() => other.toRequest());
    expect(code).toBe("hyperparameter.invalid");
    const { problems } = details as ErrorDetails["hyperparameter.invalid"];
    expect(problems.map(({ parameter }) => parameter).sort()).toEqual(["algorithm", "crop_size", "num_classes"]);
  });

  it("refuses a job of another algorithm, one without artifact, and what is no artifact", () => {
    const image = "811284229777.dkr.ecr.us-east-1.amazonaws.com/object-detection:1";
    for (const earlier of [{ artifact, image }, { artifact: undefined }, `${folder}/output/`]) {
      expect(refusalOf(() => ready.continueFrom(earlier)).code).toBe("training.invalid");
    }
  });

  it("looks up the job that made a model before a new one is created", async () => {
    const { client, calls } = fakeSageMaker(({ operation }) => ({
      body:
        operation === "DescribeTrainingJob"
          ? { TrainingJobName: "turtles-0", HyperParameters: before }
          : { TrainingJobArn: "arn" },
    }));
    const sending = createAwsContext({ region: "us-east-1", role, workspace: folder, clients: { sagemaker: client } });
    const model = modelFromArtifact(sending, { artifact, classes, trainingJob: "turtles-0" });
    const estimator = estimatorBuilder(sending, "turtles")
      .dataset({ classes, channels, counts: { train: 200 } })
      .instance("ml.p3.2xlarge")
      .continueFrom(model);
    await estimator.fit();
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeTrainingJob", "CreateTrainingJob"]);
    expect(calls[1]?.input["HyperParameters"]).toMatchObject(before);
    calls.length = 0;
    expect((await rejectionOf(estimator.hyperparameters({ backbone: "resnet-50" }).fit())).code).toBe(
      "hyperparameter.invalid",
    );
    expect(calls.map(({ operation }) => operation)).toEqual(["DescribeTrainingJob"]);
  });

  it("says what it cannot compare, and which classes have other names", () => {
    expect(ready.continueFrom(artifact).warnings()).toMatchObject([
      { code: "model.unchecked" },
      { code: "model.unknown" },
    ]);
    const renamed = { artifact, classes: defineClasses(["background", "tortoise"]), hyperparameters: before };
    expect(ready.continueFrom(renamed).warnings()).toMatchObject([{ code: "model.classes" }]);
  });
});

describe("hyperparameters", () => {
  it("refuses a name at the step itself, with what is meant", () => {
    const misspelt = { learning_Rate: 0.1, valudation_mini_batch_size: 4 } as Hyperparameters;
    const { code, details } = refusalOf(() => start.hyperparameters(misspelt));
    expect(code).toBe("hyperparameter.invalid");
    const { problems } = details as ErrorDetails["hyperparameter.invalid"];
    expect(problems.map(({ expected }) => /"(\w+)"\?/.exec(expected)?.[1])).toEqual([
      "learning_rate",
      "validation_mini_batch_size",
    ]);
  });
});
