import { StopLabelingJobCommand } from "@aws-sdk/client-sagemaker";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { squareScene, startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import { labelingOf, labelingRequest, prepareLabeling } from "../../support/local-labeling.js";

let backend: TestBackend;
let { create, finish, lines, read } = {} as ReturnType<typeof labelingOf>;
beforeAll(async () => {
  backend = await startTestBackend();
  ({ create, finish, lines, read } = labelingOf(backend));
  await prepareLabeling(backend, 4);
});
afterAll(() => backend.end());

describe("a labeling job", () => {
  // Layout, metadata and mask form: dossier ground-truth.md 4.1 to 4.4 (real jobs).
  it("writes palette masks and the manifest in the documented layout", async () => {
    const { LabelingJobArn } = await create(labelingRequest("Squares"));
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
      labelingRequest("gaps", {
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
    await create(labelingRequest("by-tag", { ...input, Tags: [{ Key: "truth", Value: "s3://bucket/gold" }] }));
    const job = await finish("by-tag");
    const [line] = await lines(job.LabelingJobOutput!.OutputDatasetS3Uri!);
    const painted = decode(await read(line!["squares-ref"] as string)).data;
    const truth = decode(mask).data;
    const same = [...truth].filter((index, at) => painted[at] === index).length;
    expect(same / truth.length).toBeGreaterThan(0.9);
  });

  it("continues with the same attribute where another job stopped", async () => {
    await create(labelingRequest("half", { StoppingConditions: { MaxHumanLabeledObjectCount: 2 } }));
    const half = await finish("half");
    expect([half.LabelingJobStatus, half.LabelCounters?.TotalLabeled, half.LabelCounters?.Unlabeled]).toEqual([
      "Stopped",
      2,
      2,
    ]);
    const uri = half.LabelingJobOutput!.OutputDatasetS3Uri!;
    await create(labelingRequest("rest", { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: uri } } } }));
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

  it("can be stopped at once, and not again", async () => {
    await create(labelingRequest("stopped"));
    await backend.sagemaker.send(new StopLabelingJobCommand({ LabelingJobName: "stopped" }));
    expect((await finish("stopped")).LabelingJobStatus).toBe("Stopped");
    await expect(
      backend.sagemaker.send(new StopLabelingJobCommand({ LabelingJobName: "stopped" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });
});
