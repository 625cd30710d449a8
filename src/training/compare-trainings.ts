import { mapConcurrently } from "../core/concurrency.js";
import type { CallOptions } from "../aws/job-handle.js";
import { comparisonPage } from "./comparison-page.js";
import type { TrainingCurve } from "./curve.js";
import { explainEnd } from "./training-end.js";
import type { TrainingEnd } from "./training-end.js";
import type { TrainingJob } from "./training-job.js";
import type { TrainingJobState } from "./training-state.js";

/** One job of a comparison. */
export interface ComparedTraining {
  /** Name of the job. */
  readonly name: string;
  /** What `describe` says of it. */
  readonly state: TrainingJobState;
  /** Its metrics by epoch. */
  readonly curve: TrainingCurve;
  /** How it ended. */
  readonly end: TrainingEnd;
  /** Those hyperparameters that are not the same in all jobs, as sent; a missing one is the container's default. */
  readonly differences: Readonly<Record<string, string | undefined>>;
}

/** Training jobs side by side. */
export interface TrainingComparison {
  /** The jobs, the best mIoU first; those without any last. */
  readonly jobs: readonly ComparedTraining[];
  /** Names of the hyperparameters in which they differ. */
  readonly differing: readonly string[];
  /** A table in plain text, a line for each job. */
  toText(): string;
  /** A page: one file, no script, nothing loaded from elsewhere, with all curves in one plot. */
  toHtml(options?: ComparisonPageOptions): string;
}

/** Options of a comparison's page. */
export interface ComparisonPageOptions {
  /** Heading; default `Training jobs`. */
  readonly title?: string;
}

/** What a comparison needs of a job; every training job has it. */
export type ComparableTraining = Pick<TrainingJob<never>, "name" | "describe" | "curve">;

/**
 * Puts training jobs side by side: best mIoU, epoch, time, and the hyperparameters in which they differ.
 *
 * Makes one Describe and the log calls of each job, four jobs at a time. Throws `aws.*`.
 *
 * @example
 * ```ts
 * import { compareTrainings } from "sagemaker-semseg";
 *
 * const earlier = session.trainingJob("turtles-2022-11-01-10-00-00-000", classes);
 * const comparison = await compareTrainings([training, earlier]);
 * console.log(comparison.toText());
 * ```
 */
export async function compareTrainings(
  jobs: readonly ComparableTraining[],
  options: CallOptions = {},
): Promise<TrainingComparison> {
  const read = await mapConcurrently(
    jobs,
    4,
    async (job) => {
      const [state, curve] = await Promise.all([job.describe(options), job.curve(options)]);
      return { name: job.name, state, curve };
    },
    options.signal,
  );
  const differing = differingNames(read.map(({ state }) => state.hyperparameters));
  const compared = read
    .map(({ name, state, curve }) => ({
      name,
      state,
      curve,
      end: explainEnd(curve),
      differences: Object.fromEntries(differing.map((key) => [key, state.hyperparameters[key]])),
    }))
    .sort((one, other) => (other.curve.best?.mIoU ?? -1) - (one.curve.best?.mIoU ?? -1));
  return {
    jobs: compared,
    differing,
    toText: () => textTable(comparisonRows(compared, differing)),
    toHtml: (page = {}) => comparisonPage(compared, comparisonRows(compared, differing), page),
  };
}

function differingNames(all: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const names = new Set(all.flatMap((values) => Object.keys(values)));
  return [...names].filter((name) => new Set(all.map((values) => values[name])).size > 1);
}

/** Head and rows of the table, all texts. */
export function comparisonRows(
  jobs: readonly ComparedTraining[],
  differing: readonly string[],
): readonly (readonly string[])[] {
  const head = ["job", "status", "mIoU", "accuracy", "epoch", "epochs", "seconds", "paid", "instance", ...differing];
  const rows = jobs.map(({ name, state, curve, end, differences }) => [
    name,
    state.status,
    curve.best?.mIoU?.toFixed(4) ?? "-",
    curve.best?.pixelAccuracy?.toFixed(4) ?? "-",
    curve.best === undefined ? "-" : String(curve.best.epoch),
    `${end.epochs}${end.planned === undefined ? "" : `/${end.planned}`}${end.kind === "early-stopping" ? " early" : ""}`,
    state.trainingSeconds === undefined ? "-" : String(state.trainingSeconds),
    state.billableSeconds === undefined ? "-" : String(state.billableSeconds),
    state.instanceType ?? "-",
    ...differing.map((key) => differences[key] ?? "default"),
  ]);
  return [head, ...rows];
}

function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
