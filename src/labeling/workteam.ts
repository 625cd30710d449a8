import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import { SegmentationError } from "../core/errors.js";

/** What is known of a team. */
export interface TeamFacts {
  readonly exists: boolean;
  /** The ARN of the team of that name, which may be another account's than the asked one. */
  readonly arn?: string;
  /** Groups or users that are members; a group may be empty all the same. */
  readonly members?: number;
  /** Address of the workers' portal. */
  readonly portal?: string;
}

/** Looks a private or vendor team up by its ARN; `undefined` for the public crowd, which is always there. */
export async function describeTeam(
  context: AwsContext,
  arn: string,
  signal: AbortSignal | undefined,
): Promise<TeamFacts | undefined> {
  const [, kind, name] = /:workteam\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (name === undefined || kind === "public-crowd") return undefined;
  return kind === "vendor-crowd" ? vendorTeam(context, arn, signal) : privateTeam(context, name, signal);
}

async function privateTeam(context: AwsContext, name: string, signal: AbortSignal | undefined): Promise<TeamFacts> {
  const sagemaker = await context.clients.sagemaker();
  const { DescribeWorkteamCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new DescribeWorkteamCommand({ WorkteamName: name });
  const answer = await absentIfUnknown(send("DescribeWorkteam", (options) => sagemaker.send(command, options), signal));
  const team = answer?.Workteam;
  if (team === undefined) return { exists: false };
  const members = team.MemberDefinitions?.reduce(
    // A Cognito definition is one group; an OIDC one lists groups.
    (sum, { OidcMemberDefinition: oidc }) => sum + (oidc === undefined ? 1 : (oidc.Groups?.length ?? 0)),
    0,
  );
  return {
    exists: true,
    ...(team.WorkteamArn === undefined ? {} : { arn: team.WorkteamArn }),
    ...(members === undefined ? {} : { members }),
    ...(team.SubDomain === undefined ? {} : { portal: `https://${team.SubDomain}` }),
  };
}

async function vendorTeam(context: AwsContext, arn: string, signal: AbortSignal | undefined): Promise<TeamFacts> {
  const sagemaker = await context.clients.sagemaker();
  const { DescribeSubscribedWorkteamCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new DescribeSubscribedWorkteamCommand({ WorkteamArn: arn });
  const answer = await absentIfUnknown(
    send("DescribeSubscribedWorkteam", (options) => sagemaker.send(command, options), signal),
  );
  return answer?.SubscribedWorkteam === undefined ? { exists: false } : { exists: true, arn };
}

/** Neither operation models an error: a team that is not there is a refusal of the parameters. */
async function absentIfUnknown<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await undefinedIfAbsent(call);
  } catch (error) {
    if (SegmentationError.is(error, "aws.validation")) return undefined;
    throw error;
  }
}
