import {
  CreateLabelingJobCommand,
  DescribeLabelingJobCommand,
  StopLabelingJobCommand,
} from "@aws-sdk/client-sagemaker";
import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { squareScene, startTestBackend, until } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend();
  await prepare(backend, 4);
});
afterAll(() => backend.end());

const lambda = (name: string) => `arn:aws:lambda:us-east-1:432418664414:function:${name}`;

/** Images, truth masks, manifest, categories and template in the bucket. */
async function prepare(at: TestBackend, count: number): Promise<void> {
  const lines: string[] = [];
  for (let n = 0; n < count; n++) {
    const { image, mask } = squareScene(n);
    const uri = await at.put(`images/p${n}.jpg`, image);
    await at.put(`truth/p${n}.png`, mask);
    lines.push(`{"source-ref": "${uri}",  "station": "río", "n": ${n}}`);
  }
  await at.put("in.manifest", lines.join("\r\n"));
  await at.put("categories.json", JSON.stringify({ labels: [{ label: "square" }] }));
  await at.put("template.html", "<crowd-form></crowd-form>");
}

function request(name: string, changes: Partial<CreateLabelingJobCommandInput> = {}): CreateLabelingJobCommandInput {
  return {
    LabelingJobName: name,
    LabelAttributeName: "squares-ref",
    InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: "s3://bucket/in.manifest" } } },
    OutputConfig: { S3OutputPath: "s3://bucket/out/" },
    RoleArn: "arn:aws:iam::123456789012:role/Test",
    LabelCategoryConfigS3Uri: "s3://bucket/categories.json",
    HumanTaskConfig: {
      WorkteamArn: "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/painters",
      UiConfig: { UiTemplateS3Uri: "s3://bucket/template.html" },
      PreHumanTaskLambdaArn: lambda("PRE-SemanticSegmentation"),
      AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: lambda("ACS-SemanticSegmentation") },
      TaskTitle: "Paint",
      TaskDescription: "Paint squares.",
      NumberOfHumanWorkersPerDataObject: 1,
      TaskTimeLimitInSeconds: 3600,
    },
    ...changes,
  };
}

const human = (changes: object) => ({ HumanTaskConfig: { ...request("x").HumanTaskConfig!, ...changes } });
const create = (input: CreateLabelingJobCommandInput, at = backend) =>
  at.sagemaker.send(new CreateLabelingJobCommand(input));
const look = (name: string, at = backend) =>
  at.sagemaker.send(new DescribeLabelingJobCommand({ LabelingJobName: name }));
const finish = (name: string, at = backend) =>
  until(
    () => look(name, at),
    (job) => ["Completed", "Failed", "Stopped"].includes(job.LabelingJobStatus!),
  );

async function read(uri: string, at = backend): Promise<Uint8Array> {
  const answer = await at.s3.send(new GetObjectCommand({ Bucket: "bucket", Key: uri.slice("s3://bucket/".length) }));
  return answer.Body!.transformToByteArray();
}

async function lines(uri: string, at = backend): Promise<Record<string, unknown>[]> {
  const text = new TextDecoder().decode(await read(uri, at));
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("a labeling job", () => {
  // Layout, metadata and mask form: dossier ground-truth.md 4.1 to 4.4 (real jobs).
  it("writes palette masks and the manifest in the documented layout", async () => {
    const { LabelingJobArn } = await create(request("Squares"));
    expect(LabelingJobArn).toBe("arn:aws:sagemaker:us-east-1:123456789012:labeling-job/squares");
    const job = await finish("Squares");
    expect(job.FailureReason).toBeUndefined();
    expect(job.LabelCounters).toEqual({
      TotalLabeled: 4,
      HumanLabeled: 4,
      MachineLabeled: 0,
      FailedNonRetryableError: 0,
      Unlabeled: 0,
    });
    const manifest = job.LabelingJobOutput!.OutputDatasetS3Uri!;
    expect(manifest).toBe("s3://bucket/out/Squares/manifests/output/output.manifest");
    const text = new TextDecoder().decode(await read(manifest));
    // What came is kept to the letter, blanks included.
    expect(text).toContain(
      '{"source-ref": "s3://bucket/images/p2.jpg",  "station": "río", "n": 2,"squares-ref":"s3://',
    );
    const [line] = await lines(manifest);
    expect(line!["squares-ref-metadata"]).toEqual({
      "internal-color-map": {
        "0": { "class-name": "BACKGROUND", "hex-color": "#ffffff", confidence: 0 },
        "1": { "class-name": "square", "hex-color": "#2ca02c", confidence: 0 },
      },
      type: "groundtruth/semantic-segmentation",
      "human-annotated": "yes",
      "creation-date": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/) as string,
      "job-name": "labeling-job/squares",
    });
    expect(line!["squares-ref"]).toMatch(
      /\/Squares\/annotations\/consolidated-annotation\/output\/0_\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\.png$/,
    );
    const png = await read(line!["squares-ref"] as string);
    const chunks = [
      ...Buffer.from(png)
        .toString("latin1")
        .matchAll(/IHDR|PLTE|tRNS|IDAT|IEND/g),
    ].map(([name]) => name);
    expect(chunks).toEqual(["IHDR", "PLTE", "IDAT", "IEND"]);
    const picture = decode(png);
    expect([picture.width, picture.height, picture.depth]).toEqual([32, 24, 8]);
    expect(picture.palette).toHaveLength(256);
    expect(picture.palette!.slice(0, 3)).toEqual([
      [255, 255, 255],
      [0x2c, 0xa0, 0x2c],
      [255, 255, 255],
    ]);
    const listed = await backend.s3.send(
      new ListObjectsV2Command({ Bucket: "bucket", Prefix: "out/Squares/annotations/" }),
    );
    const places = new Set(listed.Contents!.map((item) => item.Key!.replace(/\d{4}-\d\d-\d\d[T_].*$/, "")));
    expect(places).toContain("out/Squares/annotations/worker-response/iteration-1/0/");
    expect(places).toContain("out/Squares/annotations/consolidated-annotation/consolidation-request/iteration-1/");
    expect(places).toContain("out/Squares/annotations/consolidated-annotation/consolidation-response/iteration-1/");
  });

  it("marks objects without truth or image as failed, and completes", async () => {
    await backend.put(
      "gaps.manifest",
      '{"source-ref":"s3://bucket/images/p0.jpg"}\n{"source-ref":"s3://bucket/images/none.jpg"}\n{"source-ref":"s3://bucket/in.manifest"}\n',
    );
    await create(
      request("gaps", {
        InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: "s3://bucket/gaps.manifest" } } },
      }),
    );
    const job = await finish("gaps");
    expect([
      job.LabelingJobStatus,
      job.LabelCounters?.TotalLabeled,
      job.LabelCounters?.FailedNonRetryableError,
    ]).toEqual(["Completed", 1, 2]);
    const failed = (await lines(job.LabelingJobOutput!.OutputDatasetS3Uri!))[1]!;
    // Dossier 4.5: no label, metadata with exactly these keys.
    expect(failed["squares-ref"]).toBeUndefined();
    expect(failed["squares-ref-metadata"]).toEqual({
      "retry-count": 1,
      "failure-reason": expect.stringMatching(/^ClientError: /) as string,
      "human-annotated": "true",
    });
  });

  it("finds the truth by the line's truth-ref, then by the job's tag", async () => {
    const { mask } = squareScene(9);
    await backend.put("gold/p0.png", mask);
    const manifest = await backend.put("one.manifest", '{"source-ref":"s3://bucket/images/p0.jpg"}');
    const input = { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: manifest } } } };
    await create(request("by-tag", { ...input, Tags: [{ Key: "truth", Value: "s3://bucket/gold" }] }));
    const job = await finish("by-tag");
    const [line] = await lines(job.LabelingJobOutput!.OutputDatasetS3Uri!);
    const painted = decode(await read(line!["squares-ref"] as string)).data;
    const truth = decode(mask).data;
    const same = [...truth].filter((index, at) => painted[at] === index).length;
    expect(same / truth.length).toBeGreaterThan(0.9);
  });

  it("continues with the same attribute where another job stopped", async () => {
    await create(request("half", { StoppingConditions: { MaxHumanLabeledObjectCount: 2 } }));
    const half = await finish("half");
    expect([half.LabelingJobStatus, half.LabelCounters?.TotalLabeled, half.LabelCounters?.Unlabeled]).toEqual([
      "Stopped",
      2,
      2,
    ]);
    const uri = half.LabelingJobOutput!.OutputDatasetS3Uri!;
    await create(request("rest", { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: uri } } } }));
    const rest = await finish("rest");
    expect(rest.LabelCounters?.TotalLabeled).toBe(2);
    const all = await lines(rest.LabelingJobOutput!.OutputDatasetS3Uri!);
    expect(all.map((line) => (line["squares-ref-metadata"] as Record<string, string>)["job-name"])).toEqual([
      "labeling-job/half",
      "labeling-job/half",
      "labeling-job/rest",
      "labeling-job/rest",
    ]);
  });

  it("keeps both labels in an adjustment job", async () => {
    await create(request("first"));
    const uri = (await finish("first")).LabelingJobOutput!.OutputDatasetS3Uri!;
    const functions = human({
      PreHumanTaskLambdaArn: lambda("PRE-AdjustmentSemanticSegmentation"),
      AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: lambda("ACS-AdjustmentSemanticSegmentation") },
    });
    const input = { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: uri } } } };
    await create(request("adjust", { ...input, ...functions, LabelAttributeName: "adjusted-ref" }));
    const [line] = await lines((await finish("adjust")).LabelingJobOutput!.OutputDatasetS3Uri!);
    expect(Object.keys(line!)).toEqual([
      "source-ref",
      "station",
      "n",
      "squares-ref",
      "squares-ref-metadata",
      "adjusted-ref",
      "adjusted-ref-metadata",
    ]);
  });

  it("fails an object of a verification job whose label is no mask, not the job", async () => {
    const line = (n: number, label: string): string =>
      JSON.stringify({
        "source-ref": `s3://bucket/images/p${n}.jpg`,
        "seen-ref": label,
        "seen-ref-metadata": {
          type: "groundtruth/semantic-segmentation",
          "creation-date": "2026-01-01T00:00:00.000000",
        },
      });
    const bad = await backend.put("bad.png", "no picture");
    const uri = await backend.put("verify.manifest", [line(0, bad), line(1, "s3://bucket/truth/p1.png")].join("\n"));
    const functions = human({
      PreHumanTaskLambdaArn: lambda("PRE-VerificationSemanticSegmentation"),
      AnnotationConsolidationConfig: {
        AnnotationConsolidationLambdaArn: lambda("ACS-VerificationSemanticSegmentation"),
      },
    });
    const input = { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: uri } } } };
    await create(request("verify-bad", { ...input, ...functions, LabelAttributeName: "verdict" }));
    const job = await finish("verify-bad");
    expect([job.LabelingJobStatus, job.FailureReason]).toEqual(["Completed", undefined]);
    expect(job.LabelCounters).toMatchObject({ TotalLabeled: 1, FailedNonRetryableError: 1 });
  });

  it("ends a stop after a restart, with the output of what was labeled, and does not wait to close", async () => {
    const one = await startTestBackend({ speed: 5 });
    await prepare(one, 12);
    await create(request("long"), one);
    await until(
      () => look("long", one),
      (job) => (job.LabelCounters?.TotalLabeled ?? 0) >= 1,
    );
    const slow = await one.restart({ speed: 0.01 });
    await slow.sagemaker.send(new StopLabelingJobCommand({ LabelingJobName: "long" }));
    const began = performance.now();
    const two = await slow.restart({ speed: 100 });
    expect(performance.now() - began).toBeLessThan(10_000); // the pause of a stop takes 40 s at this speed
    try {
      const job = await finish("long", two);
      expect([job.LabelingJobStatus, job.LabelingJobOutput?.OutputDatasetS3Uri]).toEqual([
        "Stopped",
        "s3://bucket/out/long/manifests/output/output.manifest",
      ]);
    } finally {
      await two.end();
    }
  });

  it("goes on after a restart with what is left", async () => {
    const one = await startTestBackend({ speed: 5 });
    await prepare(one, 12);
    await create(request("long"), one);
    await until(
      () => look("long", one),
      (job) => (job.LabelCounters?.TotalLabeled ?? 0) >= 3,
    );
    const two = await one.restart({ speed: 100 });
    try {
      const job = await finish("long", two);
      expect([job.LabelingJobStatus, job.LabelCounters?.TotalLabeled]).toEqual(["Completed", 12]);
      const masks = await two.s3.send(
        new ListObjectsV2Command({ Bucket: "bucket", Prefix: "out/long/annotations/consolidated-annotation/output/" }),
      );
      expect(masks.Contents).toHaveLength(12);
    } finally {
      await two.end();
    }
  });

  it("can be stopped at once, and not again", async () => {
    await create(request("stopped"));
    await backend.sagemaker.send(new StopLabelingJobCommand({ LabelingJobName: "stopped" }));
    expect((await finish("stopped")).LabelingJobStatus).toBe("Stopped");
    await expect(
      backend.sagemaker.send(new StopLabelingJobCommand({ LabelingJobName: "stopped" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("fails as a whole with Mechanical Turk at a price or without a classifier that is not allowed", async () => {
    const turk = (cents: number) =>
      human({
        WorkteamArn: "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default",
        PublicWorkforceTaskPrice: { AmountInUsd: { Dollars: 0, Cents: cents, TenthFractionsOfACent: 0 } },
      });
    const classified = {
      ...request("x").InputConfig!,
      DataAttributes: { ContentClassifiers: ["FreeOfPersonallyIdentifiableInformation" as const] },
    };
    await create(request("no-classifier", turk(84)));
    await create(request("bad-price", { ...turk(85), InputConfig: classified }));
    await create(request("good-price", { ...turk(84), InputConfig: classified }));
    expect((await finish("no-classifier")).FailureReason).toMatch(/FreeOfPersonallyIdentifiableInformation/);
    expect((await finish("bad-price")).FailureReason).toMatch(/0\.850 USD is not allowed/);
    expect((await finish("good-price")).LabelingJobStatus).toBe("Completed");
  });
});

describe("CreateLabelingJob refuses", () => {
  const cases: [string, Partial<CreateLabelingJobCommandInput>, string, RegExp][] = [
    ["a name that is taken, whatever its case", { LabelingJobName: "TAKEN" }, "ResourceInUse", /already exists/],
    ["an attribute without -ref", { LabelAttributeName: "squares" }, "ValidationException", /must end with '-ref'/],
    [
      "an attribute that ends in -metadata",
      { LabelAttributeName: "squares-ref-metadata" },
      "ValidationException",
      /-metadata/,
    ],
    [
      "the function account of another region",
      human({ PreHumanTaskLambdaArn: "arn:aws:lambda:us-east-1:081040173940:function:PRE-SemanticSegmentation" }),
      "ValidationException",
      /not accessible in region us-east-1/,
    ],
    ["ten workers", human({ NumberOfHumanWorkersPerDataObject: 10 }), "ValidationException", /less than or equal to 9/],
    ["nine hours for a task", human({ TaskTimeLimitInSeconds: 32_400 }), "ValidationException", /28800/],
  ];
  it.each(cases)("%s", async (_, changes, name, message) => {
    await create(request("taken")).catch(() => undefined);
    await expect(create(request("other", changes))).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
  });
});
