import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainFailure } from "../../src/index.js";
import type { TrainingEvent } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeClasses, shapeEstimator, startShapes } from "../support/shapes.js";
import type { ShapesBackend } from "../support/shapes.js";

describe("capacity over HTTP: spot, quota, warm pools", () => {
  let shapes: ShapesBackend;
  beforeAll(async () => {
    shapes = await startShapes();
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  it("goes on after an interruption of its spot instance, which is no stop", async () => {
    shapes.local.faults.interrupt("taken-away", 2);
    const job = await shapeEstimator(shapes.session, "spot", 2).jobName("taken-away").spot({ maxWait: 90_000 }).fit();
    const events: TrainingEvent[] = [];
    for await (const event of job.watch()) events.push(event);
    const steps = events.flatMap((event) => (event.type === "status" ? [event.secondaryStatus] : []));
    // Life of an interrupted job: API reference, SecondaryStatus.
    expect(steps.filter((step) => step === "Interrupted")).toHaveLength(2);
    expect(steps.at(-1)).toBe("Completed");
    // Epochs that are trained again are told once.
    expect(events.filter(({ type }) => type === "epoch")).toHaveLength(2);
    const state = await job.describe();
    expect(state).toMatchObject({ ending: "completed", interruptions: 2 });
    expect(state.billableSeconds).toBeLessThanOrEqual(state.trainingSeconds!);
    expect((await job.wait()).trainingJob).toBe("taken-away");
    expect((await job.curve()).epochs).toHaveLength(2);
  });

  it("waits for spot capacity, and says that nobody stopped it when it waited too long", async () => {
    const { faults } = shapes.local;
    faults.noCapacity("ml.g5.xlarge");
    const spot = shapeEstimator(shapes.session, "scarce", 1).instance("ml.g5.xlarge").maxRuntime(20);
    const job = await spot.spot({ maxWait: 20 }).fit();
    const { code, details } = await rejectionOf(job.wait());
    expect(code).toBe("job.stopped");
    expect(details).toMatchObject({
      reason: expect.stringMatching(/^MaxWaitTimeExceeded.*Nobody stopped it/) as string,
    });
    expect(await job.describe()).toMatchObject({ ending: "max-wait", interruptions: 0 });
    const patient = await spot.maxRuntime(3600).spot({ maxWait: 36_000 }).fit();
    faults.clear();
    await patient.wait();
    // On demand it fails at once, and that is AWS's doing.
    faults.noCapacity("ml.g5.xlarge");
    const failed = await rejectionOf((await spot.fit()).wait());
    faults.clear();
    expect(failed.code).toBe("job.failed");
    const reason = "reason" in failed.details ? failed.details.reason : "";
    expect(explainFailure(reason)).toMatchObject({
      side: "aws",
      remedy: expect.stringContaining("another type") as string,
    });
  });

  it("tells a stop from a run that was too long", async () => {
    const job = await shapeEstimator(shapes.session, "stopped", 5000).fit();
    await job.stop();
    expect((await rejectionOf(job.wait())).code).toBe("job.stopped");
    expect(await job.describe()).toMatchObject({ ending: "stopped", status: "Stopped" });
  });

  it("refuses jobs above the quota, on demand and spot apart", async () => {
    const { faults } = shapes.local;
    faults.quota("ml.p3.2xlarge for spot training job usage", 0);
    const job = shapeEstimator(shapes.session, "quota", 1);
    expect((await rejectionOf(job.spot({ maxWait: 90_000 }).fit())).code).toBe("aws.limit");
    await (await job.fit()).wait();
    faults.clear();
  });

  it("hands a warm pool on to the next job that fits, and gives it back", async () => {
    const pooled = shapeEstimator(shapes.session, "pooled", 1).keepAlive(21_600);
    const first = await pooled.fit();
    expect((await first.describe()).warmPool?.status).toBe("InUse");
    await first.wait();
    expect((await first.describe()).warmPool).toMatchObject({ status: "Available", reusedBy: undefined });
    // Another instance type does not fit.
    await (await pooled.instance("ml.g4dn.xlarge").keepAlive(21_600).fit()).wait();
    expect((await first.describe()).warmPool?.status).toBe("Available");
    const second = await pooled.fit();
    await second.wait();
    expect((await first.describe()).warmPool).toMatchObject({ status: "Reused", reusedBy: second.name });
    // It had no instance to wait for.
    expect((await second.describe()).transitions.map(({ status }) => status)).not.toContain("Pending");
    await shapes.session.trainingJob(second.name, shapeClasses).keepAlive(0);
    expect((await second.describe()).warmPool?.status).toBe("Terminated");
    expect((await rejectionOf(second.keepAlive(60))).code).toBe("aws.validation");
    expect((await rejectionOf(second.keepAlive(-1))).code).toBe("training.invalid");
  });
});
