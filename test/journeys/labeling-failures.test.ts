import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rejectionOf } from "../support/refusal-of.js";
import { all, sceneClasses, sceneInstructions, startScenes } from "../support/labeling-scenes.js";
import type { SceneBackend } from "../support/labeling-scenes.js";

let at: SceneBackend;
beforeAll(async () => {
  at = await startScenes();
  await at.put(5);
});
afterAll(() => at.end());

const begin = (name: string) =>
  at.session
    .labelingJob(name)
    .images("s3://shapes/images/")
    .classes(sceneClasses)
    .workteam(at.team)
    .instructions(sceneInstructions)
    .tags({ project: "shapes" });

describe("failed objects over HTTP", () => {
  it("are told as they appear, listed with advice, and sent again by a new job", async () => {
    at.local.faults.failObject("shot-1.jpg");
    at.local.faults.failObject("s3://shapes/images/shot-3.jpg", { reason: "ClientError: Access denied (403)." });
    const job = await begin("Failing").timeLimits({ taskSeconds: 600 }).start();
    const told: string[] = [];
    let last = "";
    for await (const event of job.events()) {
      if (event.type === "failed") told.push(event.object.imageUri);
      if (event.type === "progress") last = event.state.status;
    }
    expect(last).toBe("Completed");
    expect(told).toEqual(["s3://shapes/images/shot-1.jpg", "s3://shapes/images/shot-3.jpg"]);
    const failed = await job.failedObjects();
    expect(failed).toMatchObject([
      { line: 2, imageUri: "s3://shapes/images/shot-1.jpg", reason: "ClientError: Annotation tasks expired." },
      { line: 4, imageUri: "s3://shapes/images/shot-3.jpg", reason: "ClientError: Access denied (403)." },
    ]);
    expect(failed[0]?.advice).toMatch(/more time/);
    expect(failed[1]?.advice).toMatch(/s3:GetObject/);

    const again = await job.retryFailed("Failing-2", {
      override: { HumanTaskConfig: { TaskTimeLimitInSeconds: 1200 } },
    });
    const labels = await again.wait();
    expect(labels.attribute).toBe("Failing-ref");
    expect(await labels.counts()).toMatchObject({ labeled: 2, failed: 0, total: 2 });
    expect((await all(labels.labeled())).map(({ imageUri }) => imageUri)).toEqual(told);
    expect((await again.describe()).total).toBe(2);
    const input = await at.session.store.read("s3://shapes/run-1/labeling/Failing-2/input.manifest");
    expect(new TextDecoder().decode(input)).toBe(
      '{"source-ref":"s3://shapes/images/shot-1.jpg"}\n{"source-ref":"s3://shapes/images/shot-3.jpg"}\n',
    );
    expect((await rejectionOf(again.retryFailed("Failing-3"))).code).toBe("labeling.no-images");
    expect((await rejectionOf(job.retryFailed("failing-2"))).code).toBe("aws.conflict");
  });

  it("a job that stands still says which tasks wait, for whom and where", async () => {
    at.local.faults.idleAnnotators("Idle");
    const job = await begin("Idle").start();
    const patient = at.session.attachLabelingJob("Idle", sceneClasses);
    await waitFor(async () => (await patient.describe()).status === "InProgress");
    const { attachLabelingJob } = await import("../../src/labeling/labeling-job.js");
    const { createAwsContext } = await import("../../src/aws/clients.js");
    const context = createAwsContext({
      region: at.local.region,
      endpoint: at.local.url,
      credentials: at.local.credentials,
      pollInterval: 10,
    });
    const impatient = attachLabelingJob(context, "Idle", sceneClasses, { stallAfter: 0 });
    const events = [];
    for await (const event of impatient.events()) {
      events.push(event);
      if (event.type === "stall") break;
    }
    expect(events.at(-1)).toMatchObject({ type: "stall", stall: { code: "no-activity", pendingTasks: 5 } });
    const stall = (await impatient.describe()).stall;
    expect(stall?.message).toMatch(/https:\/\/local\.labeling\.us-east-1\.sagemaker\.aws/);
    at.local.faults.clear();
    expect(await (await job.wait()).counts()).toMatchObject({ labeled: 5 });
  });
});

async function waitFor(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
}
