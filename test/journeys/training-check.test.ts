import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Estimator, TrainingFinding } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeChannels, shapeEstimator, shapeScene, startShapes } from "../support/shapes.js";
import type { ShapeName, ShapesBackend } from "../support/shapes.js";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe("plan and check over HTTP, before a job costs money", () => {
  let shapes: ShapesBackend;
  let ready: Estimator<ShapeName, never>;
  beforeAll(async () => {
    shapes = await startShapes();
    // The scenes have 48 x 32 pixels; these settings fit them.
    ready = shapeEstimator(shapes.session, "planned").hyperparameters({ base_size: 48, crop_size: 24 });
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });
  const codes = (findings: readonly TrainingFinding[]): string[] => findings.map(({ code }) => code);

  it("plan shows request, findings and the largest cost, and sends nothing", () => {
    const plan = ready.jobName("planned-1").maxRuntime(7200).keepAlive(1800).plan({ pricePerHour: 3.5 });
    expect(plan.request.TrainingJobName).toBe("planned-1");
    expect(plan.findings).toEqual([]);
    // 2 hours of training and half an hour of pool.
    expect(plan.cost).toEqual({ currency: "USD", training: 7, warmPool: 1.75, total: 8.75 });
    expect(ready.plan().cost).toBeUndefined();
    expect(ready.plan({ pricePerHour: 1, currency: "EUR" }).cost).toMatchObject({ currency: "EUR", total: 24 });
    expect(() => ready.plan({ pricePerHour: -1 })).toThrow(/pricePerHour/);
  });

  it("finds nothing in data that fit, and starts nothing", async () => {
    const check = await ready.check();
    expect(check).toMatchObject({ ok: true, findings: [] });
    const { SageMakerClient, ListTrainingJobsCommand } = await import("@aws-sdk/client-sagemaker");
    const { url, credentials, region } = shapes.local;
    const client = new SageMakerClient({ endpoint: url, credentials, region });
    expect((await client.send(new ListTrainingJobsCommand({}))).TrainingJobSummaries).toEqual([]);
  });

  it("tells what is wrong in the folders", async () => {
    const { store } = shapes.session;
    const folder = (name: string): string => `s3://shapes/broken/${name}/`;
    const { jpeg, truth } = shapeScene(1);
    const png = truth.toPng({ kind: "gray" });
    await store.write(`${folder("train")}a.jpg`, jpeg);
    await store.write(`${folder("train_annotation")}a.png`, png);
    await store.write(`${folder("train")}alone.jpg`, jpeg);
    await store.write(`${folder("train")}notes.txt`, text("hello"));
    await store.write(`${folder("train_annotation")}unused.png`, png);
    await store.write(`${folder("train")}gif.jpg`, text("GIF89a......"));
    await store.write(`${folder("train_annotation")}gif.png`, text("not a PNG"));
    const broken = ready.channels({
      train: folder("train"),
      train_annotation: folder("train_annotation"),
      validation: folder("nothing"),
      validation_annotation: shapeChannels.validation_annotation,
    });
    const { ok, findings } = await broken.check();
    expect(ok).toBe(false);
    expect(codes(findings).sort()).toEqual([
      "batch.too-large",
      "channel.empty",
      "data.masks-unused",
      "data.strangers",
      "data.unpaired",
      "image.kind",
      "mask.unreadable",
      "samples.count",
    ]);
    // Errors first; each says what to do.
    const severities = findings.map(({ severity }) => severity);
    expect(severities).toEqual([...severities].sort((a, b) => (a === b ? 0 : a === "error" ? -1 : 1)));
    for (const { message, remedy } of findings)
      expect([message, remedy].every((words) => words.endsWith("."))).toBe(true);
    const unpaired = findings.find(({ code }) => code === "data.unpaired");
    expect(unpaired?.message).toContain("1 of 3 images of channel train have no mask of the same name (alone.jpg)");
  });

  it("holds pixels against the classes, with and without a label map, and masks against images", async () => {
    const { store } = shapes.session;
    const { jpeg } = shapeScene(1);
    const big = shapeScene(2).truth.toPng({ kind: "gray" });
    const folder = (name: string): string => `s3://shapes/values/${name}/`;
    for (const set of ["train", "validation"]) {
      await store.write(`${folder(set)}a.jpg`, jpeg);
      await store.write(`${folder(`${set}_annotation`)}a.png`, big);
    }
    const { defineClasses } = await import("../../src/index.js");
    const two = shapes.session
      .estimator("two")
      .channels({
        train: folder("train"),
        train_annotation: folder("train_annotation"),
        validation: folder("validation"),
        validation_annotation: folder("validation_annotation"),
        label_map: folder("maps"),
      })
      .classes(defineClasses(["background", "disc"]))
      .instance("ml.p3.2xlarge")
      .hyperparameters({ num_training_samples: 1, mini_batch_size: 1, crop_size: 24, base_size: 48 });
    const before = await two.check();
    expect(codes(before.findings)).toEqual(["mask.values", "mask.values", "label-map.missing", "label-map.missing"]);
    expect(before.findings[0]?.message).toContain("pixels of value 2, class 2; num_classes is 2");
    // 0, 1, 2 divided by 2 are 0, 0, 1.
    await store.write(`${folder("maps")}train_label_map.json`, text('{"scale": 2}'));
    await store.write(`${folder("maps")}validation_label_map.json`, text('{"map": 3}'));
    expect(codes((await two.check()).findings)).toEqual(["label-map.invalid", "mask.values"]);
    await store.write(`${folder("maps")}validation_label_map.json`, text('{"map": {"0": 0, "1": 2}}'));
    const { findings } = await two.check();
    expect(findings[0]?.message).toContain("pixels of value 1, which the label map does not list");
  });

  it("holds sizes against the crop", async () => {
    expect(codes((await ready.hyperparameters({ crop_size: 240, base_size: 520 }).check()).findings)).toEqual([
      "crop.enlarged",
    ]);
    // Images of 3 : 2 become at most 2 x 48 wide and 64 high.
    expect(codes((await ready.hyperparameters({ crop_size: 72 }).check()).findings)).toContain("crop.larger");
    const whole = ready.hyperparameters({ algorithm: "psp", validation_mini_batch_size: 1 });
    expect(codes((await whole.check()).findings)).toEqual(["validation.whole-images", "validation.shape"]);
  });

  it("reads augmented manifests", async () => {
    const { store } = shapes.session;
    const line = (n: number): string =>
      JSON.stringify({
        "source-ref": `${shapeChannels.train}shot-${n}.jpg`,
        "shapes-ref": `${shapeChannels.train_annotation}shot-${n}.png`,
      });
    await store.write(
      "s3://shapes/check/train.manifest",
      text(`${line(0)}\n${line(1)}\n{"source-ref": "s3://a/b"}\n{\n`),
    );
    await store.write("s3://shapes/check/valid.manifest", text(`${line(99)}\n`));
    const labels = "shapes-ref";
    const piped = ready
      .augmentedManifests({
        train: { uri: "s3://shapes/check/train.manifest", labels },
        validation: { uri: "s3://shapes/check/valid.manifest", labels },
      })
      .hyperparameters({ num_training_samples: 2, mini_batch_size: 1 });
    expect(codes((await piped.check()).findings)).toEqual(["manifest.json", "data.missing", "manifest.attributes"]);
    const nowhere = piped.augmentedManifests({
      train: { uri: "s3://shapes/check/none.manifest", labels },
      validation: { uri: "s3://shapes/check/valid.manifest", labels },
    });
    expect(codes((await nowhere.check({ samples: 0 })).findings)).toEqual(["channel.empty"]);
  });

  it("asks for the quota of the instance, on demand or spot, and of the warm pool", async () => {
    const { faults } = shapes.local;
    faults.quota("ml.p3.2xlarge for training job usage", 0);
    faults.quota("ml.p3.2xlarge for training warm pool usage", 0);
    const { ok, findings } = await ready.keepAlive(60).check();
    expect([ok, codes(findings)]).toEqual([false, ["quota.none", "quota.none"]]);
    expect((await ready.spot({ maxWait: 90_000 }).check()).ok).toBe(true);
    expect((await ready.check({ quota: false })).ok).toBe(true);
    // What check foretold: the service refuses in these words (public reports).
    const { code, message } = await rejectionOf(ready.fit());
    expect(code).toBe("aws.limit");
    expect(message).toContain("'ml.p3.2xlarge for training job usage' is 0 Instances");
    faults.clear();
    faults.next({
      operation: "ListServiceQuotas",
      error: { name: "AccessDeniedException", message: "not authorized" },
    });
    expect(await ready.check()).toMatchObject({ ok: true, findings: [{ code: "quota.unchecked", severity: "info" }] });
  });

  it("misses the artifact of an earlier job", async () => {
    const { findings } = await ready.continueFrom("s3://shapes/no/model.tar.gz").check();
    expect(findings[0]).toMatchObject({ code: "model.missing", severity: "error" });
  });

  it("ends with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(ready.check({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
