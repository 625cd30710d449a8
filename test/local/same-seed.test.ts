import { CreateTrainingJobCommand, DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { startTestBackend, trainingRequest, until } from "../support/local-backend.js";

/** Trains on a backend of this seed whose clock stands still; gives the artifact and the quality lines. */
async function run(seed: number): Promise<{ artifact: string; quality: (string | undefined)[] }> {
  const backend = await startTestBackend({ seed, now: () => Date.UTC(2026, 0, 2) });
  try {
    await backend.sagemaker.send(new CreateTrainingJobCommand(await trainingRequest(backend, "job")));
    await until(
      () => backend.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: "job" })),
      (job) => job.TrainingJobStatus === "Completed",
    );
    const object = await backend.s3.send(
      new GetObjectCommand({ Bucket: "bucket", Key: "models/job/output/model.tar.gz" }),
    );
    const { events } = await backend.logs.send(
      new FilterLogEventsCommand({ logGroupName: "/aws/sagemaker/TrainingJobs", filterPattern: '"#quality_metric"' }),
    );
    return { artifact: await object.Body!.transformToString("base64"), quality: events!.map((event) => event.message) };
  } finally {
    await backend.end();
  }
}

it("gives the same bytes for the same seed, and others for another", async () => {
  const [one, two, other] = [await run(7), await run(7), await run(8)];
  expect(two).toEqual(one);
  expect(other.artifact).not.toBe(one.artifact);
});
