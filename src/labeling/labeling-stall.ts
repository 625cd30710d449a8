/** Why a labeling job seems to stand still. */
export type StallCode =
  /** The team does not exist any more. */
  | "team-missing"
  /** The team has no members. */
  | "empty-team"
  /** Tasks ran out of time, and no new label came. */
  | "tasks-expired"
  /** Nobody has labeled anything. */
  | "no-activity"
  /** The next batch waits for the present one. */
  | "batch-waits";

/** A job whose counters have stood still for long. */
export interface LabelingStall {
  /** The likeliest cause. */
  readonly code: StallCode;
  /** The cause, and what to do, in words. */
  readonly message: string;
  /** When this handle saw the counters move last. */
  readonly since: Date;
  /** Tasks that wait for workers, where the service tells. */
  readonly pendingTasks?: number;
}

/** What a look at a stalled job has found. */
export interface StallEvidence {
  /** Objects labeled so far. */
  readonly labeled: number;
  /** Whether the team exists; `undefined` when that could not be found out. */
  readonly teamExists?: boolean;
  /** Groups or users that are members of the team. */
  readonly members?: number;
  /** Address of the workers' portal. */
  readonly portal?: string;
  /** Objects that failed because their tasks expired. */
  readonly expired: number;
  readonly pendingTasks?: number;
}

/** Names the cause. Sources: guide, sms-batching (batches wait for all workers), and AWS's note on CORS. */
export function stallOf(evidence: StallEvidence, since: Date): LabelingStall {
  const { pendingTasks, portal } = evidence;
  const [code, message] = cause(evidence);
  const tasks = pendingTasks === undefined ? "" : ` ${pendingTasks} tasks wait for workers.`;
  const door = portal === undefined ? "" : ` The workers' portal is ${portal}.`;
  return {
    code,
    message: `${message}${tasks}${door}`,
    since,
    ...(pendingTasks === undefined ? {} : { pendingTasks }),
  };
}

function cause({ labeled, teamExists, members, expired }: StallEvidence): readonly [StallCode, string] {
  if (teamExists === false) {
    return ["team-missing", "The work team does not exist any more: stop the job and continue it with another team."];
  }
  if (members === 0) return ["empty-team", "The work team has no members: add workers to it."];
  if (expired > 0) {
    return [
      "tasks-expired",
      `Tasks of ${expired} images expired: give more time (timeLimits), offer them longer, or add workers; retryFailed(...) sends them again.`,
    ];
  }
  if (labeled === 0) {
    return [
      "no-activity",
      "Nothing is labeled yet: check that workers are in the team and see the task in their portal, that the images' bucket has a CORS rule for GET, and that the page renders.",
    ];
  }
  return [
    "batch-waits",
    "The next batch is sent when every worker has finished the present one: check that as many workers are active as each image needs, and that time and price are enough.",
  ];
}

/** Counters that show movement. */
export interface Movement {
  readonly status: string;
  readonly labeled: number;
  readonly failed: number;
}

/** Watches counters for standing still. */
export interface StallWatch {
  /** When the counters moved last, if that is longer ago than it should be. */
  see(state: Movement & { readonly streaming: boolean }, now: number): Date | undefined;
}

/** Makes a {@link StallWatch} that speaks after `stallAfter` milliseconds. A streaming job may wait for images. */
export function stallWatch(stallAfter: number): StallWatch {
  let counters = "";
  let movedAt = 0;
  return {
    see({ status, labeled, failed, streaming }, now) {
      const seen = [status, labeled, failed].join();
      if (seen !== counters) {
        counters = seen;
        movedAt = now;
      }
      return status === "InProgress" && !streaming && now - movedAt >= stallAfter ? new Date(movedAt) : undefined;
    },
  };
}
