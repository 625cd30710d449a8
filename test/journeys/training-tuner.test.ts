import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Estimator } from "../../src/index.js";
import { rejectionOf } from "../support/refusal-of.js";
import { shapeChannels, shapeClasses, shapeEstimator, startShapes } from "../support/shapes.js";
import type { ShapeName, ShapesBackend } from "../support/shapes.js";

describe("a tuning job over HTTP", () => {
  let shapes: ShapesBackend;
  let estimator: Estimator<ShapeName, never>;
  beforeAll(async () => {
    shapes = await startShapes();
    estimator = shapeEstimator(shapes.session, "tuned", 1);
  });
  afterAll(async () => {
    await shapes[Symbol.asyncDispose]();
  });

  it("runs training jobs, and gives the model of the best", async () => {
    const tuning = await shapes.session
      .tuner("tune")
      .estimator(estimator)
      .jobs(3, { parallel: 2 })
      .ranges({ learning_rate: { min: 0.0001, max: 0.1, scale: "Logarithmic" }, optimizer: ["sgd", "adam"] })
      .strategy("Random", { seed: 3 })
      .fit();
    const counts: number[] = [];
    for await (const { counts: now } of tuning.watch()) counts.push(now.completed);
    expect(counts.at(-1)).toBe(3);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));

    // From another session, by name alone.
    const again = shapes.local.session({ workspace: "s3://shapes/run-1" }).tuningJob(tuning.name, shapeClasses);
    const board = await again.leaderboard();
    expect(board).toHaveLength(3);
    const objectives = board.map(({ objective }) => objective!);
    expect(objectives).toEqual([...objectives].sort((a, b) => b - a));
    for (const { job, tuned, status, trainingSeconds } of board) {
      expect(job.startsWith(`${tuning.name}-00`)).toBe(true);
      expect([status, Object.keys(tuned).sort()]).toEqual(["Completed", ["learning_rate", "optimizer"]]);
      expect(Number(tuned["learning_rate"]) >= 0.0001 && Number(tuned["learning_rate"]) <= 0.1).toBe(true);
      expect(trainingSeconds).toBeGreaterThanOrEqual(0);
    }
    const best = await again.best();
    expect(best?.name).toBe(board[0]!.job);
    // One epoch each: its mIoU is the objective.
    expect((await best!.curve()).best?.mIoU).toBeCloseTo(objectives[0]!, 4);
    const model = await again.wait();
    expect(model.trainingJob).toBe(board[0]!.job);
    expect((await best!.describe()).hyperparameters).toMatchObject({
      ...board[0]!.tuned,
      _tuning_objective_metric: "validation:mIOU",
      num_classes: "3",
    });
    // What has ended can be stopped at any time.
    await again.stop();

    const warm = await shapes.session
      .tuner("warm")
      .estimator(estimator)
      .jobs(1)
      .ranges({ learning_rate: { min: 0.0001, max: 0.1, scale: "Logarithmic" }, optimizer: ["sgd", "adam"] })
      .warmStart([tuning.name])
      .fit();
    await warm.wait();
    const { OverallBestTrainingJob } = (await warm.describe()).raw;
    expect(OverallBestTrainingJob?.FinalHyperParameterTuningJobObjectiveMetric?.Value).toBeGreaterThanOrEqual(
      objectives[0]! - 1e-6,
    );
    const orphan = shapes.session.tuner("orphan").estimator(estimator).jobs(1).warmStart(["no-such-job"]);
    expect((await rejectionOf(orphan.fit())).code).toBe("aws.not-found");
  });

  it("goes through a grid", async () => {
    const tuning = await shapes.session
      .tuner("grid")
      .estimator(estimator)
      .jobs(2)
      .strategy("Grid")
      .ranges({ optimizer: ["sgd", "adam"] })
      .fit();
    await tuning.wait();
    const board = await tuning.leaderboard();
    expect(board.map(({ tuned }) => tuned["optimizer"]).sort()).toEqual(["adam", "sgd"]);
  });

  it("ends as soon as the target is reached", async () => {
    const tuning = await shapes.session
      .tuner("target")
      .estimator(estimator)
      .jobs(50, { parallel: 1 })
      .until({ target: 0.01 })
      .fit();
    await tuning.wait();
    expect(await tuning.leaderboard()).toHaveLength(1);
  });

  it("is stopped with its training jobs", async () => {
    const long = shapeEstimator(shapes.session, "long", 5000);
    const tuning = await shapes.session.tuner("stopped").estimator(long).jobs(4).fit();
    const waiting = rejectionOf(tuning.wait());
    await shapes.session.tuningJob(tuning.name, shapeClasses).stop();
    const { code, details } = await waiting;
    expect(code).toBe("job.stopped");
    expect(details).toMatchObject({ kind: "tuning job", job: tuning.name });
    for (const { status } of await tuning.leaderboard()) expect(status).toBe("Stopped");
    expect(await tuning.best()).toBeUndefined();
  });

  it("fails when all its training jobs do, and says where the reasons are", async () => {
    const broken = shapeEstimator(shapes.session, "broken", 1)
      .channels({ ...shapeChannels, train_annotation: shapeChannels.validation_annotation })
      .hyperparameters({ num_training_samples: 8 });
    const tuning = await shapes.session.tuner("failing").estimator(broken).jobs(2).fit();
    const { code, details } = await rejectionOf(tuning.wait());
    expect(code).toBe("job.failed");
    expect(details).toMatchObject({ hint: expect.stringContaining("leaderboard()") as string });
    const board = await tuning.leaderboard();
    expect(board.map(({ objective }) => objective)).toEqual([undefined, undefined]);
    expect(board[0]?.failureReason).toMatch(/^ClientError/);
  });

  it("refuses what the service refuses, at once", async () => {
    const tuner = shapes.session.tuner("refused").estimator(estimator).jobs(2);
    const static_ = tuner.override({ TrainingJobDefinition: { StaticHyperParameters: { learning_rate: "0.1" } } });
    expect((await rejectionOf(static_.fit())).code).toBe("aws.validation");
    const metric = tuner.override({
      HyperParameterTuningJobConfig: { HyperParameterTuningJobObjective: { MetricName: "validation:loss" } },
    });
    expect((await rejectionOf(metric.fit())).code).toBe("aws.validation");
    const missing = shapes.session.tuningJob("no-such-job", shapeClasses);
    expect((await rejectionOf(missing.describe())).code).toBe("aws.not-found");
  });
});
