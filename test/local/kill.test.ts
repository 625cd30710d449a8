import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { expect, it } from "vitest";
import { startTestBackend, trainingRequest, until } from "../support/local-backend.js";
import type { TestBackend } from "../support/local-backend.js";

it("finds everything after a kill, and brings the running job to its end", async () => {
  const directory = mkdtempSync(join(tmpdir(), "semseg-local-"));
  const script = join(import.meta.dirname, "../support/backend-process.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [announced] = (await once(child.stdout, "data")) as [Buffer];
  const config = {
    endpoint: announced.toString().trim(),
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const sagemaker = new SageMakerClient(config);
  await s3.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const put = async (key: string, body: Uint8Array | string) => {
    await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body: body }));
    return `s3://bucket/${key}`;
  };
  const request = await trainingRequest({ put } as TestBackend, "survivor");
  await sagemaker.send(new CreateTrainingJobCommand(request));
  const look = (at: SageMakerClient) => at.send(new DescribeTrainingJobCommand({ TrainingJobName: "survivor" }));
  await until(
    () => look(sagemaker),
    (job) => job.SecondaryStatus !== "Starting",
  );
  child.kill("SIGKILL");
  await once(child, "exit");

  const backend = await startTestBackend({ directory });
  try {
    const job = await until(
      () => look(backend.sagemaker),
      (state) => state.TrainingJobStatus !== "InProgress",
    );
    expect([job.TrainingJobStatus, job.FailureReason]).toEqual(["Completed", undefined]);
    expect(job.SecondaryStatusTransitions?.map((step) => step.Status)).toContain("Restarting");
    expect(job.FinalMetricDataList).toHaveLength(5);
  } finally {
    await backend.end();
  }
});
