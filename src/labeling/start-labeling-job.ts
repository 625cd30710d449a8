import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import { SegmentationError } from "../core/errors.js";
import { progressReporter } from "../core/progress.js";
import type { WorkOptions } from "../core/progress.js";
import { writeInputManifest } from "../manifest/input-manifest.js";
import { createLabelingJob } from "./create-labeling-job.js";
import { describeLabelingJob } from "./describe-labeling-job.js";
import { checkManifest } from "./given-manifest.js";
import { checkedImages } from "./image-source.js";
import type { LabelingJob } from "./labeling-job.js";
import { attachLabelingJob } from "./labeling-job.js";
import type { LabelingPlan } from "./labeling-plan.js";

/**
 * Writes the input of a job and creates it; the first two steps change nothing.
 *
 * 1. The name must be free: files of a running job of this name must not be overwritten.
 * 2. The images (or the given manifest) are checked, and the manifest is written as they are found.
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
    const count = (): void => reporter.report(++total);
    if (plan.images.kind === "manifest") {
      await checkManifest(context.store, plan.images.uri, count, signal);
    } else {
      const folder = plan.images.kind === "folder" ? plan.images.uri : undefined;
      // A caller who points into one of our own folders means it.
      const leaveOut = plan.ownFolders.filter((own) => folder === undefined || !folder.startsWith(own));
      const images = checkedImages(context.store, plan.images, leaveOut, signal);
      await writeInputManifest(context.store, plan.settings.manifestUri, counted(images, count), abort);
    }
  } finally {
    reporter.end();
  }
  for (const { uri, contentType, body } of plan.files) {
    await context.store.write(uri, new TextEncoder().encode(body), { contentType, ...abort });
  }
  await createLabelingJob(context, request, began, signal);
  // A manifest of the caller's may hold labels already; then the service counts only the others.
  return attachLabelingJob(context, name, plan.classes, plan.images.kind === "manifest" ? {} : { total });
}

async function* counted(images: AsyncIterable<string>, count: () => void): AsyncGenerator<string, void, void> {
  for await (const uri of images) {
    count();
    yield uri;
  }
}

async function refuseTakenName(context: AwsContext, name: string, signal: AbortSignal | undefined): Promise<void> {
  if ((await undefinedIfAbsent(describeLabelingJob(context, name, signal))) === undefined) return;
  throw new SegmentationError(
    "aws.conflict",
    `A labeling job named "${name}" exists already (names are compared without case): choose another name, or attach to it.`,
    { operation: "CreateLabelingJob", name: "ResourceInUse", retryable: false },
  );
}
