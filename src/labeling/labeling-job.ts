import type { AwsContext } from "../aws/context.js";
import { createJobHandle } from "../aws/job-handle.js";
import type { CallOptions, JobHandle, JobPhase, WatchOptions } from "../aws/job-handle.js";
import { checkName, nameRules } from "../aws/names.js";
import { send } from "../aws/send.js";
import { labelsFromManifest } from "../manifest/labels.js";
import type { Labels } from "../manifest/labels.js";
import type { ClassTable } from "../mask/classes.js";
import { describeLabelingJob } from "./describe-labeling-job.js";
import { failedObjects } from "./failed-objects.js";
import type { FailedObject } from "./failed-objects.js";
import { labelingEvents } from "./labeling-events.js";
import type { LabelingEvent } from "./labeling-events.js";
import { stallOf, stallWatch } from "./labeling-stall.js";
import { failureHint, labelingState } from "./labeling-state.js";
import type { LabelingState } from "./labeling-state.js";
import { refusal } from "./refusal.js";
import { startRetry } from "./retry-failed.js";
import type { RetryFailedOptions } from "./retry-failed.js";
import { stallEvidence } from "./stall-evidence.js";
import { verdictsOf } from "./verdicts.js";
import type { Verdict } from "./verdicts.js";

/**
 * A handle on a labeling job: it can be made again from the name, in another process, without any call.
 *
 * `watch()` yields counters as they move, `wait()` resolves with the labels. `Completed` does not mean that every image
 * has a mask: see `failed` in the state and `labels.failed()`.
 */
export interface LabelingJob<in out Name extends string> extends JobHandle<LabelingState, Labels<Name>> {
  /** The classes that workers paint, by which masks are read. */
  readonly classes: ClassTable<Name>;
  /**
   * The labels as the output manifest holds them now: of a running job what is done so far (it can lag some minutes),
   * of a stopped or failed one what was done. Of a verification job, the masks that were judged. Throws
   * `labeling.invalid` while there is no output manifest.
   */
  labels(options?: CallOptions): Promise<Labels<Name>>;
  /** What the workers of a verification job said so far. Throws `labeling.invalid` for other jobs. */
  verdicts(options?: CallOptions): AsyncIterable<Verdict>;
  /**
   * The images that could not be labeled, each with Ground Truth's reason and, where that is known, what to do. Of a
   * running job what its manifest holds now, which can lag some minutes.
   */
  failedObjects(options?: CallOptions): Promise<readonly FailedObject[]>;
  /**
   * As `watch()`, with each image that fails as it appears in the output manifest and with stalls as they are noticed.
   *
   * @throws `manifest.line` for a line that cannot be read, and as `watch()`.
   */
  events(options?: WatchOptions): AsyncIterable<LabelingEvent>;
  /**
   * Creates a job over the failed images only, with this job's settings, page and label attribute; it begins at once and
   * costs money as the first did. Its labels are its own: join them with those of this job.
   *
   * @param name - Name of the new job.
   * @throws `labeling.no-images` when none failed, `labeling.invalid` while this job runs, `session.missing` without a
   * workspace (for the manifest), `aws.conflict` when a job has this name.
   */
  retryFailed(name: string, options?: RetryFailedOptions): Promise<LabelingJob<Name>>;
}

/** What is known of a job besides its name. */
export interface LabelingJobKnowledge {
  /** Images in the input manifest. */
  readonly total?: number;
  /** Milliseconds without movement after which a state carries a hint; default one hour. */
  readonly stallAfter?: number;
}

/** Words that AWS may add count as running: the job goes on as far as we know. */
function labelingPhase({ status }: LabelingState): JobPhase {
  if (status === "Completed") return "completed";
  if (status === "Failed") return "failed";
  return status === "Stopped" ? "stopped" : "running";
}

/** Makes the handle of a labeling job from its name; no I/O. Throws `input.invalid` for a name that no job can have. */
export function attachLabelingJob<Name extends string>(
  context: AwsContext,
  name: string,
  classes: ClassTable<Name>,
  { total, stallAfter = 3_600_000 }: LabelingJobKnowledge = {},
): LabelingJob<Name> {
  checkName(nameRules.labelingJob, name);
  const stalls = stallWatch(stallAfter);

  async function describe(signal: AbortSignal | undefined): Promise<LabelingState> {
    const answer = await describeLabelingJob(context, name, signal);
    const state = labelingState(name, answer, total);
    const since = stalls.see(state, Date.now());
    if (since === undefined) return state;
    const stall = stallOf(await stallEvidence(context, state, answer, signal), since);
    return { ...state, stall, hint: stall.message };
  }

  async function stop(signal: AbortSignal | undefined): Promise<void> {
    const sagemaker = await context.clients.sagemaker();
    const { StopLabelingJobCommand } = await import("@aws-sdk/client-sagemaker");
    const command = new StopLabelingJobCommand({ LabelingJobName: name });
    await send("StopLabelingJob", (options) => sagemaker.send(command, options), signal);
  }

  const labelsOf = ({ outputManifest, attribute, status }: LabelingState): Labels<Name> => {
    if (outputManifest === undefined) {
      throw refusal("labels", status, `a job with an output manifest; "${name}" has none yet`);
    }
    // The attribute of a verification job holds no masks; the ones that were judged are the newest of each line.
    return labelsFromManifest({
      store: context.store,
      uri: outputManifest,
      classes,
      ...(attribute.endsWith("-ref") ? { attribute } : {}),
    });
  };

  async function* verdicts({ signal }: CallOptions = {}): AsyncGenerator<Verdict, void, void> {
    const state = await describe(signal);
    if (state.attribute.endsWith("-ref")) throw refusal("verdicts", name, "a verification job");
    yield* verdictsOf(labelsOf(state).lines(signal === undefined ? {} : { signal }), state.attribute);
  }

  async function retryFailed(retryName: string, options: RetryFailedOptions = {}): Promise<LabelingJob<Name>> {
    const answer = await describeLabelingJob(context, name, options.signal);
    const { outputManifest: uri, attribute, status } = labelingState(name, answer);
    if (uri === undefined) throw refusal("retryFailed", status, "a job that has ended");
    const count = await startRetry(context, retryName, answer, { uri, attribute }, options);
    return attachLabelingJob(context, retryName, classes, { total: count, stallAfter });
  }

  const handle = createJobHandle<LabelingState, Labels<Name>>({
    kind: "labeling job",
    name,
    pollInterval: context.pollInterval,
    describe,
    stop,
    status: ({ status }) => status,
    phase: labelingPhase,
    reason: ({ failureReason }) => failureReason,
    hint: failureHint,
    outcome: (state) => Promise.resolve(labelsOf(state)),
    fingerprint: ({ status, labeled, failed, unlabeled, hint }) => [status, labeled, failed, unlabeled, hint].join(),
    progress: {
      unit: "images",
      of: ({ labeled, failed, total: all, status }) => ({
        done: labeled,
        total: all,
        detail: failed === 0 ? status : `${status}, ${failed} failed`,
      }),
    },
  });
  return {
    ...handle,
    classes,
    labels: async ({ signal } = {}) => labelsOf(await describe(signal)),
    verdicts,
    failedObjects: async ({ signal } = {}) => failedObjects(context.store, await describe(signal), signal),
    events: (options = {}) =>
      labelingEvents(handle.watch(options), (state) => failedObjects(context.store, state, options.signal)),
    retryFailed,
  };
}
