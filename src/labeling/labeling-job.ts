import type { AwsContext } from "../aws/context.js";
import { createJobHandle } from "../aws/job-handle.js";
import type { CallOptions, JobHandle, JobPhase } from "../aws/job-handle.js";
import { checkName, nameRules } from "../aws/names.js";
import { send } from "../aws/send.js";
import { labelsFromManifest } from "../manifest/labels.js";
import type { Labels } from "../manifest/labels.js";
import type { ClassTable } from "../mask/classes.js";
import { describeLabelingJob } from "./describe-labeling-job.js";
import { failureHint, labelingState, stallWatch } from "./labeling-state.js";
import type { LabelingState } from "./labeling-state.js";
import { refusal } from "./refusal.js";

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
   * of a stopped or failed one what was done. Throws `labeling.invalid` while there is no output manifest.
   */
  labels(options?: CallOptions): Promise<Labels<Name>>;
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
    return stalls.see(labelingState(name, answer, total), Date.now());
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
    return labelsFromManifest({ store: context.store, uri: outputManifest, classes, attribute });
  };

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
  return { ...handle, classes, labels: async ({ signal } = {}) => labelsOf(await describe(signal)) };
}
