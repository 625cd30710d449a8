import type { AwsContext } from "../aws/context.js";
import { send } from "../aws/send.js";
import type { LabelingPlan } from "./labeling-plan.js";
import { refusal } from "./refusal.js";
import { sampleTask } from "./sample-task.js";

/** A worker page as it was rendered. */
export interface RenderedPage {
  readonly html: string;
  /** What is wrong with the page; empty when all is right. */
  readonly errors: readonly string[];
}

/** Longest template and longest task that RenderUiTemplate takes (service model). */
const longest = 128_000;

/** The text of the worker page among a plan's files. */
export function templateOf<Name extends string>({ files, settings }: LabelingPlan<Name>): string {
  return files.find(({ uri }) => uri === settings.templateUri)?.body ?? "";
}

/**
 * Has SageMaker render the worker page with the job's role.
 *
 * @throws `labeling.invalid` for a page above 128,000 characters, `aws.*`, e.g. when the role cannot be assumed.
 */
export async function renderByService<Name extends string>(
  context: AwsContext,
  plan: LabelingPlan<Name>,
  image: string | undefined,
  signal: AbortSignal | undefined,
): Promise<RenderedPage> {
  const template = templateOf(plan);
  const input = JSON.stringify(await sampleTask(context.store, plan, image, signal));
  if (template.length > longest) {
    throw refusal("instructions", template.length, `a page of at most ${longest} characters, to have it rendered`);
  }
  if (input.length > longest) throw refusal("images", input.length, `a line of at most ${longest} characters`);
  const sagemaker = await context.clients.sagemaker();
  const { RenderUiTemplateCommand } = await import("@aws-sdk/client-sagemaker");
  const command = new RenderUiTemplateCommand({
    UiTemplate: { Content: template },
    Task: { Input: input },
    RoleArn: plan.settings.role,
  });
  const answer = await send("RenderUiTemplate", (options) => sagemaker.send(command, options), signal);
  const errors = (answer.Errors ?? []).map(({ Code = "", Message = "" }) => `${Code}: ${Message}`);
  return { html: answer.RenderedContent ?? "", errors };
}
