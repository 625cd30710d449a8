import { describe, expect, it } from "vitest";
import { createAwsContext } from "../../src/aws/clients.js";
import type { AwsContext } from "../../src/aws/context.js";
import { defineClasses } from "../../src/mask/classes.js";
import type { TrainingEvent } from "../../src/training/training-events.js";
import { attachTrainingJob } from "../../src/training/training-job.js";
import type { TrainingJob } from "../../src/training/training-job.js";
import { fakeLogs, servedLog } from "../support/fake-logs.js";
import { fakeSageMaker } from "../support/fake-sagemaker.js";
import type { WireAnswer, WireCall } from "../support/fake-sagemaker.js";
import { refusalOf, rejectionOf } from "../support/refusal-of.js";

const classes = defineClasses(["background", "sea turtle"]);
const artifact = "s3://turtle2022/run-1/output/turtles-1/output/model.tar.gz";
const words: Readonly<Record<string, string>> = {
  Starting: "Preparing the instances for training",
  Training: "Training image download completed. Training in progress.",
  Completed: "Training job completed",
};

/** DescribeTrainingJob's answer when a job has come through these steps. */
function seen(status: string, steps: readonly string[], more: Readonly<Record<string, unknown>> = {}): WireAnswer {
  return {
    body: {
      TrainingJobName: "turtles-1",
      TrainingJobStatus: status,
      SecondaryStatus: steps.at(-1),
      SecondaryStatusTransitions: steps.map((step, index) => ({
        Status: step,
        StartTime: 1_700_000_000 + index,
        StatusMessage: words[step] ?? step,
      })),
      HyperParameters: { num_classes: "2" },
      AlgorithmSpecification: { TrainingImage: "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1" },
      ModelArtifacts: { S3ModelArtifacts: artifact },
      ...more,
    },
  };
}

const epoch = (number: number, mIoU: number): string[] => [
  `#quality_metric. host: algo-1, epoch: ${number}, train loss: 1.5 .`,
  `#throughput_metric. host: algo-1, epoch: ${number}, train throughput: 50 samples/sec.`,
  `#quality_metric. host: algo-1, epoch: ${number}, validation pixel_accuracy: 0.75 .`,
  `#quality_metric. host: algo-1, epoch: ${number}, validation mIOU: ${mIoU} .`,
  `#throughput_metric. host: algo-1, epoch: ${number}, validation throughput: 40 samples/sec.`,
];

/** A job whose looks give these answers, the last one for ever, and whose log is this. */
function jobOf(
  answers: readonly WireAnswer[],
  log: (call: WireCall) => WireAnswer = servedLog(new Map()),
): { job: TrainingJob<"background" | "sea turtle">; calls: WireCall[]; context: AwsContext } {
  let look = 0;
  const sagemaker = fakeSageMaker(() => answers[Math.min(look++, answers.length - 1)] ?? { body: {} });
  const context = createAwsContext({
    region: "us-east-1",
    pollInterval: 1,
    role: "arn:aws:iam::123456789012:role/Turtles",
    clients: { sagemaker: sagemaker.client, logs: fakeLogs(log).client },
  });
  return { job: attachTrainingJob(context, "turtles-1", classes), calls: sagemaker.calls, context };
}

async function all(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const found: TrainingEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe("attachTrainingJob", () => {
  it("makes no call", () => {
    expect(jobOf([]).calls).toEqual([]);
    expect(refusalOf(() => attachTrainingJob(jobOf([]).context, "a_b", classes)).code).toBe("input.invalid");
  });
});

describe("watch", () => {
  const ended = seen("Completed", ["Starting", "Training", "Completed"]);

  it("tells each step once, epochs when they are complete, and the end last", async () => {
    const lines = ["LRScheduler setup: iters per epoch: 91, num_epochs 2", ...epoch(0, 0.25), ...epoch(1, 0.5)];
    const { job } = jobOf(
      [
        seen("InProgress", ["Starting"]),
        seen("InProgress", ["Starting"]),
        seen("InProgress", ["Starting", "Training"]),
        ended,
      ],
      servedLog(new Map([["turtles-1/algo-1-1", lines]])),
    );
    const events = await all(job.watch());
    expect(events.filter(({ type }) => type === "status")).toMatchObject([
      { secondaryStatus: "Starting", status: "InProgress", message: words["Starting"] },
      { secondaryStatus: "Training", at: new Date(1_700_000_001_000) },
      { secondaryStatus: "Completed", status: "Completed" },
    ]);
    expect(events.filter(({ type }) => type === "epoch")).toMatchObject([
      { epoch: 0, epochs: 2, mIoU: 0.25, trainLoss: 1.5, pixelAccuracy: 0.75, trainThroughput: 50 },
      { epoch: 1, epochs: 2, mIoU: 0.5, validationThroughput: 40 },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "status", secondaryStatus: "Completed" });
    expect(events.some(({ type }) => type === "log")).toBe(false);
  });

  it("gives every log line when asked", async () => {
    const { job } = jobOf([ended], servedLog(new Map([["turtles-1/algo-1-1", ["hello", ...epoch(0, 0.5)]]])));
    const lines = (await all(job.watch({ logs: true }))).filter((event) => event.type === "log");
    expect(lines.map(({ line }) => line)).toEqual(["hello", ...epoch(0, 0.5)]);
    expect(lines[0]).toMatchObject({ timestamp: new Date(1000) });
  });

  it("tells a line that arrives after the end, and an epoch that was never finished", async () => {
    const log = new Map<string, readonly string[]>([["turtles-1/algo-1-1", []]]);
    let describes = 0;
    const { job } = jobOf([ended], (call) => {
      if (call.operation === "DescribeLogStreams" && ++describes === 2) {
        log.set("turtles-1/algo-1-1", [...epoch(0, 0.5), "#quality_metric. host: algo-1, epoch: 1, train loss: nan ."]);
      }
      return servedLog(log)(call);
    });
    expect((await all(job.watch())).filter(({ type }) => type === "epoch")).toEqual([
      {
        type: "epoch",
        epochs: undefined,
        epoch: 0,
        trainLoss: 1.5,
        trainThroughput: 50,
        pixelAccuracy: 0.75,
        mIoU: 0.5,
        validationThroughput: 40,
      },
      { type: "epoch", epochs: undefined, epoch: 1, trainLoss: NaN },
    ]);
  });

  it("does without the log where it may not be read, unless lines were asked for", async () => {
    const denied = (): WireAnswer => ({ error: "AccessDeniedException", message: "not authorized" });
    const events = await all(jobOf([seen("InProgress", ["Training"]), ended], denied).job.watch());
    expect(events.map(({ type }) => type)).toEqual(["status", "logs-unavailable", "status", "status"]);
    expect((await rejectionOf(all(jobOf([ended], denied).job.watch({ logs: true })))).code).toBe("aws.access-denied");
  });

  it("resolves for a completed job whose log cannot be reached, with a progress bar too", async () => {
    const broken = (): WireAnswer => ({ error: "InvalidParameterException", message: "no such key" });
    const { job } = jobOf([seen("InProgress", ["Training"]), ended], broken);
    expect((await job.wait({ progress: () => undefined })).artifact).toBe(artifact);
  });

  it("reads no log with metrics: false", async () => {
    const refuse = (): WireAnswer => ({ error: "AccessDeniedException", message: "not asked for" });
    const events = await all(jobOf([ended], refuse).job.watch({ metrics: false }));
    expect(events.every(({ type }) => type === "status")).toBe(true);
  });

  it("throws the signal's reason and leaves the job alone", async () => {
    const { job, calls } = jobOf([seen("InProgress", ["Training"])]);
    const stop = new AbortController();
    const reason = new Error("enough");
    await expect(
      (async () => {
        for await (const event of job.watch({ signal: stop.signal })) if (event.type === "status") stop.abort(reason);
      })(),
    ).rejects.toBe(reason);
    expect(calls.every(({ operation }) => operation === "DescribeTrainingJob")).toBe(true);
  });
});

describe("wait", () => {
  it("gives the model of a completed job", async () => {
    const model = await jobOf([seen("InProgress", ["Training"]), seen("Completed", ["Completed"])]).job.wait();
    expect(model).toMatchObject({ artifact, trainingJob: "turtles-1", classes });
    const requests = model.deploy().instance("ml.c5.xlarge").toRequest();
    expect(requests.model.PrimaryContainer).toEqual({
      Image: "811284229777.dkr.ecr.us-east-1.amazonaws.com/semantic-segmentation:1",
      ModelDataUrl: artifact,
    });
  });

  it("reports epochs as progress", async () => {
    const lines = ["LRScheduler setup: iters per epoch: 9, num_epochs 2", ...epoch(0, 0.25), ...epoch(1, 0.5)];
    const { job } = jobOf([seen("Completed", ["Completed"])], servedLog(new Map([["turtles-1/algo-1-1", lines]])));
    const reports: unknown[] = [];
    await job.wait({ progress: ({ done, total, unit, detail }) => reports.push([done, total, unit, detail]) });
    expect(reports).toEqual([
      [1, 2, "epochs", "mIoU 0.250, best 0.250 in epoch 0, loss 1.50, 50 images/s"],
      [2, 2, "epochs", "mIoU 0.500, best 0.500 in epoch 1, loss 1.50, 50 images/s"],
      [2, 2, "epochs", "Completed"],
    ]);
  });

  it("fails with AWS's reason and a hint", async () => {
    const reason =
      "ClientError: The value 'adadelta' is not valid for the 'optimizer' hyperparameter which accepts one of the following: 'sgd', 'adam'";
    const { job } = jobOf([seen("Failed", ["Failed"], { FailureReason: reason })]);
    const { code, details, message } = await rejectionOf(job.wait());
    expect(code).toBe("job.failed");
    expect(details).toMatchObject({ kind: "training job", job: "turtles-1", status: "Failed", reason });
    expect(message).toMatch(/Correct the hyperparameter/);
  });

  it.each([
    ["CapacityError: Unable to provision requested ML compute capacity.", /another type or region/],
    [
      "AlgorithmError: Check failed: shape_assign Incompatible input shape: expected [1,0,64,80]",
      /validation_mini_batch_size/,
    ],
    ["InternalServerError: We encountered an internal error.", /start the job again/i],
    ["AlgorithmError: cudaMalloc failed: out of memory", /mini_batch_size/],
  ])("has a hint for: %s", async (reason, hint) => {
    const error = await rejectionOf(jobOf([seen("Failed", ["Failed"], { FailureReason: reason })]).job.wait());
    expect(error.details).toMatchObject({ hint: expect.stringMatching(hint) as string });
  });

  it("does not take a stopped job for a completed one", async () => {
    const byHand = await rejectionOf(jobOf([seen("Stopped", ["Stopped"])]).job.wait());
    expect(byHand.code).toBe("job.stopped");
    const byTime = await rejectionOf(jobOf([seen("Stopped", ["MaxRuntimeExceeded"])]).job.wait());
    expect(byTime.details).toMatchObject({ reason: "MaxRuntimeExceeded: it ran longer than its maximal run time." });
  });

  it("refuses a class table of another size", async () => {
    const { job } = jobOf([seen("Completed", ["Completed"], { HyperParameters: { num_classes: "21" } })]);
    expect((await rejectionOf(job.wait())).details).toMatchObject({ parameter: "classes", value: 2 });
  });

  it("can be taken up again by name after the credentials ran out", async () => {
    const expired: WireAnswer = { error: "ExpiredTokenException", message: "The security token is expired" };
    const { job, context } = jobOf([seen("InProgress", ["Training"]), expired, seen("Completed", ["Completed"])]);
    expect((await rejectionOf(job.wait())).code).toBe("aws.credentials");
    expect((await attachTrainingJob(context, "turtles-1", classes).wait()).artifact).toBe(artifact);
  });

  it("knows no job of that name", async () => {
    const { job } = jobOf([{ error: "ValidationException", message: "Requested resource not found." }]);
    expect((await rejectionOf(job.wait())).code).toBe("aws.not-found");
  });
});

describe("stop, describe and curve", () => {
  it("stops by name, and takes an ended job for stopped", async () => {
    const running = jobOf([{ body: {} }]);
    await running.job.stop();
    expect(running.calls).toEqual([{ operation: "StopTrainingJob", input: { TrainingJobName: "turtles-1" } }]);

    const refusal = "The request was rejected because the training job is in status Completed";
    const ended = jobOf([{ error: "ValidationException", message: refusal }, seen("Completed", ["Completed"])]);
    await ended.job.stop();
  });

  it("describes", async () => {
    const more = {
      TrainingTimeInSeconds: 300,
      BillableTimeInSeconds: 90,
      ResourceConfig: { InstanceType: "ml.p3.2xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
      FinalMetricDataList: [{ MetricName: "validation:mIOU", Value: 0.5, Timestamp: 1_700_000_000 }],
    };
    expect(await jobOf([seen("InProgress", ["Uploading"], more)]).job.describe()).toMatchObject({
      name: "turtles-1",
      status: "InProgress",
      secondaryStatus: "Uploading",
      trainingSeconds: 300,
      billableSeconds: 90,
      instanceType: "ml.p3.2xlarge",
      finalMetrics: { "validation:mIOU": 0.5 },
      failureReason: undefined,
      raw: { TrainingJobName: "turtles-1" },
    });
  });

  it("reads the curve from the log", async () => {
    const lines = [...epoch(0, 0.25), ...epoch(1, 0.5), ...epoch(2, 0.375), "Number of GPUs being used: 4"];
    const { job } = jobOf([], servedLog(new Map([["turtles-1/algo-1-1", lines]])));
    const curve = await job.curve();
    expect(curve.epochs.map(({ mIoU }) => mIoU)).toEqual([0.25, 0.5, 0.375]);
    expect(curve).toMatchObject({ best: { epoch: 1, mIoU: 0.5 }, gpus: 4, plannedEpochs: undefined });
  });
});
