import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import { attachEndpoint } from "../../src/hosting/endpoint.js";
import { modelFromArtifact } from "../../src/hosting/model.js";
import { defineClasses } from "../../src/mask/classes.js";
import { invokeRequest } from "../../src/prediction/invoke-request.js";
import { estimatorBuilder } from "../../src/training/estimator-builder.js";
import type { Estimator } from "../../src/training/estimator.js";
import type { AugmentedManifest } from "../../src/training/training-channels.js";
import { attachTrainingJob } from "../../src/training/training-job.js";
import { tunerBuilder } from "../../src/training/tuner-builder.js";
import { attachTuningJob } from "../../src/training/tuning-job.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";

/**
 * The same jobs as the SageMaker Python SDK makes them (version 2, recorded). Every difference stands here with its
 * reason; any other fails the test.
 */
const folder = path.resolve(import.meta.dirname, "../../../shared/peers/python-sdk/requests");
const missing = !existsSync(folder);

interface Recorded {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

function recorded(scenario: string, operation: string): Readonly<Record<string, unknown>> {
  const file = readFileSync(path.join(folder, `${scenario}.json`), "utf8");
  const { requests } = JSON.parse(file) as { requests: Recorded[] };
  return requests.find((request) => request.operation === operation)!.input;
}

/** Paths where two requests differ, with both values; `undefined` for what is not there. */
type Differences = Record<string, readonly [ours: unknown, theirs: unknown]>;

function differences(ours: unknown, theirs: unknown, at = ""): Differences {
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return {};
  if (!isObject(ours) || !isObject(theirs)) return { [at]: [ours, theirs] };
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const found: Differences = {};
  for (const key of keys) {
    Object.assign(found, differences(ours[key], theirs[key], at === "" ? key : `${at}.${key}`));
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const run = "s3://turtle2022/run-1";
const role = "arn:aws:iam::123456789012:role/Turtles";
const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const classes = defineClasses(["background", "sea turtle"]);
const voc = defineClasses(Array.from({ length: 21 }, (_, index) => `class ${index}`));
const context = createAwsContext({ region: "us-east-1", role, workspace: run });
const channels = {
  train: `${run}/train/`,
  validation: `${run}/validation/`,
  train_annotation: `${run}/train_annotation/`,
  validation_annotation: `${run}/validation_annotation/`,
};

type Ready = Estimator<"background" | "sea turtle", never>;
const estimator = (jobName: string): Ready =>
  estimatorBuilder(context, "turtles")
    .channels(channels)
    .classes(classes)
    .instance("ml.p3.2xlarge")
    .hyperparameters({ num_training_samples: 200 })
    .jobName(jobName);

// The package switches the debugger's hook and profiler on unless told otherwise. They have nothing to hook on to in the
// closed container, and the profiler writes to S3 all the while: here they are off, as with `disable_profiler=True`.
const noDebugger = {
  "ProfilerConfig.DisableProfiler": [true, false],
  "ProfilerConfig.S3OutputPath": [undefined, `${run}/output`],
  DebugHookConfig: [undefined, { S3OutputPath: `${run}/output`, CollectionConfigurations: [] }],
};
// The package sends what it is given; here both numbers are required, since the container refuses a job without them.
const derivedNumbers = { HyperParameters: [{ num_classes: "2", num_training_samples: "200" }, undefined] };

describe.skipIf(missing)("training requests (needs ../shared)", () => {
  it("four channels", () => {
    const ours = estimator("turtles-2026-11-21-08-00-00-000")
      .hyperparameters({ backbone: "resnet-50", algorithm: "fcn", use_pretrained_model: true, epochs: 10 })
      .toRequest();
    expect(differences(ours, recorded("train-four-channels", "CreateTrainingJob"))).toEqual(noDebugger);
  });

  it("a name of the same form", () => {
    const name = String(recorded("train-four-channels", "CreateTrainingJob")["TrainingJobName"]);
    const ours = estimatorBuilder(context, "turtles")
      .dataset({ classes, channels, counts: { train: 200 } })
      .instance("ml.p3.2xlarge")
      .toRequest().TrainingJobName;
    expect(ours?.replaceAll(/\d/g, "0")).toBe(name.replaceAll(/\d/g, "0"));
  });

  it("debugger and profiler off: no difference", () => {
    const ours = estimator("turtles-plain").toRequest();
    expect(differences(ours, recorded("train-without-debugger-and-profiler", "CreateTrainingJob"))).toEqual(
      derivedNumbers,
    );
  });

  it("tags", () => {
    const ours = estimator("turtles-tags").tags({ project: "turtles" }).toRequest();
    expect(differences(ours, recorded("train-tags-as-dictionary", "CreateTrainingJob"))).toEqual({
      ...noDebugger,
      ...derivedNumbers,
    });
  });

  it("label map, larger volume, longer run", () => {
    const theirs = recorded("train-label-map-channel", "CreateTrainingJob");
    const ours = estimatorBuilder(context, "turtles")
      .channels({ ...channels, label_map: `${run}/label_map/` })
      .classes(voc)
      .instance("ml.g4dn.12xlarge", { volumeGb: 50 })
      .maxRuntime(360_000)
      .hyperparameters({
        backbone: "resnet-101",
        algorithm: "deeplab",
        use_pretrained_model: true,
        crop_size: 240,
        epochs: 30,
        learning_rate: 0.0001,
        optimizer: "rmsprop",
        lr_scheduler: "poly",
        mini_batch_size: 16,
        validation_mini_batch_size: 16,
        early_stopping: true,
        early_stopping_patience: 2,
        early_stopping_min_epochs: 10,
        num_training_samples: 1464,
      })
      .jobName(String(theirs["TrainingJobName"]))
      .toRequest();
    expect(differences(ours, theirs)).toEqual(noDebugger);
  });

  it("going on from an earlier model", () => {
    const theirs = recorded("train-incremental-model-uri", "CreateTrainingJob");
    const ours = estimator(String(theirs["TrainingJobName"]))
      .channels({ ...channels, model: `${run}/output/turtles-0/output/model.tar.gz` })
      .hyperparameters({ crop_size: 240, algorithm: "fcn", backbone: "resnet-50" })
      .toRequest();
    expect(differences(ours, theirs)).toEqual(noDebugger);
  });

  it("spot, VPC, keys, isolation, retries, environment and tags", () => {
    const theirs = recorded("train-spot-vpc-kms-tags", "CreateTrainingJob");
    const ours = estimator("turtles-spot-1")
      .instance("ml.g5.12xlarge", { volumeGb: 100 })
      .maxRuntime(7200)
      .spot({ maxWait: 14_400, checkpoints: `${run}/checkpoints/` })
      .encryption({ volumeKmsKey: key, outputKmsKey: key, betweenContainers: true })
      .vpc({ subnets: ["subnet-0abc", "subnet-0def"], securityGroups: ["sg-0123"] })
      .networkIsolation()
      .retries(3)
      .environment({ A: "1" })
      .debugger()
      .tags({ project: "turtles", "cost-center": "42" });
    expect(differences(ours.toRequest(), theirs)).toEqual({
      // The service's own default, which is documented as such.
      "CheckpointConfig.LocalPath": [undefined, "/opt/ml/checkpoints"],
    });
    // The package sends a key for the disk of a type that takes none; here that is told before it is sent.
    expect(ours.warnings().filter(({ severity }) => severity === "error")).toMatchObject([
      { code: "encryption.volume" },
    ]);
  });

  it("augmented manifests in Pipe mode: no difference with the debugger on", () => {
    const theirs = recorded("train-augmented-manifest", "CreateTrainingJob");
    const manifest = (name: string): AugmentedManifest => ({
      uri: `${run}/manifests/${name}.manifest`,
      labels: "turtles-ref",
      shuffleSeed: 42,
    });
    const ours = estimatorBuilder(context, "turtles")
      .augmentedManifests({ train: manifest("train"), validation: manifest("validation") })
      .classes(classes)
      .instance("ml.p3.2xlarge")
      .hyperparameters({ num_training_samples: 160, mini_batch_size: 1, validation_mini_batch_size: 1 })
      .debugger()
      .jobName(String(theirs["TrainingJobName"]))
      .toRequest();
    expect(differences(ours, theirs)).toEqual({});
  });

  it("warm pool: no difference with the debugger on", () => {
    const ours = estimator("turtles-warm").keepAlive(1800).debugger().toRequest();
    expect(differences(ours, recorded("train-warm-pool", "CreateTrainingJob"))).toEqual({});
  });

  it("going on from an earlier job: its settings are taken over where the package sends what it is given", () => {
    const theirs = recorded("train-incremental-model-uri", "CreateTrainingJob");
    const ours = estimator(String(theirs["TrainingJobName"]))
      .continueFrom({
        artifact: `${run}/output/turtles-0/output/model.tar.gz`,
        hyperparameters: { algorithm: "fcn", num_classes: "2", num_training_samples: "100", epochs: "99" },
      })
      .debugger()
      .toRequest();
    expect(differences(ours, theirs)).toEqual({});
  });

  it("numbers and booleans: the same but for exponents, of which nobody knows whether the container reads them", () => {
    const theirs = recorded("train-hyperparameter-strings", "CreateTrainingJob")["HyperParameters"] as Record<
      string,
      string
    >;
    const ours = estimator("t")
      .hyperparameters({
        learning_rate: 0.001,
        weight_decay: 0.00001,
        momentum: 0.1 + 0.2,
        syncbn: true,
        early_stopping: false,
      })
      .toRequest().HyperParameters!;
    expect([ours["learning_rate"], ours["momentum"], ours["syncbn"], ours["early_stopping"]]).toEqual([
      theirs["a_float"],
      theirs["sum_of_floats"],
      theirs["yes"],
      theirs["no"],
    ]);
    expect([ours["weight_decay"], theirs["small"]]).toEqual(["0.00001", "1e-05"]);
  });

  it("stop", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: {} }));
    const sending = createAwsContext({ region: "us-east-1", clients: { sagemaker: client } });
    await attachTrainingJob(sending, "turtles-stop", classes).stop();
    expect(calls).toEqual([{ operation: "StopTrainingJob", input: recorded("stop-training", "StopTrainingJob") }]);
  });
});

describe.skipIf(missing)("warm pool requests (needs ../shared)", () => {
  it("gives the pool back", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: {} }));
    const sending = createAwsContext({ region: "us-east-1", clients: { sagemaker: client } });
    await attachTrainingJob(sending, "turtles-warm", classes).keepAlive(0);
    expect(calls).toEqual([
      { operation: "UpdateTrainingJob", input: recorded("train-warm-pool", "UpdateTrainingJob") },
    ]);
  });
});

describe.skipIf(missing)("tuning requests (needs ../shared)", () => {
  // The package's estimator of these scenarios has no hyperparameters of its own, or those given here.
  it("one range of each kind: no difference", () => {
    const theirs = recorded("tune-miou", "CreateHyperParameterTuningJob");
    const ours = tunerBuilder(context, "turtles-tune")
      .estimator(estimator("unused").hyperparameters({ epochs: 10, use_pretrained_model: true }))
      .jobs(20, { parallel: 2 })
      .ranges({
        learning_rate: { min: 0.0001, max: 0.1, scale: "Logarithmic" },
        mini_batch_size: { min: 1, max: 128 },
        optimizer: ["sgd", "adam", "rmsprop"],
      })
      .earlyStopping()
      .jobName(String(theirs["HyperParameterTuningJobName"]))
      .toRequest();
    expect(differences(ours, theirs)).toEqual({});
  });

  it("one range: both numbers that the container needs, the package sends none", () => {
    const ours = tunerBuilder(context, "turtles-tune")
      .estimator(estimator("unused"))
      .jobs(4, { parallel: 2 })
      .ranges({ learning_rate: { min: 0.0001, max: 0.1 } })
      .jobName("turtles-tune-1")
      .toRequest();
    expect(differences(ours, recorded("tune-best-deploy", "CreateHyperParameterTuningJob"))).toEqual({
      "TrainingJobDefinition.StaticHyperParameters.num_classes": ["2", undefined],
      "TrainingJobDefinition.StaticHyperParameters.num_training_samples": ["200", undefined],
    });
  });

  it("stop", async () => {
    const { client, calls } = fakeSageMaker(() => ({ body: {} }));
    const sending = createAwsContext({ region: "us-east-1", clients: { sagemaker: client } });
    await attachTuningJob(sending, "turtles-tune-1", classes).stop();
    const theirs = recorded("tune-best-deploy", "StopHyperParameterTuningJob");
    expect(calls).toEqual([{ operation: "StopHyperParameterTuningJob", input: theirs }]);
  });
});

describe.skipIf(missing)("deployment requests (needs ../shared)", () => {
  const artifact = `${run}/output/turtles-1/output/model.tar.gz`;
  // Names with a time are compared by their form.
  const timeless = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(/-\d{4}(-\d\d){5}-\d{3}/g, "-TIME"));
  const all = (scenario: string): unknown =>
    timeless({
      model: recorded(scenario, "CreateModel"),
      endpointConfig: recorded(scenario, "CreateEndpointConfig"),
      endpoint: recorded(scenario, "CreateEndpoint"),
    });
  // Members that are empty are left out here; the package sends them.
  const noEmptyMembers = {
    "model.PrimaryContainer.Environment": [undefined, {}],
    "endpoint.Tags": [undefined, []],
  };

  it("a training job's model under new names", () => {
    const model = modelFromArtifact(context, {
      artifact: `${run}/output/turtles-2022-11-01-10-00-00-000/output/model.tar.gz`,
      classes,
      trainingJob: "turtles-2022-11-01-10-00-00-000",
    });
    const ours = model.deploy().instance("ml.c5.xlarge").toRequest();
    expect(differences(timeless(ours), all("attach-and-deploy"))).toEqual(noEmptyMembers);
  });

  it("an artifact under a given name", () => {
    const ours = modelFromArtifact(context, { artifact, classes })
      .deploy()
      .instance("ml.c5.xlarge")
      .name("turtles-artifact")
      .override({ model: { EnableNetworkIsolation: true } })
      .toRequest();
    // The model's name tells the endpoint's, the package's the image's: `semantic-segmentation-TIME`.
    const names = ["turtles-artifact-TIME", "semantic-segmentation-TIME"];
    expect(differences(timeless(ours), all("deploy-model-from-artifact"))).toEqual({
      ...noEmptyMembers,
      "model.ModelName": names,
      "endpointConfig.ProductionVariants.0.ModelName": names,
    });
  });

  it("two GPU instances, tags and a key", () => {
    const ours = modelFromArtifact(context, { artifact, classes, trainingJob: "turtles-1" })
      .deploy()
      .instance("ml.g4dn.xlarge")
      .count(2)
      .name("turtles-live")
      .tags({ project: "turtles" })
      .override({ endpointConfig: { KmsKeyId: key } })
      .toRequest();
    // A model's name is always new here, so that what an earlier deployment left behind is never in the way.
    const names = ["turtles-live-TIME", "turtles-model"];
    expect(differences(timeless(ours), all("deploy-gpu-several-instances"))).toEqual({
      "model.PrimaryContainer.Environment": [undefined, {}],
      "model.ModelName": names,
      "endpointConfig.ProductionVariants.0.ModelName": names,
    });
  });

  it("deletes the same things, in the order that AWS advises and not in the package's", async () => {
    const { client, calls } = fakeSageMaker(({ operation }) => {
      if (operation === "DescribeEndpoint")
        return { body: { EndpointStatus: "InService", EndpointConfigName: "turtles-live" } };
      return { body: { ProductionVariants: [{ ModelName: "turtles" }] } };
    });
    const sending = createAwsContext({ region: "us-east-1", clients: { sagemaker: client } });
    await attachEndpoint(sending, "turtles-live", classes).delete({ everything: true });
    const { requests } = JSON.parse(readFileSync(path.join(folder, "delete-everything.json"), "utf8")) as {
      requests: Recorded[];
    };
    const theirs = requests.map(({ operation, input }) => ({ operation, input }));
    const [model, config, endpoint] = theirs.slice(2);
    expect(calls).toEqual([...theirs.slice(0, 2), endpoint, config, model]);
  });
});

describe.skipIf(missing)("prediction requests (needs ../shared)", () => {
  it.each([
    ["predict-png", "image/png"],
    ["predict-probabilities", "application/x-protobuf"],
  ] as const)("%s: no difference", (scenario, accept) => {
    const theirs = recorded(scenario, "InvokeEndpoint");
    const bytes = Buffer.from((theirs["Body"] as { $base64: string }).$base64, "base64");
    const ours = invokeRequest("turtles-live", accept, { bytes, contentType: "image/jpeg", width: 1, height: 1 });
    const encoded = { ...ours, Body: { $base64: Buffer.from(ours.Body as Uint8Array).toString("base64") } };
    expect(differences(encoded, theirs)).toEqual({});
  });
});
