import type { CreateLabelingJobCommandInput, DescribeLabelingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../aws/context.js";
import { checkName, nameRules } from "../aws/names.js";
import { mergeOverride } from "../core/override.js";
import type { RequestOverride } from "../core/override.js";
import { progressReporter } from "../core/progress.js";
import type { WorkOptions } from "../core/progress.js";
import { failedLines } from "./earlier-labels.js";
import { labelingPaths } from "./labeling-files.js";
import { refuseTakenName } from "./taken-name.js";
import { createLabelingJob } from "./create-labeling-job.js";

/** Options of `job.retryFailed(...)`. */
export interface RetryFailedOptions extends WorkOptions {
  /** Changes to the first job's settings, e.g. more time or another team; lists replace lists. */
  readonly override?: RequestOverride<CreateLabelingJobCommandInput>;
}

/**
 * Creates a job over the failed images of another, with the other's settings but its stopping conditions, automated
 * labeling and stream.
 *
 * @returns The number of images.
 * @throws `labeling.no-images` when none failed, `session.missing` without workspace, `aws.conflict` for a taken name.
 */
export async function startRetry(
  context: AwsContext,
  name: string,
  earlier: DescribeLabelingJobCommandOutput,
  source: { readonly uri: string; readonly attribute: string },
  { signal, progress, override }: RetryFailedOptions,
): Promise<number> {
  const manifest = labelingPaths(context.workspace("retryFailed"), checkName(nameRules.labelingJob, name)).manifest;
  const began = Date.now();
  const request = mergeOverride(retryRequest(name, earlier, manifest), override ?? {});
  await refuseTakenName(context, name, signal);
  const reporter = progressReporter(progress, "labeling input", "images");
  let total = 0;
  try {
    const lines = failedLines(context.store, source, () => reporter.report(++total), signal);
    const abort = signal === undefined ? {} : { signal };
    await context.store.write(manifest, lines, { contentType: "application/jsonlines", ...abort });
  } finally {
    reporter.end();
  }
  await createLabelingJob(context, request, began, signal);
  return total;
}

/** The request of an earlier job with another name and manifest. */
function retryRequest(
  name: string,
  earlier: DescribeLabelingJobCommandOutput,
  manifest: string,
): CreateLabelingJobCommandInput {
  const { InputConfig: input, OutputConfig: output, HumanTaskConfig: human } = earlier;
  // Tags that AWS sets itself cannot be given.
  const tags = earlier.Tags?.filter(({ Key }) => Key?.startsWith("aws:") !== true) ?? [];
  return {
    LabelingJobName: name,
    LabelAttributeName: earlier.LabelAttributeName,
    InputConfig: {
      DataSource: { S3DataSource: { ManifestS3Uri: manifest } },
      ...(input?.DataAttributes === undefined ? {} : { DataAttributes: input.DataAttributes }),
    },
    OutputConfig: {
      S3OutputPath: output?.S3OutputPath,
      ...(output?.KmsKeyId === undefined || output.KmsKeyId === "" ? {} : { KmsKeyId: output.KmsKeyId }),
    },
    RoleArn: earlier.RoleArn,
    ...(earlier.LabelCategoryConfigS3Uri === undefined
      ? {}
      : { LabelCategoryConfigS3Uri: earlier.LabelCategoryConfigS3Uri }),
    HumanTaskConfig: human,
    ...(tags.length === 0 ? {} : { Tags: tags }),
  };
}
