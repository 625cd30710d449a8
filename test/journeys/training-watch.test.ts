import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { compareTrainings, createSession, explainEnd } from "../../src/index.js";
import type { TrainingEvent } from "../../src/index.js";
import { shapeClasses, shapeEstimator, startShapes } from "../support/shapes.js";
import type { ShapesBackend } from "../support/shapes.js";

describe("watching over HTTP", () => {
  let shapes: ShapesBackend;
  beforeAll(async () => {
    shapes = await startShapes();
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  it("is left and taken up by another session, with nothing lost or told twice", async () => {
    const job = await shapeEstimator(shapes.session, "resumed", 2).fit();
    const events: TrainingEvent[] = [];
    let token: string | undefined;
    for (let sitting = 0; sitting < 100; sitting++) {
      const session = shapes.local.session({ workspace: "s3://shapes/run-1", pollInterval: 10 });
      const watching = session.trainingJob(job.name, shapeClasses).watch({
        logs: true,
        ...(token === undefined ? {} : { from: token }),
      });
      let count = 0;
      for await (const event of watching) {
        events.push(event);
        if (++count === 7) break;
      }
      ({ token } = watching);
      if (count < 7) break;
    }
    const whole: TrainingEvent[] = [];
    for await (const event of shapes.session.trainingJob(job.name, shapeClasses).watch({ logs: true }))
      whole.push(event);
    // Words of steps that have passed are not seen by who comes later.
    const lasting = (all: readonly TrainingEvent[]): TrainingEvent[] => all.filter(({ type }) => type !== "status");
    expect(lasting(events)).toEqual(lasting(whole));
    const last = events.filter(({ type }) => type === "status").at(-1);
    expect(last).toMatchObject({ secondaryStatus: "Completed" });
  });

  it("compares jobs: best first, and what they differ in", async () => {
    const short = await shapeEstimator(shapes.session, "short", 1).fit();
    const long = await shapeEstimator(shapes.session, "long", 2).hyperparameters({ optimizer: "adam" }).fit();
    await Promise.all([short.wait(), long.wait()]);
    const comparison = await compareTrainings([short, long]);
    const { jobs, differing } = comparison;
    expect([...differing].sort()).toEqual(["epochs", "optimizer"]);
    expect(jobs.map(({ curve }) => curve.best!.mIoU!)).toEqual(
      jobs.map(({ curve }) => curve.best!.mIoU!).sort((a, b) => b - a),
    );
    expect(jobs.find(({ name }) => name === short.name)?.differences).toEqual({ epochs: "1", optimizer: undefined });
    const lines = comparison.toText().split("\n");
    expect(lines[0]).toMatch(/^job +status +mIoU +accuracy +epoch +epochs +seconds +paid +instance +/);
    expect(lines).toHaveLength(3);
    expect(lines.find((line) => line.startsWith(short.name))).toMatch(/Completed .* 1\/1 .* default/);
    const page = comparison.toHtml({ title: "Two <jobs>" });
    expect(page).toContain("<h1>Two &lt;jobs&gt;</h1>");
    expect(page).not.toContain("<script");
    expect(page.match(/<tr>/g)).toHaveLength(3);
    expect(explainEnd(await short.curve())).toMatchObject({ kind: "all-epochs", epochs: 1, planned: 1 });
  });

  it("makes one Describe and one logs call for each look, once the log is there", async () => {
    const job = await shapeEstimator(shapes.session, "counted", 3).fit();
    const { region, url: endpoint, credentials } = shapes.local;
    const logs = new CloudWatchLogsClient({ region, endpoint, credentials });
    const sagemaker = new SageMakerClient({ region, endpoint, credentials });
    const calls = { logs: 0, sagemaker: 0 };
    logs.middlewareStack.add((next) => (args) => (calls.logs++, next(args)), { step: "finalizeRequest" });
    sagemaker.middlewareStack.add((next) => (args) => (calls.sagemaker++, next(args)), { step: "finalizeRequest" });
    const session = createSession({ region, pollInterval: 50, clients: { logs, sagemaker } });
    let seen = 0;
    for await (const event of session.trainingJob(job.name, shapeClasses).watch()) if (event.type === "epoch") seen++;
    expect(seen).toBe(3);
    // Each new step looks for streams once, and so do the last two readings, which go to the end of the log.
    const steps = 8;
    expect(calls.logs).toBeLessThanOrEqual(calls.sagemaker + 2 * steps);
  });
});
