import { ContainerError } from "../contracts.js";
import type { LabelingJobRecord, LabelingStatus } from "../state/record-types.js";
import { closingDown, stopRequested } from "./background-work.js";
import type { SageMaker } from "./context.js";
import { checkSample, finalModelArn, shareOut } from "./labeling-automation.js";
import { labelObject } from "./labeling-object.js";
import type { LabeledObject } from "./labeling-object.js";
import { extendLine, LabelingOutput } from "./labeling-output.js";
import { LabelingFailure, readLabelingSetup } from "./labeling-setup.js";
import type { LabelingSetup, ManifestLine } from "./labeling-setup.js";
import { ObjectFailure } from "./labeling-truth.js";
import { readLimits, readText } from "./s3-input.js";

/** Simulated milliseconds: before the first task, for one object, after a stop. */
const stepTimes = { initializing: 700, object: 150, stopping: 400, listening: 300, idle: 1000, training: 2000 };
/** Objects that the model labels at a time. */
const machineBatch = 20;
/** Objects of one batch: consolidated together. */
const batchSize = 10;

/** After so many objects the output manifest is written anew; it grows with the manifest, so that the work does not grow by its square. */
export function manifestInterval(objects: number): number {
  return Math.max(batchSize, Math.ceil(objects / 20));
}

/**
 * Takes a labeling job through its states. When the backend closes, the job stays as it is; the next start goes on
 * from the output manifest.
 */
export async function runLabelingJob(sagemaker: SageMaker, job: LabelingJobRecord, signal: AbortSignal): Promise<void> {
  const run = new LabelingRun(sagemaker, job);
  try {
    if (job.status === "Stopping") {
      await run.end(stopRequested);
      return;
    }
    await sagemaker.world.pause(stepTimes.initializing, signal);
    await run.begin();
    // A stopping condition ends the job as a Stop call does.
    await run.end((await run.labelAll(signal)) ? undefined : stopRequested);
  } catch (error) {
    await run.end(error);
  }
}

class LabelingRun {
  private readonly output: LabelingOutput;
  private setup: LabelingSetup | undefined;
  /** The output manifest as it is now. */
  private lines: string[] = [];
  /** Ids of the objects that wait for a label. */
  private waiting: number[] = [];
  private batch: LabeledObject[] = [];
  private iteration: number;
  /** Lines of the input topic that are taken. */
  private taken = 0;
  /** Objects since the output manifest was written. */
  private unwritten = 0;

  constructor(
    private readonly sagemaker: SageMaker,
    private readonly job: LabelingJobRecord,
  ) {
    this.output = new LabelingOutput(sagemaker.objects, sagemaker.world, job);
    this.iteration = (job.iterations ?? 0) + 1;
  }

  async begin(): Promise<void> {
    const resumed = this.job.status === "InProgress";
    const planned = this.sagemaker.faults.takeJobFailure(this.job.name);
    if (planned !== undefined) throw new LabelingFailure(planned);
    this.setup = await readLabelingSetup(this.sagemaker.objects, this.job);
    const given = this.setup.lines;
    this.taken = this.setup.received;
    this.lines = given.map(({ text }) => text);
    if (resumed) await this.readEarlierOutput(given);
    // With the attribute of an earlier job only objects without that label are sent.
    this.waiting = this.lines.flatMap((text, id) => (isUntouched(text, this.job) ? [id] : []));
    const mine = this.lines.filter((text, id) => text !== given[id]?.text);
    const failed = mine.filter((text) => hasFailed(text, this.job)).length;
    const machine = mine.filter((text) => metadataOf(text, this.job)["human-annotated"] === "no").length;
    this.job.counters = {
      labeled: mine.length - failed,
      failed,
      unlabeled: this.waiting.length,
      ...(machine === 0 ? {} : { machine }),
    };
    await this.writeManifest();
    this.save("InProgress");
  }

  /** What was labeled before the backend ended is kept. */
  private async readEarlierOutput(given: readonly ManifestLine[]): Promise<void> {
    const text = await readText(this.sagemaker.objects, this.output.manifestUri, readLimits.manifest);
    const lines = (text ?? "").split("\n").filter((line) => line !== "");
    // A stream may have brought more since.
    if (lines.length <= given.length) this.lines = [...lines, ...this.lines.slice(lines.length)];
  }

  /** Labels what waits; `false` when a stopping condition was met before the end. A stream has no end but a stop. */
  async labelAll(signal: AbortSignal): Promise<boolean> {
    const setup = this.setup!;
    if (this.job.request.LabelingJobAlgorithmsConfig !== undefined) return await this.labelAutomatically(setup, signal);
    if (!(await this.labelEach(setup, this.waiting, signal))) return false;
    if (this.job.request.InputConfig.DataSource.SnsDataSource === undefined) return true;
    for (;;) {
      await this.closeBatch();
      if (this.unwritten > 0) await this.writeManifest();
      await this.sagemaker.world.pause(stepTimes.listening, signal);
      await this.labelEach(setup, this.receive(), signal);
    }
  }

  private async labelEach(setup: LabelingSetup, ids: readonly number[], signal: AbortSignal): Promise<boolean> {
    for (const id of ids) {
      await this.sagemaker.world.pause(stepTimes.object, signal);
      while (this.sagemaker.faults.isIdle(this.job.name)) await this.sagemaker.world.pause(stepTimes.idle, signal);
      await this.labelOne(setup, id);
      if (this.batch.length >= batchSize) await this.closeBatch();
      if (this.unwritten >= manifestInterval(this.lines.length)) await this.writeManifest();
      if (this.hasEnough()) return false;
    }
    return true;
  }

  /** People label a sample and what the model is unsure of, the model the rest. */
  private async labelAutomatically(setup: LabelingSetup, signal: AbortSignal): Promise<boolean> {
    const { people, machine } = shareOut(this.sagemaker, this.job, this.waiting, this.lines.length);
    for (const [done, id] of people.entries()) {
      if (!(await this.labelEach(setup, [id], signal))) return false;
      checkSample(this.job.counters.failed, done + 1, this.lines.length);
    }
    await this.sagemaker.world.pause(stepTimes.training, signal);
    for (let start = 0; start < machine.length; start += machineBatch) {
      await this.sagemaker.world.pause(stepTimes.object, signal);
      const ids = machine.slice(start, start + machineBatch);
      await Promise.all(ids.map((id) => this.labelOne(setup, id, "machine")));
      this.save(this.job.status);
      if (this.unwritten >= manifestInterval(this.lines.length)) await this.writeManifest();
      if (this.hasEnough()) return false;
    }
    this.job.finalModel = finalModelArn(this.sagemaker, this.job);
    return true;
  }

  /** Takes what came by the input topic since. */
  private receive(): readonly number[] {
    const received = this.job.received ?? [];
    const fresh = received.slice(this.taken);
    const first = this.lines.length;
    this.taken = received.length;
    this.lines.push(...fresh);
    this.job.counters.unlabeled += fresh.length;
    return fresh.map((_, at) => first + at);
  }

  private async labelOne(setup: LabelingSetup, id: number, by: "people" | "machine" = "people"): Promise<void> {
    const { job, sagemaker } = this;
    const text = this.lines[id]!;
    const line = { text, value: JSON.parse(text) as ManifestLine["value"] };
    try {
      const labeled = await labelObject(sagemaker, job, setup, this.output, line, id, this.iteration, by);
      this.lines[id] = extendLine(line, labeled.added);
      // Nobody answers where the model labels, so there is nothing to consolidate.
      if (by === "people") this.batch.push(labeled);
      job.counters.labeled++;
      if (by === "machine") job.counters.machine = (job.counters.machine ?? 0) + 1;
      const topic = job.request.OutputConfig.SnsTopicArn;
      if (topic !== undefined) sagemaker.topics.publish(topic, this.lines[id]);
    } catch (error) {
      const reason = objectFailure(error);
      if (reason === undefined) throw error;
      this.lines[id] = extendLine(line, {
        [`${job.request.LabelAttributeName}-metadata`]: {
          "retry-count": 1,
          "failure-reason": reason,
          "human-annotated": "true",
        },
      });
      job.counters.failed++;
    }
    job.counters.unlabeled--;
    this.unwritten++;
    if (by === "people") this.save(job.status);
  }

  private hasEnough(): boolean {
    if (this.job.request.InputConfig.DataSource.SnsDataSource !== undefined) return false;
    const { MaxHumanLabeledObjectCount: count, MaxPercentageOfInputDatasetLabeled: percent } =
      this.job.request.StoppingConditions ?? {};
    const { labeled, unlabeled } = this.job.counters;
    if (unlabeled === 0) return false;
    const byPeople = labeled - (this.job.counters.machine ?? 0);
    return byPeople >= (count ?? Infinity) || labeled * 100 >= (percent ?? Infinity) * this.lines.length;
  }

  private async closeBatch(): Promise<void> {
    if (this.batch.length === 0) return;
    await this.output.writeConsolidation(
      "request",
      this.iteration,
      this.batch.map(({ request }) => request),
    );
    await this.output.writeConsolidation(
      "response",
      this.iteration,
      this.batch.map(({ response }) => response),
    );
    this.batch = [];
    this.job.iterations = this.iteration++;
    this.sagemaker.state.labelingJobs.save(this.job);
  }

  private async writeManifest(): Promise<void> {
    this.unwritten = 0;
    await this.output.writeManifest(this.lines);
  }

  private async finishOutput(): Promise<void> {
    if (this.setup === undefined) return;
    await this.closeBatch();
    await this.writeManifest();
  }

  /** Brings the job into its final status; `undefined` means that all objects had their turn. */
  async end(reason: unknown): Promise<void> {
    if (reason === closingDown) {
      await this.finishOutput();
      return;
    }
    const stopped = reason === stopRequested || this.job.status === "Stopping";
    try {
      await this.finishOutput();
      if (stopped) await this.sagemaker.world.pause(stepTimes.stopping, this.sagemaker.work.closing);
      if (this.hasBegun()) this.job.output = this.output.manifestUri;
      if (stopped || reason === undefined) {
        this.save(stopped ? "Stopped" : "Completed");
        return;
      }
    } catch (error) {
      if (error === closingDown) return; // the next start ends it
      reason ??= error;
    }
    this.job.failureReason = (
      reason instanceof LabelingFailure
        ? reason.message
        : reason instanceof ContainerError
          ? reason.reason
          : "InternalServerError: We encountered an internal error. Please try again."
    ).slice(0, 1024);
    this.save("Failed");
  }

  /** Whether there is an output manifest, of this run or of one before a restart. */
  private hasBegun(): boolean {
    const { labeled, failed, unlabeled } = this.job.counters;
    return this.setup !== undefined || labeled + failed + unlabeled > 0;
  }

  private save(status: LabelingStatus): void {
    // A stop that came meanwhile stays.
    if (!(this.job.status === "Stopping" && status === "InProgress")) this.job.status = status;
    this.job.modifiedAt = this.sagemaker.world.now();
    this.sagemaker.state.labelingJobs.save(this.job);
  }
}

/** Why an object cannot be labeled; `undefined` for what ends the whole job. */
function objectFailure(error: unknown): string | undefined {
  if (error instanceof ObjectFailure) return error.message;
  return error instanceof ContainerError ? error.reason : undefined;
}

function metadataOf(text: string, job: LabelingJobRecord): Readonly<Record<string, unknown>> {
  const value = (JSON.parse(text) as Record<string, unknown>)[`${job.request.LabelAttributeName}-metadata`];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function hasFailed(text: string, job: LabelingJobRecord): boolean {
  return "failure-reason" in metadataOf(text, job);
}

/** Neither labeled nor, in this very job, failed. Failures of an earlier job are tried again. */
function isUntouched(text: string, job: LabelingJobRecord): boolean {
  const value = JSON.parse(text) as Record<string, unknown>;
  if (Object.hasOwn(value, job.request.LabelAttributeName)) return false;
  return !(job.counters.failed > 0 && hasFailed(text, job));
}
