import type { AwsContext } from "../aws/context.js";
import { createJobHandle } from "../aws/job-handle.js";
import type { CallOptions, JobHandle, WaitOptions } from "../aws/job-handle.js";
import { checkName, nameRules } from "../aws/names.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";
import { progressReporter } from "../core/progress.js";
import { isAlgorithmImage } from "../facts/image-registry.js";
import type { Model } from "../hosting/model.js";
import { modelFromArtifact } from "../hosting/model.js";
import type { ClassTable } from "../mask/classes.js";
import { curveBuilder, isBetter } from "./curve.js";
import type { EpochMetrics, TrainingCurve } from "./curve.js";
import { trainingFailureHint } from "./failure-hints.js";
import { integerIn } from "./job-settings.js";
import { trainingLogReader } from "./log-reader.js";
import { readLogLine } from "./metric-lines.js";
import { trainingInvalid } from "./training-invalid.js";
import { readTrainingState, trainingPhase, trainingReason } from "./training-state.js";
import type { TrainingJobState } from "./training-state.js";
import { watchTraining } from "./watch-training.js";
import type { TrainingWatch, TrainingWatchOptions } from "./watch-training.js";

/**
 * A handle on a training job. It holds a name and no connection: `session.trainingJob(name, classes)` makes it again in
 * another process, without any call.
 */
export interface TrainingJob<in out Name extends string> {
  /** The job's name. */
  readonly name: string;
  /** The classes that the model learns, in the order of its outputs. */
  readonly classes: ClassTable<Name>;
  /** Where the job stands now. Throws `aws.not-found` when there is no such job. */
  describe(options?: CallOptions): Promise<TrainingJobState>;
  /**
   * Yields steps, epochs and (with `logs`) log lines as they come, and ends with the job, also when it failed.
   *
   * Ending the loop or aborting ends the watching, never the job; its `token` tells another watching where to go on. Each
   * interval makes one call for the job and one for its log. Throws `job.timeout` and `aws.*`; an unreadable log only does
   * so with `logs: true`.
   */
  watch(options?: TrainingWatchOptions): TrainingWatch;
  /**
   * Waits for the end and gives the model.
   *
   * @throws `job.failed` with AWS's reason and a hint where we know one, `job.stopped`, `job.timeout`, `training.invalid`
   * when the job was trained with another number of classes, `aws.*`.
   */
  wait(options?: WaitOptions): Promise<Model<Name>>;
  /** Asks AWS to stop the job; nothing happens when it has ended. */
  stop(options?: CallOptions): Promise<void>;
  /**
   * Changes how many seconds the warm pool of this job stays, 0 to 21,600; 0 gives it back at once and ends its cost.
   *
   * @throws `training.invalid`; `aws.validation` when the job has no warm pool any more; `aws.*`.
   */
  keepAlive(seconds: number, options?: CallOptions): Promise<void>;
  /** The metrics by epoch, read from the log; while the job runs, those so far. Throws `aws.*`. */
  curve(options?: CallOptions): Promise<TrainingCurve>;
}

/** Makes the handle of a job by its name. Does no I/O. Throws `input.invalid` for an impossible name. */
export function attachTrainingJob<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
): TrainingJob<Name> {
  checkName(nameRules.trainingJob, name);
  const handle = jobHandle(context, name, classes);

  const watch = (options: TrainingWatchOptions = {}): TrainingWatch => watchTraining(context, handle, options);

  async function wait(options: WaitOptions = {}): Promise<Model<Name>> {
    const { progress, ...watching } = options;
    if (progress === undefined || progress === false) return handle.wait(watching);
    const reporter = progressReporter(progress, `training job ${name}`, "epochs");
    let done = 0;
    let planned: number | undefined;
    let best: EpochMetrics | undefined;
    try {
      for await (const event of watch(watching)) {
        if (event.type === "status") reporter.report(done, planned, event.secondaryStatus);
        if (event.type !== "epoch") continue;
        done = event.epoch + 1;
        planned = event.epochs ?? planned;
        if (isBetter(event, best)) best = event;
        reporter.report(done, planned, epochText(event, best));
      }
    } finally {
      reporter.end();
    }
    return handle.wait(watching);
  }

  async function keepAlive(seconds: number, { signal }: CallOptions = {}): Promise<void> {
    integerIn("keepAlive", seconds, 0, 21_600, "seconds");
    const client = await context.clients.sagemaker();
    const { UpdateTrainingJobCommand } = await import("@aws-sdk/client-sagemaker");
    const command = new UpdateTrainingJobCommand({
      TrainingJobName: name,
      ResourceConfig: { KeepAlivePeriodInSeconds: seconds },
    });
    await send("UpdateTrainingJob", (options) => client.send(command, options), signal);
  }

  async function curve({ signal }: CallOptions = {}): Promise<TrainingCurve> {
    const builder = curveBuilder();
    for await (const { line } of trainingLogReader(context, name).read({ signal })) {
      const fact = readLogLine(line);
      if (fact !== undefined) builder.add(fact);
    }
    return builder.curve();
  }

  return {
    name,
    classes,
    describe: (options) => handle.describe(options),
    watch,
    wait,
    stop: (options) => handle.stop(options),
    keepAlive,
    curve,
  };
}

/** The line beside a progress bar. */
function epochText({ mIoU, trainLoss, trainThroughput }: EpochMetrics, best: EpochMetrics | undefined): string {
  return [
    ...(mIoU === undefined ? [] : [`mIoU ${mIoU.toFixed(3)}`]),
    ...(best?.mIoU === undefined ? [] : [`best ${best.mIoU.toFixed(3)} in epoch ${best.epoch}`]),
    ...(trainLoss === undefined ? [] : [`loss ${trainLoss.toPrecision(3)}`]),
    ...(trainThroughput === undefined ? [] : [`${trainThroughput.toFixed(0)} images/s`]),
  ].join(", ");
}

function jobHandle<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
): JobHandle<TrainingJobState, Model<Name>> {
  return createJobHandle<TrainingJobState, Model<Name>>({
    kind: "training job",
    name,
    pollInterval: context.pollInterval,
    async describe(signal) {
      const client = await context.clients.sagemaker();
      const { DescribeTrainingJobCommand } = await import("@aws-sdk/client-sagemaker");
      const command = new DescribeTrainingJobCommand({ TrainingJobName: name });
      return readTrainingState(
        name,
        await send("DescribeTrainingJob", (options) => client.send(command, options), signal),
      );
    },
    async stop(signal) {
      const client = await context.clients.sagemaker();
      const { StopTrainingJobCommand } = await import("@aws-sdk/client-sagemaker");
      const command = new StopTrainingJobCommand({ TrainingJobName: name });
      await send("StopTrainingJob", (options) => client.send(command, options), signal);
    },
    status: ({ status }) => status,
    phase: trainingPhase,
    reason: trainingReason,
    hint: trainingFailureHint,
    outcome: (state) => Promise.resolve().then(() => modelOf(context, state, classes)),
  });
}

function modelOf<Name extends string>(
  context: AwsContext,
  state: TrainingJobState,
  classes: ClassTable<Name>,
): Model<Name> {
  if (state.image?.includes(".dkr.ecr.") === true && !isAlgorithmImage(state.image)) {
    throw trainingInvalid("image", state.image, "a job of the semantic segmentation algorithm");
  }
  const trained = state.hyperparameters["num_classes"];
  if (trained !== undefined && Number(trained) !== classes.count) {
    const expected = `a class table of ${trained} classes, the job's num_classes`;
    throw new SegmentationError(
      "training.invalid",
      `The job "${state.name}" was trained with ${trained} classes and the class table has ${classes.count}: expected ${expected}.`,
      { parameter: "classes", value: classes.count, expected },
    );
  }
  if (state.artifact === undefined) {
    const expected = "a training job with a model artifact";
    throw new SegmentationError("training.invalid", `The job "${state.name}" completed without an artifact.`, {
      parameter: "artifact",
      expected,
    });
  }
  return modelFromArtifact(context, {
    artifact: state.artifact,
    classes,
    trainingJob: state.name,
    ...(state.image === undefined ? {} : { image: state.image }),
  });
}
