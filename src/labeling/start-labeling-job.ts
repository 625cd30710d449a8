import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { progressReporter } from "../core/progress.js";
import type { WorkOptions } from "../core/progress.js";
import { createLabelingJob } from "./create-labeling-job.js";
import type { LabelingJob } from "./labeling-job.js";
import { attachLabelingJob } from "./labeling-job.js";
import type { LabelingPlan } from "./labeling-plan.js";
import { refuseTakenName } from "./taken-name.js";
import { writeInput } from "./write-input.js";

/**
 * Writes the input of a job and creates it; the first two steps change nothing.
 *
 * 1. The name must be free: files of a running job of this name must not be overwritten.
 * 2. The images (or the given manifest, or the masks) are checked, and the manifest is written as they are found.
 * 3. Label categories and worker page are written, then the job is created.
 */
export async function startLabelingJob<Name extends string>(
  context: AwsContext,
  plan: LabelingPlan<Name>,
  request: CreateLabelingJobCommandInput,
  { signal, progress }: WorkOptions,
): Promise<LabelingJob<Name>> {
  const abort = signal === undefined ? {} : { signal };
  // An override may have another name than the builder, whose name the files stand under.
  const name = request.LabelingJobName ?? plan.name;
  const began = Date.now();
  const reporter = progressReporter(progress, "labeling input", "images");
  for (const taken of new Set([name, plan.name])) await refuseTakenName(context, taken, signal);
  let total = 0;
  try {
    await writeInput(context.store, plan, () => reporter.report(++total), signal);
  } finally {
    reporter.end();
  }
  for (const { uri, contentType, body } of plan.files) {
    await context.store.write(uri, new TextEncoder().encode(body), { contentType, ...abort });
  }
  await createLabelingJob(context, request, began, signal);
  // A manifest of the caller's may hold labels already; then the service counts only the others. A stream has no end.
  const known = plan.images?.kind !== "manifest" && plan.settings.streaming === undefined;
  return attachLabelingJob(context, name, plan.classes, known ? { total } : {});
}
