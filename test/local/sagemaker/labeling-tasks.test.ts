import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend } from "../../support/local-backend.js";
import type { TestBackend } from "../../support/local-backend.js";
import { human, labelingOf, labelingRequest, lambda, prepareLabeling } from "../../support/local-labeling.js";

let backend: TestBackend;
let { create, finish, lines } = {} as ReturnType<typeof labelingOf>;
beforeAll(async () => {
  backend = await startTestBackend();
  ({ create, finish, lines } = labelingOf(backend));
  await prepareLabeling(backend, 4);
});
afterAll(() => backend.end());

describe("a labeling job of another kind", () => {
  it("keeps both labels in an adjustment job", async () => {
    await create(labelingRequest("first"));
    const uri = (await finish("first")).LabelingJobOutput!.OutputDatasetS3Uri!;
    const functions = human({
      PreHumanTaskLambdaArn: lambda("PRE-AdjustmentSemanticSegmentation"),
      AnnotationConsolidationConfig: { AnnotationConsolidationLambdaArn: lambda("ACS-AdjustmentSemanticSegmentation") },
    });
    const input = { InputConfig: { DataSource: { S3DataSource: { ManifestS3Uri: uri } } } };
    await create(labelingRequest("adjust", { ...input, ...functions, LabelAttributeName: "adjusted-ref" }));
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
    await create(labelingRequest("verify-bad", { ...input, ...functions, LabelAttributeName: "verdict" }));
    const job = await finish("verify-bad");
    expect([job.LabelingJobStatus, job.FailureReason]).toEqual(["Completed", undefined]);
    expect(job.LabelCounters).toMatchObject({ TotalLabeled: 1, FailedNonRetryableError: 1 });
  });

  it("fails as a whole with Mechanical Turk at a price or without a classifier that is not allowed", async () => {
    const turk = (cents: number) =>
      human({
        WorkteamArn: "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default",
        PublicWorkforceTaskPrice: { AmountInUsd: { Dollars: 0, Cents: cents, TenthFractionsOfACent: 0 } },
      });
    const classified = {
      ...labelingRequest("x").InputConfig!,
      DataAttributes: { ContentClassifiers: ["FreeOfPersonallyIdentifiableInformation" as const] },
    };
    await create(labelingRequest("no-classifier", turk(84)));
    await create(labelingRequest("bad-price", { ...turk(85), InputConfig: classified }));
    await create(labelingRequest("good-price", { ...turk(84), InputConfig: classified }));
    expect((await finish("no-classifier")).FailureReason).toMatch(/FreeOfPersonallyIdentifiableInformation/);
    expect((await finish("bad-price")).FailureReason).toMatch(/0\.850 USD is not allowed/);
    expect((await finish("good-price")).LabelingJobStatus).toBe("Completed");
  });
});
