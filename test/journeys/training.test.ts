import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainingEvent } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeChannels, shapeClasses, shapeEstimator, startShapes } from "../support/shapes.js";
import type { ShapesBackend } from "../support/shapes.js";

describe("a training job over HTTP", () => {
  let shapes: ShapesBackend;
  beforeAll(async () => {
    shapes = await startShapes();
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  it("goes from channels to a model, with steps, epochs and log lines on the way", async () => {
    const training = await shapeEstimator(shapes.session, "shapes").fit();
    expect(training.name).toMatch(/^shapes-\d{4}(-\d\d){5}-\d{3}$/);
    const events: TrainingEvent[] = [];
    for await (const event of training.watch({ logs: true })) events.push(event);

    const steps = events.flatMap((event) => (event.type === "status" ? [event.secondaryStatus] : []));
    // Order of the steps: API reference, DescribeTrainingJob; no step is told twice.
    const order = ["Starting", "Pending", "Downloading", "Training", "Uploading", "Completed"];
    expect(steps.at(-1)).toBe("Completed");
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual(
      order.filter((step) => steps.includes(step)),
    );

    const epochs = events.flatMap((event) => (event.type === "epoch" ? [event] : []));
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    for (const { epochs: planned, trainLoss, mIoU, pixelAccuracy, trainThroughput, validationThroughput } of epochs) {
      expect(planned).toBe(4);
      for (const share of [mIoU, pixelAccuracy]) expect(share! >= 0 && share! <= 1).toBe(true);
      for (const value of [trainLoss, trainThroughput, validationThroughput]) expect(value).toBeGreaterThan(0);
    }
    expect(events.some((event) => event.type === "log" && event.line.includes("#quality_metric"))).toBe(true);

    const model = await training.wait();
    expect(model.artifact).toBe(`s3://shapes/run-1/output/${training.name}/output/model.tar.gz`);
    expect(await shapes.session.store.head(model.artifact)).toBeDefined();

    const again = shapes.session.trainingJob(training.name, shapeClasses);
    const curve = await again.curve();
    expect(curve.epochs).toHaveLength(4);
    expect(curve.best?.mIoU).toBe(Math.max(...curve.epochs.map(({ mIoU }) => mIoU!)));
    expect(curve.hyperparameters).toMatchObject({ epochs: "4", num_classes: "3" });
    const state = await again.describe();
    // Four decimal places: the service keeps single precision.
    expect(state.finalMetrics["validation:mIOU"]).toBeCloseTo(curve.epochs[3]!.mIoU!, 4);
    // What has ended can be waited for, and stopped, at any time.
    expect((await again.wait()).artifact).toBe(model.artifact);
    await again.stop();
  });

  it("fails with AWS's reason", async () => {
    // Past our own check, so that the container refuses it.
    const job = await shapeEstimator(shapes.session, "adadelta")
      .override({ HyperParameters: { optimizer: "adadelta" } })
      .fit();
    const { code, details } = await rejectionOf(job.wait());
    expect(code).toBe("job.failed");
    expect(details).toMatchObject({
      kind: "training job",
      status: "Failed",
      reason: expect.stringMatching(/^ClientError: The value 'adadelta' is not valid/) as string,
      hint: expect.stringContaining("Correct the hyperparameter") as string,
    });
    const events: TrainingEvent[] = [];
    for await (const event of job.watch()) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: "status", status: "Failed", secondaryStatus: "Failed" });
  });

  it("finds no capacity", async () => {
    shapes.local.faults.noCapacity("ml.g5.xlarge");
    const job = await shapeEstimator(shapes.session, "scarce").instance("ml.g5.xlarge").fit();
    const { details } = await rejectionOf(job.wait());
    expect(details).toMatchObject({ reason: expect.stringContaining("CapacityError") as string });
    shapes.local.faults.clear();
  });

  it("is stopped by somebody else while we wait", async () => {
    const job = await shapeEstimator(shapes.session, "long", 5000).fit();
    const waiting = rejectionOf(job.wait());
    await shapes.session.trainingJob(job.name, shapeClasses).stop();
    const { code, details } = await waiting;
    expect(code).toBe("job.stopped");
    expect(details).toMatchObject({ job: job.name, status: "Stopped" });
  });

  it("goes on when we stop looking, and is found again by name", async () => {
    const job = await shapeEstimator(shapes.session, "kept", 2).fit();
    const reason = new Error("enough");
    await expect(job.wait({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await rejectionOf(job.wait({ timeout: 1 }))).code).toBe("job.timeout");
    const model = await shapes.session.trainingJob(job.name, shapeClasses).wait();
    expect(model.trainingJob).toBe(job.name);
  });

  it("outlives expired credentials and throttling", async () => {
    const job = await shapeEstimator(shapes.session, "tokens", 2).fit();
    const { faults } = shapes.local;
    faults.next({
      operation: "DescribeTrainingJob",
      error: { name: "ExpiredTokenException", message: "The security token is expired" },
    });
    expect((await rejectionOf(job.wait())).code).toBe("aws.credentials");
    faults.next({
      operation: "DescribeTrainingJob",
      error: { name: "ThrottlingException", message: "Rate exceeded" },
      times: 4,
    });
    expect((await shapes.session.trainingJob(job.name, shapeClasses).wait()).trainingJob).toBe(job.name);
  });

  it("refuses a taken name and an empty channel at once", async () => {
    const named = shapeEstimator(shapes.session, "twice", 1).jobName("twice");
    const job = await named.fit();
    expect((await rejectionOf(named.fit())).code).toBe("aws.conflict");
    await job.wait();
    const empty = named.jobName("empty").channels({ ...shapeChannels, train: "s3://shapes/nothing/" });
    const { code, message } = await rejectionOf(empty.fit());
    expect(code).toBe("aws.validation");
    expect(message).toContain("No S3 objects found under S3 URL");
    expect((await rejectionOf(shapes.session.trainingJob("no-such-job", shapeClasses).describe())).code).toBe(
      "aws.not-found",
    );
  });
});
