import type { LineLabels } from "./entry.js";
import { describeLabelType } from "./label-kinds.js";
import type { BadLineOptions } from "./read-entries.js";

/** One label attribute of a manifest. */
export interface AttributeSummary {
  /** Name of the attribute, e.g. `turtles-ref`. */
  readonly attribute: string;
  /** What it holds, in words, e.g. `masks` or `bounding boxes (groundtruth/object-detection)`. */
  readonly holds: string;
  /** Lines that have it. */
  readonly lines: number;
  /** Of these, lines with a failure in place of a mask. */
  readonly failed: number;
  /** Masks by who made them; `unknown` where the line does not say. */
  readonly annotatedBy: {
    /** Painted by a person. */
    readonly human: number;
    /** Made by automated labeling. */
    readonly machine: number;
    /** The line does not say. */
    readonly unknown: number;
  };
  /** Masks by what an adjustment job did to them; `unknown` where the line does not say. */
  readonly adjustment: {
    /** A worker changed the mask. */
    readonly adjusted: number;
    /** A worker left the mask as it was. */
    readonly unadjusted: number;
    /** The line does not say, e.g. since no adjustment job was run. */
    readonly unknown: number;
  };
  /** Smallest, mean and largest confidence of the masks that have one, 0 to 1. */
  readonly confidence?: {
    /** The smallest of them. */
    readonly lowest: number;
    /** Their mean. */
    readonly mean: number;
    /** The largest of them. */
    readonly highest: number;
  };
  /** Time of the latest mask. */
  readonly newest?: Date;
  /** Name of the job of the latest mask, as written. */
  readonly jobName?: string;
}

/** What a manifest holds. */
export interface LabelSummary {
  /** Lines that were read. */
  readonly lines: number;
  /** Lines with at least one mask. */
  readonly labeled: number;
  /** Lines with failures and no mask. */
  readonly failed: number;
  /** Lines with neither. */
  readonly untouched: number;
  /** Lines that were passed over; 0 unless `onError` is `"skip"`. */
  readonly skipped: number;
  /** Label attributes in the order of their first line; at most 100. */
  readonly attributes: readonly AttributeSummary[];
}

/** More attributes are no manifest of a job: names must not fill the memory. */
const maxAttributes = 100;

interface Tally {
  readonly attribute: string;
  readonly holds: string;
  lines: number;
  failed: number;
  readonly annotatedBy: { human: number; machine: number; unknown: number };
  readonly adjustment: { adjusted: number; unadjusted: number; unknown: number };
  confidences: number;
  sum: number;
  lowest: number;
  highest: number;
  newest: Date | undefined;
  jobName: string | undefined;
}

/** Reads all lines once and adds up. */
export async function summarize<Options extends BadLineOptions>(
  lines: (options: Options) => AsyncIterable<LineLabels>,
  options: Options,
): Promise<LabelSummary> {
  const tallies = new Map<string, Tally>();
  const counts = { lines: 0, labeled: 0, failed: 0, untouched: 0, skipped: 0 };
  const onSkip: BadLineOptions["onSkip"] = (error) => {
    counts.skipped++;
    options.onSkip?.(error);
  };
  for await (const line of lines({ ...options, onSkip })) {
    counts.lines++;
    if (line.labels.some(({ state }) => state === "labeled")) counts.labeled++;
    else if (line.labels.length > 0) counts.failed++;
    else counts.untouched++;
    for (const label of line.labels) {
      const tally = tallyOf(tallies, label.attribute, "masks");
      if (tally !== undefined) addLabel(tally, label);
    }
    for (const { attribute, type } of line.others) {
      const tally = tallyOf(tallies, attribute, describeLabelType(type));
      if (tally !== undefined) tally.lines++;
    }
  }
  return { ...counts, attributes: [...tallies.values()].map(summaryOf) };
}

function tallyOf(tallies: Map<string, Tally>, attribute: string, holds: string): Tally | undefined {
  const known = tallies.get(attribute);
  if (known !== undefined || tallies.size >= maxAttributes) return known;
  const tally: Tally = {
    attribute,
    holds,
    lines: 0,
    failed: 0,
    annotatedBy: { human: 0, machine: 0, unknown: 0 },
    adjustment: { adjusted: 0, unadjusted: 0, unknown: 0 },
    confidences: 0,
    sum: 0,
    lowest: Infinity,
    highest: -Infinity,
    newest: undefined,
    jobName: undefined,
  };
  tallies.set(attribute, tally);
  return tally;
}

function addLabel(tally: Tally, label: LineLabels["labels"][number]): void {
  tally.lines++;
  if (label.state === "failed") {
    tally.failed++;
    return;
  }
  const { annotatedBy, adjustment, confidence, createdAt, jobName } = label;
  tally.annotatedBy[annotatedBy ?? "unknown"]++;
  tally.adjustment[adjustment ?? "unknown"]++;
  if (confidence !== undefined) {
    tally.confidences++;
    tally.sum += confidence;
    tally.lowest = Math.min(tally.lowest, confidence);
    tally.highest = Math.max(tally.highest, confidence);
  }
  if (createdAt !== undefined && (tally.newest === undefined || createdAt >= tally.newest)) {
    tally.newest = createdAt;
    if (jobName !== undefined) tally.jobName = jobName;
  }
  tally.jobName ??= jobName;
}

function summaryOf(tally: Tally): AttributeSummary {
  const { attribute, holds, lines, failed, annotatedBy, adjustment, confidences, sum, lowest, highest } = tally;
  return {
    attribute,
    holds,
    lines,
    failed,
    annotatedBy,
    adjustment,
    ...(confidences === 0 ? {} : { confidence: { lowest, mean: sum / confidences, highest } }),
    ...(tally.newest === undefined ? {} : { newest: tally.newest }),
    ...(tally.jobName === undefined ? {} : { jobName: tally.jobName }),
  };
}
