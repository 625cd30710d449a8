import type { DescribeLabelingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";
import { failedObjects } from "./failed-objects.js";
import type { StallEvidence } from "./labeling-stall.js";
import type { LabelingState } from "./labeling-state.js";
import { describeTeam } from "./workteam.js";

/** Looks at team, tasks and failures of a job that stands still. What cannot be looked at is left out, not thrown. */
export async function stallEvidence(
  context: AwsContext,
  state: LabelingState,
  answer: DescribeLabelingJobCommandOutput,
  signal: AbortSignal | undefined,
): Promise<StallEvidence> {
  const [team, pendingTasks, expired] = await Promise.all([
    quiet(describeTeam(context, state.workteam ?? "", signal)),
    quiet(pendingOf(context, state.workteam ?? "", answer.JobReferenceCode ?? "", signal)),
    state.failed === 0 ? 0 : quiet(expiredOf(context, state, signal)),
  ]);
  signal?.throwIfAborted();
  return {
    labeled: state.labeled,
    ...(team === undefined ? {} : { teamExists: team.exists }),
    ...(team?.members === undefined ? {} : { members: team.members }),
    ...(team?.portal === undefined ? {} : { portal: team.portal }),
    ...(pendingTasks === undefined ? {} : { pendingTasks }),
    expired: expired ?? 0,
  };
}

function quiet<Found>(look: Promise<Found>): Promise<Found | undefined> {
  return look.catch(() => undefined);
}

async function pendingOf(
  context: AwsContext,
  team: string,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  if (team === "" || reference === "") return undefined;
  const sagemaker = await context.clients.sagemaker();
  const { ListLabelingJobsForWorkteamCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new ListLabelingJobsForWorkteamCommand({ WorkteamArn: team, JobReferenceCodeContains: reference });
  const page = await send("ListLabelingJobsForWorkteam", (options) => sagemaker.send(command, options), signal);
  const job = page.LabelingJobSummaryList?.find(({ JobReferenceCode }) => JobReferenceCode === reference);
  return job?.LabelCounters?.PendingHuman;
}

async function expiredOf(context: AwsContext, state: LabelingState, signal: AbortSignal | undefined): Promise<number> {
  const failures = await failedObjects(context.store, state, signal);
  return failures.filter(({ reason }) => /expired/i.test(reason)).length;
}
