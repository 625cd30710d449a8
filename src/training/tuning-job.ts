import type { AwsContext } from "../aws/context.js";
import { createJobHandle } from "../aws/job-handle.js";
import type { CallOptions, JobHandle } from "../aws/job-handle.js";
import { checkName, nameRules } from "../aws/names.js";
import { send } from "../aws/send.js";
import { SegmentationError } from "../core/errors.js";
import type { Model } from "../hosting/model.js";
import type { ClassTable } from "../mask/classes.js";
import { trainingFailureHint } from "./failure-hints.js";
import { attachTrainingJob } from "./training-job.js";
import type { TrainingJob } from "./training-job.js";
import { readTunedTraining, readTuningState, tuningPhase } from "./tuning-state.js";
import type { TunedTraining, TuningJobState } from "./tuning-state.js";

/**
 * A handle on a tuning job. It holds a name and no connection: `session.tuningJob(name, classes)` makes it again in
 * another process, without any call. `wait` resolves with the best model; a watcher sees each change.
 */
export interface TuningJob<in out Name extends string> extends JobHandle<TuningJobState, Model<Name>> {
  /** The classes that its models learn. */
  readonly classes: ClassTable<Name>;
  /** The training job with the best objective so far, `undefined` when none has ended. Throws `aws.*`. */
  best(options?: CallOptions): Promise<TrainingJob<Name> | undefined>;
  /**
   * All training jobs, the best objective first; those without one (running, failed) last, in the order of their start.
   * Throws `aws.*`.
   */
  leaderboard(options?: CallOptions): Promise<readonly TunedTraining[]>;
}

/** Makes the handle of a tuning job by its name. Does no I/O. Throws `input.invalid` for an impossible name. */
export function attachTuningJob<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
): TuningJob<Name> {
  checkName(nameRules.tuningJob, name);

  async function describe(signal: AbortSignal | undefined): Promise<TuningJobState> {
    const client = await context.clients.sagemaker();
    const { DescribeHyperParameterTuningJobCommand } = await import("@aws-sdk/client-sagemaker");
    const command = new DescribeHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name });
    return readTuningState(
      name,
      await send("DescribeHyperParameterTuningJob", (options) => client.send(command, options), signal),
    );
  }

  async function stop(signal: AbortSignal | undefined): Promise<void> {
    const client = await context.clients.sagemaker();
    const { StopHyperParameterTuningJobCommand } = await import("@aws-sdk/client-sagemaker");
    const command = new StopHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name });
    await send("StopHyperParameterTuningJob", (options) => client.send(command, options), signal);
  }

  async function leaderboard({ signal }: CallOptions = {}): Promise<readonly TunedTraining[]> {
    const client = await context.clients.sagemaker();
    const { ListTrainingJobsForHyperParameterTuningJobCommand } = await import("@aws-sdk/client-sagemaker");
    const state = await describe(signal);
    const found: TunedTraining[] = [];
    let token: string | undefined;
    do {
      // By time of creation: sorted by objective, the service leaves out those that have none.
      const command = new ListTrainingJobsForHyperParameterTuningJobCommand({
        HyperParameterTuningJobName: name,
        SortBy: "CreationTime",
        SortOrder: "Ascending",
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const page = await send(
        "ListTrainingJobsForHyperParameterTuningJob",
        (options) => client.send(command, options),
        signal,
      );
      found.push(...(page.TrainingJobSummaries ?? []).map(readTunedTraining));
      token = page.NextToken;
    } while (token !== undefined && found.length < 10_000);
    const type = state.raw.HyperParameterTuningJobConfig?.HyperParameterTuningJobObjective?.Type;
    const sign = type === "Minimize" ? 1 : -1;
    // Stable: those without a value stay in the order of their start.
    return found.sort((one, other) => {
      if (one.objective === undefined || other.objective === undefined) {
        return Number(one.objective === undefined) - Number(other.objective === undefined);
      }
      return sign * (one.objective - other.objective);
    });
  }

  async function best({ signal }: CallOptions = {}): Promise<TrainingJob<Name> | undefined> {
    const found = (await describe(signal)).best;
    return found === undefined ? undefined : attachTrainingJob(context, found.job, classes);
  }

  const handle = createJobHandle<TuningJobState, Model<Name>>({
    kind: "tuning job",
    name,
    pollInterval: context.pollInterval,
    describe,
    stop,
    status: ({ status }) => status,
    phase: tuningPhase,
    reason: ({ failureReason }) => failureReason,
    hint: (reason) =>
      /all training jobs failed/i.test(reason)
        ? "Each of them tells why: see failureReason in leaderboard()."
        : trainingFailureHint(reason),
    fingerprint: ({ status, counts, best: leading }) => JSON.stringify([status, counts, leading]),
    progress: {
      unit: "training jobs",
      of: ({ counts: { completed, failed, stopped }, most, best: leading }) => ({
        done: completed + failed + stopped,
        ...(most === undefined ? {} : { total: most }),
        ...(leading?.objective === undefined ? {} : { detail: `best ${leading.objective.toFixed(3)}` }),
      }),
    },
    async outcome(state, signal) {
      if (state.best === undefined) {
        const expected = "a tuning job of which one training job reached the objective";
        throw new SegmentationError("training.invalid", `The tuning job "${name}" completed without a best job.`, {
          parameter: "best",
          expected,
        });
      }
      return attachTrainingJob(context, state.best.job, classes).wait(signal === undefined ? {} : { signal });
    },
  });
  return { ...handle, classes, best, leaderboard };
}
