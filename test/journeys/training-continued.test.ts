import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeChannels, shapeClasses, shapeEstimator, startShapes } from "../support/shapes.js";
import type { ShapesBackend } from "../support/shapes.js";

describe("training in other ways, over HTTP", () => {
  let shapes: ShapesBackend;
  beforeAll(async () => {
    shapes = await startShapes();
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  it("goes on from an earlier model: it begins where that one ended", async () => {
    const first = await shapeEstimator(shapes.session, "first", 8).fit();
    const model = await first.wait();
    const reached = (await first.curve()).best!.mIoU!;
    const start = (await first.curve()).epochs[0]!.trainLoss!;
    const second = await shapeEstimator(shapes.session, "second", 1).continueFrom(model).fit();
    await second.wait();
    const [epoch] = (await second.curve()).epochs;
    expect(epoch!.trainLoss).toBeLessThan(start);
    expect(epoch!.mIoU).toBeGreaterThan(0.9 * reached);
    // What describe() says will do as well, and needs no call of its own.
    const state = await first.describe();
    const request = shapeEstimator(shapes.session, "third").continueFrom(state).toRequest();
    expect(request.HyperParameters).toMatchObject({ algorithm: "fcn", backbone: "resnet-50", crop_size: "240" });

    const other = shapeEstimator(shapes.session, "other").hyperparameters({ crop_size: 320 });
    expect((await rejectionOf(other.continueFrom(model).fit())).code).toBe("hyperparameter.invalid");
    // Past our own check the container refuses it.
    const forced = await other.channels({ ...shapeChannels, model: model.artifact }).fit();
    expect((await rejectionOf(forced.wait())).details).toMatchObject({
      reason: expect.stringContaining("crop_size") as string,
    });
  });

  it("reads augmented manifests in Pipe mode", async () => {
    const { store } = shapes.session;
    const write = async (set: "train" | "validation", label: string): Promise<string> => {
      const lines: string[] = [];
      for await (const { uri } of store.list(shapeChannels[set])) {
        const mask = uri.replace(`/${set}/`, `/${set}_annotation/`).replace(".jpg", ".png");
        lines.push(JSON.stringify({ "source-ref": uri, [label]: mask, [`${label}-metadata`]: {} }));
      }
      const uri = `s3://shapes/manifests/${set}.manifest`;
      await store.write(uri, new TextEncoder().encode(`${lines.join("\n")}\n`));
      return uri;
    };
    const manifests = {
      train: { uri: await write("train", "shapes-ref"), labels: "shapes-ref" },
      validation: { uri: await write("validation", "checked-ref"), labels: "checked-ref" },
    };
    const piped = shapes.session
      .estimator("piped")
      .augmentedManifests(manifests)
      .classes(shapeClasses)
      .instance("ml.g4dn.xlarge")
      .hyperparameters({ num_training_samples: 8, mini_batch_size: 1, validation_mini_batch_size: 1, epochs: 2 });
    const job = await piped.fit();
    await job.wait();
    expect((await job.curve()).epochs).toHaveLength(2);
    const filed = piped.override({
      InputDataConfig: piped
        .toRequest()
        .InputDataConfig!.map((channel) => ({ ...channel, InputMode: "File" as const })),
    });
    expect((await rejectionOf(filed.fit())).code).toBe("aws.validation");
  });

  it("sends all settings of the job, and reads them back", async () => {
    const key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const job = await shapeEstimator(shapes.session, "guarded", 1)
      .vpc({ subnets: ["subnet-0abc"], securityGroups: ["sg-0123"] })
      .encryption({ volumeKmsKey: key, outputKmsKey: key, betweenContainers: true })
      .networkIsolation()
      .retries(2)
      .environment({ TEAM: "sea" })
      .debugger()
      .spot({ maxWait: 90_000 })
      .fit();
    await job.wait();
    expect((await job.describe()).raw).toMatchObject({
      VpcConfig: { Subnets: ["subnet-0abc"], SecurityGroupIds: ["sg-0123"] },
      ResourceConfig: { VolumeKmsKeyId: key },
      OutputDataConfig: { KmsKeyId: key },
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      EnableManagedSpotTraining: true,
      RetryStrategy: { MaximumRetryAttempts: 2 },
      Environment: { TEAM: "sea" },
    });
  });
});
