import type { AwsContext } from "../../aws/context.js";
import { SegmentationError } from "../../core/errors.js";
import type { LabelingPlan } from "../labeling-plan.js";
import { renderByService } from "../render-page.js";
import { describeTeam } from "../workteam.js";
import type { Report } from "./finding.js";

type Settings = LabelingPlan<never>["settings"];

/** Checks that the team is there and is of the role's account. */
export async function checkTeam(
  context: AwsContext,
  { workforce, role }: Settings,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (workforce.kind === "public") return;
  const { arn, vendor } = workforce;
  const where = [arn];
  const account = (name: string): string | undefined => name.split(":")[4];
  if (!vendor && account(arn) !== account(role)) {
    report({
      code: "role.account",
      severity: "error",
      message: `The role is of the account ${account(role) ?? ""}, the private team of ${account(arn) ?? ""}.`,
      advice: "Private teams work for jobs of their own account only.",
      where: [role, arn],
    });
    return;
  }
  try {
    const team = await describeTeam(context, arn, signal);
    if (team?.exists === false) {
      report({
        code: "team.missing",
        severity: "error",
        message: `The work team ${arn} does not exist.`,
        advice: vendor
          ? "Subscribe to the vendor in the AWS Marketplace."
          : "Make it in the console, or check its name.",
        where,
      });
    } else if (team?.members === 0) {
      const message = `The work team ${arn} has no members.`;
      report({ code: "team.empty", severity: "error", message, advice: "Add workers to it.", where });
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!SegmentationError.is(error, "aws")) throw error;
    report({
      code: "team.unknown",
      severity: "warning",
      message: `The work team could not be looked at: ${error.message}`,
      advice: vendor ? "You need sagemaker:DescribeSubscribedWorkteam." : "You need sagemaker:DescribeWorkteam.",
      where,
    });
  }
}

/** Has the service render the worker page with the job's role: it tells both whether the page and the role will do. */
export async function checkPage<Name extends string>(
  context: AwsContext,
  plan: LabelingPlan<Name>,
  image: string | undefined,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const { errors } = await renderByService(context, plan, image, signal);
    if (errors.length === 0) return;
    report({
      code: "page.broken",
      severity: "error",
      message: `The worker page cannot be rendered: ${errors.join("; ")}`,
      advice: "Look at the instructions' Liquid and at preview().",
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (!SegmentationError.is(error, "aws")) throw error;
    const { role } = plan.settings;
    const isRefusal = SegmentationError.is(error, "aws.validation") || /role/i.test(error.message);
    report({
      code: isRefusal ? "role.unusable" : "page.broken",
      severity: isRefusal ? "error" : "warning",
      message: `The worker page could not be rendered with the role ${role}: ${error.message}`,
      advice:
        "The role must trust sagemaker.amazonaws.com (sts:AssumeRole) and read the images (s3:GetObject); you need iam:PassRole on it and sagemaker:RenderUiTemplate.",
      where: [role],
    });
  }
}
