import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startLocal } from "../../src/local.js";
import { shapeClasses, shapeScene } from "../support/shapes.js";

it("trains in Pipe mode from the augmented manifests of a dataset", async () => {
  const directory = await mkdtemp(join(tmpdir(), "augmented-"));
  const local = await startLocal({ directory, seed: 7, speed: 50 });
  try {
    const session = local.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
    for (let n = 0; n < 6; n++) {
      const { jpeg, truth } = shapeScene(n);
      await session.store.write(`s3://shapes/images/shot ${n}.jpg`, jpeg);
      await session.store.write(`s3://shapes/masks/shot ${n}.png`, truth.toPng({ kind: "gray" }));
    }
    const builder = session
      .dataset(shapeClasses)
      .pairs({ images: "s3://shapes/images/", masks: "s3://shapes/masks/" })
      .split({ train: 0.67, validation: 0.33, seed: 1 });
    const dataset = await builder.upload();
    const manifests = await dataset.augmentedManifests({ shuffleSeed: 4 });

    const text = new TextDecoder().decode(await session.store.read(manifests.train.uri));
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(lines).toHaveLength(dataset.counts.train);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(["source-ref", "mask-ref"]);
      // No blanks in the keys: public reports of failed Pipe jobs had some.
      expect(line["source-ref"]).toMatch(/\/train\/shot_\d\.jpg$/);
      expect(line["mask-ref"]).toBe(
        line["source-ref"]?.replace("/train/", "/train_annotation/").replace(".jpg", ".png"),
      );
    }

    const estimator = session
      .estimator("piped")
      .augmentedManifests(manifests)
      .classes(shapeClasses)
      .instance("ml.p3.2xlarge")
      .hyperparameters({ num_training_samples: dataset.counts.train, mini_batch_size: 1, epochs: 1 });
    const channels = estimator.toRequest().InputDataConfig ?? [];
    // Developer guide, semantic segmentation: order of attributes, record wrapping and content type of Pipe mode.
    expect(channels[0]).toMatchObject({
      ChannelName: "train",
      ContentType: "application/x-recordio",
      RecordWrapperType: "RecordIO",
      ShuffleConfig: { Seed: 4 },
      DataSource: {
        S3DataSource: {
          S3DataType: "AugmentedManifestFile",
          S3Uri: manifests.train.uri,
          AttributeNames: ["source-ref", "mask-ref"],
        },
      },
    });
    const job = await estimator.fit();
    await job.wait();

    // The manifests lie in the dataset's folder and are no files of somebody else.
    expect((await builder.upload()).counts).toEqual(dataset.counts);
    expect(await dataset.check()).toMatchObject({ ok: true });
  } finally {
    await local.close();
    await rm(directory, { recursive: true, force: true });
  }
});
