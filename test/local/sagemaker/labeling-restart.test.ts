import { StopLabelingJobCommand } from "@aws-sdk/client-sagemaker";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { manifestInterval } from "../../../src/local/sagemaker/labeling-runner.js";
import { startTestBackend, until } from "../../support/local-backend.js";
import { labelingOf, labelingRequest, prepareLabeling } from "../../support/local-labeling.js";

describe("a labeling job", () => {
  it("ends a stop after a restart, with the output of what was labeled, and does not wait to close", async () => {
    const one = await startTestBackend({ speed: 5 });
    await prepareLabeling(one, 12);
    const first = labelingOf(one);
    await first.create(labelingRequest("long"));
    await until(
      () => first.look("long"),
      (job) => (job.LabelCounters?.TotalLabeled ?? 0) >= 1,
    );
    const slow = await one.restart({ speed: 0.01 });
    await slow.sagemaker.send(new StopLabelingJobCommand({ LabelingJobName: "long" }));
    const began = performance.now();
    const two = await slow.restart({ speed: 100 });
    expect(performance.now() - began).toBeLessThan(10_000); // the pause of a stop takes 40 s at this speed
    try {
      const job = await labelingOf(two).finish("long");
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
    await prepareLabeling(one, 12);
    const first = labelingOf(one);
    await first.create(labelingRequest("long"));
    await until(
      () => first.look("long"),
      (job) => (job.LabelCounters?.TotalLabeled ?? 0) >= 3,
    );
    const two = await one.restart({ speed: 100 });
    try {
      const job = await labelingOf(two).finish("long");
      expect([job.LabelingJobStatus, job.LabelCounters?.TotalLabeled]).toEqual(["Completed", 12]);
      const below = async (folder: string) => {
        const Prefix = `out/long/annotations/${folder}/`;
        const { Contents = [] } = await two.s3.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix }));
        return Contents.map(({ Key = "" }) => Key.slice(Prefix.length));
      };
      expect(await below("consolidated-annotation/output")).toHaveLength(12);
      // The first batch ended with the backend; the second goes on counting.
      for (const kind of ["request", "response"]) {
        const files = await below(`consolidated-annotation/consolidation-${kind}`);
        expect(files.map((file) => file.split("/")[0])).toEqual(["iteration-1", "iteration-2"]);
      }
    } finally {
      await two.end();
    }
  });
});

it.each([1, 10, 199, 1_000, 20_000])("writes the manifest of %i objects at most 20 times", (objects) => {
  expect(Math.floor(objects / manifestInterval(objects))).toBeLessThanOrEqual(20);
  expect(manifestInterval(objects)).toBeGreaterThanOrEqual(10);
});
