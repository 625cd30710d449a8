import type { CreateLabelingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { AwsContext } from "../../aws/context.js";
import { SegmentationError } from "../../core/errors.js";
import { progressReporter } from "../../core/progress.js";
import type { WorkOptions } from "../../core/progress.js";
import { labelingLimits } from "../../facts/labeling-limits.js";
import type { LabelingPlan } from "../labeling-plan.js";
import { isTaken } from "../taken-name.js";
import { checkBucket, checkCors } from "./check-buckets.js";
import { bucketOf, checkImages } from "./check-images.js";
import { checkPage, checkTeam } from "./check-workers.js";
import type { LabelingFinding, Report } from "./finding.js";

/** Options of `.check(...)`. */
export interface LabelingCheckOptions extends WorkOptions {
  /** Adds the CORS rule to buckets with images that have none; default `false`, which changes nothing anywhere. */
  readonly apply?: boolean;
  /** Most images whose first kilobytes are read, spread evenly; default 1,000. */
  readonly openImages?: number;
}

/** What a check has found. */
export interface LabelingCheck {
  /** Whether nothing was found for which the job would fail or be refused. */
  readonly ok: boolean;
  /** Errors first, then warnings and notes. */
  readonly findings: readonly LabelingFinding[];
  /** Images of the job; `undefined` when they are not known before it runs. */
  readonly images: number | undefined;
  /** Images whose first kilobytes were read. */
  readonly imagesOpened: number;
  /** Tasks: images that are labeled at most, times workers for each. */
  readonly tasks: number | undefined;
  /**
   * The most that the public crowd is paid, in US dollars as a decimal text: tasks times price. Ground Truth's own fee
   * for each object comes on top; teams are paid by you. `undefined` for teams and where the tasks are not known.
   */
  readonly largestBillUsd: string | undefined;
}

const order: readonly LabelingFinding["severity"][] = ["error", "warning", "note"];

/**
 * Looks at everything that a job needs, before it costs money. Changes nothing but, when asked to, CORS rules.
 *
 * @throws `aws.credentials` and what no finding can say; never for something that is wrong with the job.
 */
export async function checkLabelingJob<Name extends string>(
  context: AwsContext,
  plan: LabelingPlan<Name>,
  request: CreateLabelingJobCommandInput | SegmentationError,
  { signal, progress, apply = false, openImages = 1000 }: LabelingCheckOptions,
): Promise<LabelingCheck> {
  const findings: LabelingFinding[] = [];
  const report: Report = (finding) => void findings.push(finding);
  const region = await context.region();
  if (request instanceof SegmentationError) refused(request, report);
  checkSettings(plan, report);
  if (await isTaken(context, plan.name, signal)) {
    report({
      code: "job.exists",
      severity: "error",
      message: `A labeling job named "${plan.name}" exists (names are compared without case).`,
      advice: "Choose another name, or attach to it.",
      where: [plan.name],
    });
  }
  const reporter = progressReporter(progress, "labeling check", "images");
  const automated = plan.settings.automated !== undefined;
  let images;
  try {
    const opened = (done: number, total: number): void => reporter.report(done, total);
    const options = { automated, ownFolders: plan.ownFolders, open: openImages, opened, signal };
    images = await checkImages(context.store, plan.images, options, report);
  } finally {
    reporter.end();
  }
  const withImages = new Set(images.buckets);
  for (const bucket of new Set([...withImages, bucketOf(plan.manifestUri), bucketOf(plan.settings.outputUri)])) {
    const exists = await checkBucket(context, bucket, region, report, signal);
    if (exists && withImages.has(bucket)) await checkCors(context, bucket, apply, report, signal);
  }
  await checkTeam(context, plan.settings, report, signal);
  // Without an image there is nothing to render with; what is wrong with the images was told.
  if (images.first !== undefined || plan.images === undefined)
    await checkPage(context, plan, images.first, report, signal);
  findings.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
  return Object.freeze({
    ok: !findings.some(({ severity }) => severity === "error"),
    findings: Object.freeze(findings),
    images: images.count,
    imagesOpened: images.opened,
    ...costs(plan.settings, images.count),
  });
}

function refused(error: SegmentationError, report: Report): void {
  const isRegion = SegmentationError.is(error, "region.unsupported");
  report({
    code: isRegion ? "region.unsupported" : "request.invalid",
    severity: "error",
    message: error.message,
    advice: isRegion
      ? "Work in one of those regions, or name functions of your own: .lambdas(...)."
      : "Change the setting.",
  });
}

function checkSettings<Name extends string>({ settings, classes }: LabelingPlan<Name>, report: Report): void {
  const labels = classes.names.slice(1);
  if (labels.length > labelingLimits.consoleLabels) {
    report({
      code: "labels.many",
      severity: "warning",
      message: `There are ${labels.length} labels; the console takes ${labelingLimits.consoleLabels}.`,
      advice: "Workers make more mistakes with many labels: label groups of classes in several jobs.",
      count: labels.length,
    });
  }
  const seen = new Map<string, string>();
  for (const label of labels) {
    const other = seen.get(label.trim().toLowerCase());
    if (other !== undefined) {
      report({
        code: "labels.alike",
        severity: "warning",
        message: `The labels "${other}" and "${label}" look the same to workers.`,
        advice: "Give one of them another name.",
        where: [other, label],
      });
    }
    seen.set(label.trim().toLowerCase(), label);
  }
  const { maxConcurrentTasks = 0, workforce } = settings;
  if (maxConcurrentTasks > labelingLimits.concurrentTasks) {
    report({
      code: "quota.tasks",
      severity: "warning",
      message: `maxConcurrentTasks is ${maxConcurrentTasks}; accounts have ${labelingLimits.concurrentTasks} unless AWS raised it.`,
      advice: "Ask AWS support to raise it, or stay below.",
    });
  }
  if (workforce.kind === "public" && !workforce.contentClassifiers.includes("FreeOfAdultContent")) {
    report({
      code: "crowd.classifier",
      severity: "note",
      message: "The images are not declared free of adult content: fewer workers see the tasks.",
      advice: "Declare FreeOfAdultContent if that is so.",
    });
  }
}

/** Cents are whole numbers, so no bill is rounded. */
function costs(
  { workforce, workersPerObject, stopAfter }: LabelingPlan<never>["settings"],
  images: number | undefined,
): Pick<LabelingCheck, "tasks" | "largestBillUsd"> {
  if (images === undefined) return { tasks: undefined, largestBillUsd: undefined };
  const workers = workersPerObject ?? (workforce.kind === "public" ? 3 : 1);
  const share = Math.ceil((images * (stopAfter?.percentageLabeled ?? 100)) / 100);
  const tasks = Math.min(share, stopAfter?.humanLabeledObjects ?? Infinity) * workers;
  if (workforce.kind !== "public") return { tasks, largestBillUsd: undefined };
  const cents = tasks * workforce.cents;
  return { tasks, largestBillUsd: `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}` };
}
