import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { AwsContext } from "../../src/aws/context.js";
import { algorithmRegions } from "../../src/facts/image-registry.js";
import { documentedTrainingInstances } from "../../src/facts/training-instances.js";
import { modelFromArtifact } from "../../src/hosting/model.js";
import { defineClasses } from "../../src/mask/classes.js";
import { invokeRequest } from "../../src/prediction/invoke-request.js";
import { estimatorBuilder } from "../../src/training/estimator-builder.js";
import type { Estimator } from "../../src/training/estimator.js";
import { tunerBuilder } from "../../src/training/tuner-builder.js";

const validator = path.resolve(import.meta.dirname, "../../../shared/peers/service-model/validate.py");
const python = process.platform === "win32" ? "python" : "python3";
const usable = existsSync(validator) && spawnSync(python, ["--version"]).status === 0;

const classes = defineClasses(["background", "sea turtle"]);
const channels = {
  train: "s3://turtles/run 1/train",
  train_annotation: "s3://turtles/run 1/train_annotation",
  validation: "s3://turtles/run 1/validation",
  validation_annotation: "s3://turtles/run 1/validation_annotation",
};

function tuningRequests(
  context: AwsContext,
  estimator: Estimator<"background" | "sea turtle", never>,
): { operation: string; input: unknown }[] {
  const tuner = tunerBuilder(context, "n".repeat(32)).estimator(estimator).jobs(100, { parallel: 10 });
  const tuners = [
    tuner,
    tuner.ranges({ gamma1: { min: 0, max: 0.000001 }, epochs: { min: 1, max: 1000 }, syncbn: [true, false] }).jobs(2),
    tuner
      .strategy("Grid")
      .ranges({ backbone: ["resnet-50", "resnet-101"] })
      .jobs(2),
    tuner.strategy("Hyperband", { seed: 0, minEpochs: 1, maxEpochs: 9 }).until({ target: 0.5, converged: true }),
    tuner.warmStart(["a", "b", "c", "d", "e"]).until({ notImproving: 3 }).earlyStopping(),
    tuner.jobs(750, { maxRuntime: 120 }).objective("validation:pixel_accuracy").jobName("j".repeat(32)),
  ];
  return tuners.map((one) => ({ operation: "CreateHyperParameterTuningJob", input: one.toRequest() }));
}

function requestsIn(region: string): { operation: string; input: unknown }[] {
  const role = "arn:aws:iam::123456789012:role/service-role/Turtles";
  const context = createAwsContext({ region, role, workspace: "s3://turtles/run-1" });
  const estimator = estimatorBuilder(context, "n".repeat(63))
    .channels({ ...channels, label_map: "s3://turtles/maps", model: "s3://turtles/model.tar.gz" })
    .classes(classes)
    .instance("ml.p3.2xlarge", { volumeGb: 500 })
    .hyperparameters({
      num_training_samples: 100,
      lr_scheduler: "step",
      lr_scheduler_step: [10, 20],
      learning_rate: 1e-7,
    })
    .spot({ maxWait: 90_000 })
    .tags({ "ключ/с пробелом": "v".repeat(256) });
  const key = `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const guarded = estimator
    .encryption({ volumeKmsKey: key, outputKmsKey: "alias/turtles", betweenContainers: true })
    .vpc({ subnets: Array.from({ length: 16 }, (_, n) => `subnet-${n}`), securityGroups: ["sg-1"] })
    .networkIsolation()
    .retries(30)
    .environment(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`V_${n}`, "x".repeat(512)])))
    .maxRuntime(3600, { maxPending: 1800 })
    .debugger();
  const manifest = { uri: "s3://turtles/m.manifest", labels: `${"l".repeat(252)}-ref`, shuffleSeed: 7 };
  const piped = estimatorBuilder(context, "piped")
    .augmentedManifests({ train: manifest, validation: manifest })
    .classes(classes)
    .instance("ml.g4dn.xlarge")
    .hyperparameters({ num_training_samples: 100 })
    .keepAlive(21_600);
  const channelled = piped.channels({
    train: { uri: "s3://turtles/list.json", manifest: true, contentType: false },
    train_annotation: { uri: "s3://turtles/masks", inputMode: "FastFile" },
    validation: { uri: "s3://turtles/v", inputMode: "Pipe", contentType: "application/x-image" },
    validation_annotation: "s3://turtles/vm",
  });
  const deployment = modelFromArtifact(context, { artifact: "s3://turtles/model.tar.gz", classes, trainingJob: "t" })
    .deploy()
    .instance("ml.c5.xlarge")
    .tags({ project: "turtles" });
  const { model, endpointConfig, endpoint } = deployment.toRequest();
  const named = deployment.name("e".repeat(63)).toRequest();
  return [
    { operation: "CreateTrainingJob", input: estimator.toRequest() },
    { operation: "CreateTrainingJob", input: guarded.toRequest() },
    { operation: "CreateTrainingJob", input: piped.toRequest() },
    ...tuningRequests(
      context,
      guarded.environment(Object.fromEntries(Array.from({ length: 48 }, (_, n) => [`V_${n}`, "x".repeat(512)]))),
    ),
    { operation: "CreateTrainingJob", input: channelled.inputMode("File").toRequest() },
    ...documentedTrainingInstances.map((type) => ({
      operation: "CreateTrainingJob",
      input: estimator.instance(type).toRequest(),
    })),
    { operation: "CreateModel", input: model },
    { operation: "CreateModel", input: named.model },
    { operation: "CreateEndpointConfig", input: endpointConfig },
    { operation: "CreateEndpointConfig", input: named.endpointConfig },
    { operation: "CreateEndpoint", input: endpoint },
    { operation: "CreateEndpoint", input: named.endpoint },
  ];
}

function requests(): unknown[] {
  const found: { operation: string; input: unknown }[] = algorithmRegions.flatMap(requestsIn);
  for (const accept of ["image/png", "application/x-protobuf", "application/x-recordio-protobuf"] as const) {
    const body = { bytes: Uint8Array.of(1), contentType: "image/jpeg", width: 1, height: 1 } as const;
    const input = { ...invokeRequest("turtles", accept, body), Body: { $base64: "AQ==" } };
    found.push({ operation: "sagemaker-runtime:InvokeEndpoint", input });
  }
  return found;
}

describe.skipIf(!usable)(
  "training, hosting and prediction requests against the service model (needs ../shared, Python)",
  () => {
    it("every request of the builders passes, in every region of the algorithm", () => {
      const folder = mkdtempSync(path.join(tmpdir(), "training-requests-"));
      try {
        const list = path.join(folder, "requests.json");
        writeFileSync(list, JSON.stringify(requests()));
        const { stdout: answer } = spawnSync(python, [validator, list], {
          encoding: "utf8",
          maxBuffer: 64 * 1024 * 1024,
        });
        expect(answer.split("\n").filter((line) => line.includes("Exception"))).toEqual([]);
        expect(answer.trim().split("\n").length).toBeGreaterThan(1000);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
