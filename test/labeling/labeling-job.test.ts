import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { AwsContext } from "../../src/aws/context.js";
import { attachLabelingJob } from "../../src/labeling/labeling-job.js";
import { defineClasses } from "../../src/mask/classes.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import type { WireAnswer } from "../support/fake-sagemaker.js";
import { memoryStore } from "../support/memory-store.js";
import { rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const manifest = "s3://turtles/labels/label-turtles/manifests/output/output.manifest";

function look(
  status: string,
  labeled: number,
  failed: number,
  unlabeled: number,
  more: Record<string, unknown> = {},
): WireAnswer {
  return {
    body: {
      LabelingJobStatus: status,
      LabelingJobName: "label-turtles",
      LabelAttributeName: "turtles-ref",
      LabelCounters: {
        TotalLabeled: labeled,
        HumanLabeled: labeled,
        MachineLabeled: 0,
        FailedNonRetryableError: failed,
        Unlabeled: unlabeled,
      },
      LabelingJobOutput: { OutputDatasetS3Uri: manifest },
      CreationTime: 1_790_000_000,
      ...more,
    },
  };
}

/** A handle whose looks are answered one by one; the last answer stays. */
function handle(answers: readonly WireAnswer[], knowledge = {}) {
  let at = 0;
  const { client, calls } = fakeSageMaker(({ operation }) =>
    operation === "StopLabelingJob" ? { body: {} } : answers[Math.min(at++, answers.length - 1)]!,
  );
  const store = memoryStore({ [manifest]: '{"source-ref":"s3://turtles/a.jpg"}\n' });
  const context: AwsContext = {
    ...createAwsContext({ region: "us-east-1", pollInterval: 0, clients: { sagemaker: client } }),
    store,
  };
  return { job: attachLabelingJob(context, "label-turtles", classes, knowledge), calls, store };
}

describe("a handle on a labeling job", () => {
  it("is made from the name without any call", () => {
    const { job, calls } = handle([]);
    expect(job.name).toBe("label-turtles");
    expect(job.classes).toBe(classes);
    expect(calls).toEqual([]);
  });

  it("watches the counters move, and ends with the job", async () => {
    const { job } = handle([
      look("Initializing", 0, 0, 3),
      look("InProgress", 1, 0, 2),
      look("InProgress", 1, 0, 2),
      look("InProgress", 2, 1, 1),
      look("Completed", 2, 1, 1),
    ]);
    const seen: string[] = [];
    for await (const { status, labeled, failed, total } of job.watch())
      seen.push(`${status} ${labeled}/${total} ${failed}`);
    expect(seen).toEqual(["Initializing 0/3 0", "InProgress 1/3 0", "InProgress 2/3 1", "Completed 2/3 1"]);
  });

  it("goes on watching over a status that it does not know", async () => {
    const { job } = handle([look("Consolidating", 1, 0, 2), look("Completed", 3, 0, 0)]);
    expect(await job.wait()).toBeDefined();
  });

  it("knows the total when the manifest was counted, whatever the counters leave out", async () => {
    const { job } = handle([look("Completed", 2, 1, 0)], { total: 3 });
    expect((await job.describe()).total).toBe(3);
    const attached = handle([look("Completed", 2, 1, 0)]);
    expect((await attached.job.describe()).total).toBe(3);
  });

  it("waits for the labels, read from the manifest that the service names", async () => {
    const { job } = handle([look("InProgress", 0, 0, 1), look("Completed", 1, 0, 0)]);
    const labels = await job.wait();
    expect(labels.uri).toBe(manifest);
    expect(labels.attribute).toBe("turtles-ref");
    expect(labels.classes).toBe(classes);
  });

  it("rejects when the job failed, with AWS's reason and what helps", async () => {
    const reason = "ClientError: You must specify ContentClassifiers FreeOfPersonallyIdentifiableInformation.";
    const { job } = handle([look("Failed", 0, 0, 1, { FailureReason: reason })]);
    const error = await rejectionOf(job.wait());
    expect(error).toMatchObject({
      code: "job.failed",
      details: { kind: "labeling job", job: "label-turtles", reason },
    });
    expect(error.message).toContain("price and the classifier");
  });

  it("rejects when somebody stopped the job; what was labeled can still be read", async () => {
    const { job } = handle([look("Stopping", 1, 0, 1), look("Stopped", 1, 0, 1)]);
    expect(await rejectionOf(job.wait())).toMatchObject({ code: "job.stopped", details: { status: "Stopped" } });
    expect((await job.labels()).uri).toBe(manifest);
  });

  it("says so when there is no output yet", async () => {
    const { job } = handle([look("Initializing", 0, 0, 1, { LabelingJobOutput: undefined })]);
    expect(await rejectionOf(job.labels())).toMatchObject({
      code: "labeling.invalid",
      details: { parameter: "labels" },
    });
  });

  it("stops by its name", async () => {
    const { job, calls } = handle([]);
    await job.stop();
    expect(calls).toEqual([{ operation: "StopLabelingJob", input: { LabelingJobName: "label-turtles" } }]);
  });

  it("ends the waiting on abort with the signal's own reason, and never stops the job", async () => {
    const { job, calls } = handle([look("InProgress", 0, 0, 1)]);
    const abort = new AbortController();
    const reason = new Error("enough");
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { status } of job.watch({ signal: abort.signal })) {
        seen.push(status);
        abort.abort(reason);
      }
    })();
    await expect(watching).rejects.toBe(reason);
    expect(seen).toEqual(["InProgress"]);
    expect(calls.map(({ operation }) => operation)).not.toContain("StopLabelingJob");
  });

  it("can be waited for again after credentials expired", async () => {
    const expired: WireAnswer = {
      error: "ExpiredTokenException",
      message: "The security token included in the request is expired",
    };
    const { job } = handle([look("InProgress", 0, 0, 1), expired, look("Completed", 1, 0, 0)]);
    expect(await rejectionOf(job.wait())).toMatchObject({ code: "aws.credentials" });
    expect((await job.wait()).uri).toBe(manifest);
  });

  it("gives a hint when nothing moves", async () => {
    const { job } = handle([look("InProgress", 0, 0, 5), look("InProgress", 0, 0, 5), look("InProgress", 2, 0, 3)], {
      stallAfter: 0,
    });
    expect((await job.describe()).hint).toMatch(/CORS/);
    await job.describe();
    expect((await job.describe()).hint).toMatch(/next batch/);
    const patient = handle([look("InProgress", 0, 0, 5)], { stallAfter: 60_000 });
    expect((await patient.job.describe()).hint).toBeUndefined();
  });

  it("refuses a name that no job can have", () => {
    expect(() => attachLabelingJob(createAwsContext(), "a_b", classes)).toThrow(/labeling job name/);
  });
});
