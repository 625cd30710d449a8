import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMask, defineClasses, encodeMask } from "../../src/index.js";
import type { Labels } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { all, scene, sceneClasses, sceneInstructions, sceneSize, startScenes } from "../support/labeling-scenes.js";
import type { SceneBackend, SceneNames } from "../support/labeling-scenes.js";

let at: SceneBackend;
let images: readonly string[];
let labels: Labels<SceneNames>;

beforeAll(async () => {
  at = await startScenes();
  images = await at.put(4);
  // One image that nobody can label.
  await at.session.store.write("s3://shapes/images/shot-9.jpg", scene(0).jpeg);
  const job = await begin("First").images("s3://shapes/images/").classes(sceneClasses).start();
  labels = await job.wait();
});
afterAll(() => at.end());

const begin = (name: string) => at.session.labelingJob(name).workteam(at.team).instructions(sceneInstructions);

describe("adjustment over HTTP", () => {
  it("shows the masks of a finished job, keeps both labels, and says what was changed", async () => {
    // The truth of one image has moved since: that mask is to be corrected.
    const moved = scene(7).truth;
    await at.session.store.write("s3://shapes/truth/shot-1.png", moved.toPng());
    const builder = begin("Fix-1").adjust(labels);
    // Lambda names: API reference, PreHumanTaskLambdaArn.
    expect(builder.toRequest()).toMatchObject({
      LabelAttributeName: "Fix-1-ref",
      HumanTaskConfig: {
        PreHumanTaskLambdaArn: "arn:aws:lambda:us-east-1:432418664414:function:PRE-AdjustmentSemanticSegmentation",
        AnnotationConsolidationConfig: {
          AnnotationConsolidationLambdaArn:
            "arn:aws:lambda:us-east-1:432418664414:function:ACS-AdjustmentSemanticSegmentation",
        },
      },
    });
    expect(builder.toFiles()[1]?.body).toContain("task.input.manifestLine['First-ref']");
    const fixed = await (await builder.start()).wait();
    // The failed image of the first job is left out.
    expect(await fixed.counts()).toMatchObject({ labeled: 4, failed: 0, total: 4 });
    const entries = await all(fixed.labeled());
    expect(entries.map(({ imageUri }) => imageUri)).toEqual(images);
    expect(entries.map(({ adjustment }) => adjustment)[1]).toBe("adjusted");
    const before = await all(labels.labeled());
    for (const [n, entry] of entries.entries()) {
      const { mask } = await fixed.mask(entry);
      const { mask: old } = await labels.mask(before[n]!);
      if (entry.adjustment === "unadjusted") expect(mask.data).toEqual(old.data);
      else expect(mask.data).not.toEqual(old.data);
    }
    const original = await all(at.session.labels(fixed.uri, sceneClasses, "First-ref").labeled());
    expect(original.map(({ maskUri }) => maskUri)).toEqual(before.map(({ maskUri }) => maskUri));
    await at.session.store.write("s3://shapes/truth/shot-1.png", scene(1).truth.toPng());
  });

  it("takes the entries that a filter gives, and classes that were added", async () => {
    const wider = defineClasses(["background", "star", "disc", "bar"]);
    const fixed = await begin("Fix-2")
      .adjust(labels, { filter: ({ imageUri }) => imageUri.endsWith("shot-2.jpg") })
      .classes(wider)
      // The truth beside the images has the first classes' numbers.
      .tags({ truth: "s3://shapes/no-truth/" })
      .start();
    await at.session.store.write(
      "s3://shapes/no-truth/shot-2.png",
      encodeMask(createMask(48, 32, new Uint8Array(48 * 32), wider)),
    );
    const result = await fixed.wait();
    expect(await result.counts()).toMatchObject({ labeled: 1, total: 1 });
    expect(() =>
      begin("x")
        .adjust(labels)
        .classes(defineClasses(["background", "disc"]))
        .toRequest(),
    ).toThrow(/bar/);
    expect(() => begin("x").adjust(labels).attribute("First-ref").toRequest()).toThrow(/another name/);
    expect(() => begin("x").adjust(at.session.labels(labels.uri, sceneClasses))).toThrow(/one attribute/);
  });

  it("keeps class names when the new job numbers them otherwise", async () => {
    const turned = defineClasses(["background", "bar", "disc"]);
    const data = scene(0).truth.data.map((index) => [0, 2, 1][index]!);
    await at.session.store.write("s3://shapes/turned/shot-0.png", createMask(48, 32, data, turned).toPng());
    const fixed = await begin("Fix-turned")
      .adjust(labels, { filter: ({ imageUri }) => imageUri.endsWith("shot-0.jpg") })
      .classes(turned)
      .tags({ truth: "s3://shapes/turned/" })
      .start();
    const result = await fixed.wait();
    const [entry] = await all(result.labeled());
    expect(entry?.colorMap.map(({ className }) => className)).toEqual(["BACKGROUND", "bar", "disc"]);
    expect(entry?.adjustment).toBe("unadjusted");
    const [before] = await all(labels.labeled());
    const old = (await labels.mask(before!)).mask;
    expect((await at.session.labels(result.uri, sceneClasses, "Fix-turned-ref").mask(entry!)).mask.data).toEqual(
      old.data,
    );
  });

  it("takes masks from elsewhere: in memory, as files, by address, in colours", async () => {
    const { store } = at.session;
    await store.write("s3://shapes/other-tool/gray.png", encodeMask(scene(2).truth, { kind: "gray" }));
    const masks = [
      { image: images[0]!, mask: scene(0).truth, confidence: 0.5 },
      { image: images[1]!, mask: scene(1).truth.toPng() },
      { image: images[2]!, mask: "s3://shapes/other-tool/gray.png", extra: { batch: "plus-7" } },
      { image: images[3]!, mask: () => Promise.resolve(scene(3).truth) },
    ];
    const job = await begin("Fix-given").classes(sceneClasses).adjustMasks(masks).start();
    const result = await job.wait();
    const entries = await all(result.labeled());
    expect(entries.map(({ adjustment }) => adjustment)).toEqual([
      "unadjusted",
      "unadjusted",
      "unadjusted",
      "unadjusted",
    ]);
    for (const [n, entry] of entries.entries()) {
      expect((await result.mask(entry)).mask.data).toEqual(scene(n).truth.data);
    }
    const given = at.session.labels(result.uri, sceneClasses, "Fix-given-given-ref");
    const [first] = await all(given.labeled());
    // Form of a line: the reference's section on the output manifest.
    expect(first).toMatchObject({ annotatedBy: "machine", confidence: 0.5, jobName: "labeling-job/fix-given" });
    expect(first?.colorMap[0]).toMatchObject({ className: "BACKGROUND", color: [255, 255, 255] });
    const { mask, findings } = await given.mask(first!);
    expect(mask.data).toEqual(scene(0).truth.data);
    expect(findings).toEqual([]);
    const lines = new TextDecoder().decode(await store.read("s3://shapes/run-1/labeling/Fix-given/input.manifest"));
    expect(lines.split("\n")[2]).toContain('"batch":"plus-7"');
  });

  it("refuses masks that are of no use, and starts nothing", async () => {
    const small = createMask(2, 1, Uint8Array.of(0, 1), sceneClasses);
    const other = createMask(48, 32, new Uint8Array(48 * 32), defineClasses(["background", "cat"]));
    const start = (masks: Parameters<ReturnType<typeof begin>["adjustMasks"]>[0]) =>
      begin("Never").classes(sceneClasses).adjustMasks(masks).start();
    const turned = createMask(32, 48, new Uint8Array(48 * 32), sceneClasses);
    expect((await rejectionOf(start([{ image: images[0]!, mask: small }]))).message).toMatch(/48 x 32/);
    expect((await rejectionOf(start([{ image: images[0]!, mask: turned }]))).message).toMatch(/48 x 32/);
    expect((await rejectionOf(start([{ image: images[0]!, mask: other }]))).message).toMatch(/background, disc, bar/);
    expect((await rejectionOf(start([]))).code).toBe("labeling.no-images");
    const twice = { image: images[0]!, mask: scene(0).truth };
    expect((await rejectionOf(start([twice, twice]))).message).toMatch(/once/);
    expect((await rejectionOf(start([{ ...twice, confidence: 7 }]))).message).toMatch(/0 to 1/);
    expect((await rejectionOf(start([{ ...twice, extra: { "source-ref": "x" } }]))).message).toMatch(
      /Ground Truth's own/,
    );
    expect((await rejectionOf(at.session.attachLabelingJob("Never", sceneClasses).describe())).code).toBe(
      "aws.not-found",
    );
    expect(await at.session.store.head("s3://shapes/run-1/labeling/Never/input.manifest")).toBeUndefined();
  });

  it("takes what a model predicts", async () => {
    const seen: number[] = [];
    const predictor = {
      mask: (image: Uint8Array) => {
        seen.push(image.length);
        const data = new Uint8Array(sceneSize.width * sceneSize.height);
        return Promise.resolve({ ...sceneSize, data });
      },
    };
    const job = await begin("Fix-predicted")
      .classes(sceneClasses)
      .adjustPredictions(predictor, images.slice(0, 2))
      .start();
    const result = await job.wait();
    expect(seen).toHaveLength(2);
    const entries = await all(result.labeled());
    // Nothing was predicted, so the annotators have painted all.
    expect(entries.map(({ adjustment }) => adjustment)).toEqual(["adjusted", "adjusted"]);
    expect((await result.mask(entries[0]!)).mask.share("disc")).toBeGreaterThan(0.1);
  });

  it("ends in its setup without colours, which the builder notices before", async () => {
    const bare = `{"source-ref":"${images[0]!}","old-ref":"s3://shapes/truth/shot-0.png","old-ref-metadata":{"internal-color-map":{"0":{"class-name":"BACKGROUND"},"1":{"class-name":"disc"}},"type":"groundtruth/semantic-segmentation","creation-date":"2020-01-01T00:00:00"}}\n`;
    await at.session.store.write("s3://shapes/bare.manifest", new TextEncoder().encode(bare));
    const old = at.session.labels("s3://shapes/bare.manifest", sceneClasses, "old-ref");
    expect((await rejectionOf(begin("Bare").adjust(old).start())).message).toMatch(/hex-color/);
    const raw = await begin("Bare")
      .adjust(old)
      .override({ InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: "s3://shapes/bare.manifest" } } } })
      .manifest("s3://shapes/bare.manifest")
      .classes(sceneClasses)
      .lambdas({
        pre: "arn:aws:lambda:us-east-1:432418664414:function:PRE-AdjustmentSemanticSegmentation",
        consolidation: "arn:aws:lambda:us-east-1:432418664414:function:ACS-AdjustmentSemanticSegmentation",
      })
      .start();
    expect((await rejectionOf(raw.wait())).message).toMatch(/hex-color/);
  });
});

describe("verification over HTTP", () => {
  it("gives the workers' answer for each mask, and the masks that were judged", async () => {
    const moved = scene(7).truth;
    await at.session.store.write("s3://shapes/truth/shot-2.png", moved.toPng());
    const builder = begin("Check-1").verify(labels, { categories: ["good", "bad"] });
    expect(builder.toRequest().LabelAttributeName).toBe("Check-1");
    expect(JSON.parse(builder.toFiles()[0]!.body)).toMatchObject({ labels: [{ label: "good" }, { label: "bad" }] });
    const job = await builder.start();
    const judged = await job.wait();
    const verdicts = await all(job.verdicts());
    expect(verdicts.map(({ imageUri, verdict }) => [imageUri, verdict])).toEqual([
      [images[0], "good"],
      [images[1], "good"],
      [images[2], "bad"],
      [images[3], "good"],
    ]);
    expect((await judged.counts()).labeled).toBe(4);
    // The bad ones go to an adjustment job.
    const bad = new Set(verdicts.filter(({ verdict }) => verdict === "bad").map(({ imageUri }) => imageUri));
    const fixed = await begin("Fix-bad")
      .adjust(labels, { filter: ({ imageUri }) => bad.has(imageUri) })
      .start();
    expect(await (await fixed.wait()).counts()).toMatchObject({ labeled: 1, total: 1 });
    await at.session.store.write("s3://shapes/truth/shot-2.png", scene(2).truth.toPng());
  });

  it("refuses an attribute with -ref, one answer, and verdicts of other jobs", async () => {
    expect(() => begin("x").verify(labels).attribute("x-ref")).toThrow(/does not end in "-ref"/);
    expect(() => begin("x").verify(labels, { categories: ["yes"] })).toThrow(/2 to 10/);
    expect(() => begin("x").verify(labels).automatedLabeling().toRequest()).toThrow(/verification/);
    const other = at.session.attachLabelingJob("First", sceneClasses);
    expect((await rejectionOf(all(other.verdicts()))).code).toBe("labeling.invalid");
  });
});

describe("a chained job over HTTP", () => {
  it("goes on where a stopped job ended, under the same attribute", async () => {
    const job = await begin("Half").images(images).classes(sceneClasses).stopAfter({ humanLabeledObjects: 2 }).start();
    expect((await rejectionOf(job.wait())).code).toBe("job.stopped");
    const rest = await begin("Rest")
      .continueFrom(await job.labels())
      .start();
    const both = await rest.wait();
    expect(both.attribute).toBe("Half-ref");
    expect(await both.counts()).toMatchObject({ labeled: 4, total: 4 });
    expect((await rest.describe()).labeled).toBe(2);
  });
});
