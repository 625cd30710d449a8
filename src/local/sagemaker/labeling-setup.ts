import type { GroundTruthTask } from "../../facts/ground-truth-regions.js";
import { mechanicalTurkPricesUsd, mechanicalTurkWorkteam } from "../../facts/ground-truth-regions.js";
import { defaultColor, formatColor } from "../../mask/palette.js";
import type { Rgb } from "../../mask/palette.js";
import type { LocalObjects } from "../contracts.js";
import type { LabelingJobRecord } from "../state/record-types.js";
import { taskOf } from "./labeling-rules.js";
import type { HumanTaskConfig } from "./requests.js";
import { readLimits, readText } from "./s3-input.js";

/** What a labeling job works with, read once when it begins. */
export interface LabelingSetup {
  readonly task: GroundTruthTask;
  readonly classes: LabelingClasses;
  /** The manifest's lines that hold something, in order; positions are the object ids. */
  readonly lines: readonly ManifestLine[];
  /** How many of them came by the input topic. */
  readonly received: number;
}

/** The classes of a job: BACKGROUND, then the labels of the category file. */
export interface LabelingClasses {
  readonly names: readonly string[];
  readonly colors: readonly Rgb[];
}

/** One manifest line: its text as it came, and what it says. */
export interface ManifestLine {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A failure that ends the whole job, with the reason that DescribeLabelingJob gives. */
export class LabelingFailure extends Error {
  override readonly name = "LabelingFailure";
}

/** Most objects of a segmentation job (guide, input-data-limits). */
const mostObjects = 20_000;
/** Fewest objects of a job with automated labeling (guide, sms-automated-labeling). */
const fewestForAutomation = 1_250;
const longestLine = 100_000;

/** Reads manifest, label categories and template. Rejects with a {@link LabelingFailure}. */
export async function readLabelingSetup(objects: LocalObjects, job: LabelingJobRecord): Promise<LabelingSetup> {
  const { request } = job;
  const task = taskOf(request, job.region);
  checkPublicWorkforce(
    request.HumanTaskConfig,
    request.InputConfig.DataAttributes?.ContentClassifiers ?? [],
    job.region,
  );
  const template = await readText(objects, request.HumanTaskConfig.UiConfig.UiTemplateS3Uri ?? "", readLimits.setting);
  if (template === undefined) throw new LabelingFailure("ClientError: The UI template cannot be read.");
  if (!template.includes("crowd-form"))
    throw new LabelingFailure("ClientError: The UI template has no crowd-form element.");
  const labels = await readLabels(objects, request.LabelCategoryConfigS3Uri ?? "");
  const given = await readInput(objects, job);
  const received = (job.received ?? []).map((text) => ({ text, value: JSON.parse(text) as ManifestLine["value"] }));
  const lines = [...given, ...received];
  if (task !== "labeling") checkColors(lines);
  if (request.LabelingJobAlgorithmsConfig !== undefined && lines.length < fewestForAutomation) {
    throw new LabelingFailure(`ClientError: Automated data labeling needs at least ${fewestForAutomation} objects.`);
  }
  const names = ["BACKGROUND", ...labels];
  return {
    task,
    classes: { names, colors: names.map((_, index) => defaultColor(index)) },
    lines,
    received: received.length,
  };
}

/** The lines of the input manifest; a streaming job may have none. */
async function readInput(objects: LocalObjects, { request }: LabelingJobRecord): Promise<readonly ManifestLine[]> {
  const { S3DataSource: source, SnsDataSource: topic } = request.InputConfig.DataSource;
  if (source === undefined && topic !== undefined) return [];
  const manifest = await readText(objects, source?.ManifestS3Uri ?? "", readLimits.manifest);
  if (manifest === undefined) throw new LabelingFailure("ClientError: The input manifest cannot be read.");
  return readLines(manifest);
}

/** Labels that are to be adjusted or verified need colours: without them the setup ends with an error (guide). */
function checkColors(lines: readonly ManifestLine[]): void {
  for (const { value } of lines) {
    for (const [key, metadata] of Object.entries(value)) {
      const map = (metadata as { "internal-color-map"?: unknown } | null)?.["internal-color-map"];
      if (!key.endsWith("-metadata") || typeof map !== "object" || map === null) continue;
      const isBare = (entry: unknown): boolean =>
        typeof (entry as { "hex-color"?: unknown } | null)?.["hex-color"] !== "string";
      if (!Object.values(map).some(isBare)) continue;
      throw new LabelingFailure(
        `ClientError: The internal-color-map in ${key} has no hex-color, which adjustment and verification jobs need.`,
      );
    }
  }
}

/** The job fails when a public workforce job has no price of the list or no PII classifier. */
function checkPublicWorkforce(human: HumanTaskConfig, classifiers: readonly string[], region: string): void {
  if (human.WorkteamArn !== mechanicalTurkWorkteam(region)) return;
  if (!classifiers.includes("FreeOfPersonallyIdentifiableInformation")) {
    throw new LabelingFailure(
      "ClientError: Jobs that use the public workforce must declare the content classifier FreeOfPersonallyIdentifiableInformation.",
    );
  }
  const { Dollars = 0, Cents = 0, TenthFractionsOfACent = 0 } = human.PublicWorkforceTaskPrice?.AmountInUsd ?? {};
  const tenths = Dollars * 1000 + Cents * 10 + TenthFractionsOfACent;
  if (!mechanicalTurkPricesUsd.some((price) => Math.round(Number(price) * 1000) === tenths)) {
    throw new LabelingFailure(
      `ClientError: The task price ${(tenths / 1000).toFixed(3)} USD is not allowed for semantic segmentation. Allowed: ${mechanicalTurkPricesUsd.join(", ")}.`,
    );
  }
}

async function readLabels(objects: LocalObjects, uri: string): Promise<readonly string[]> {
  const text = await readText(objects, uri, readLimits.setting);
  let labels: unknown;
  try {
    labels = (JSON.parse(text ?? "") as { labels?: unknown }).labels;
  } catch {
    throw new LabelingFailure("ClientError: The label category configuration file is not valid JSON.");
  }
  const names = Array.isArray(labels) ? labels.map((item: unknown) => (item as { label?: unknown } | null)?.label) : [];
  if (
    names.length === 0 ||
    names.length > 254 ||
    !names.every((name) => typeof name === "string" && name.length <= 256)
  ) {
    throw new LabelingFailure("ClientError: The label category configuration file has no usable labels.");
  }
  if (new Set(names).size !== names.length) {
    throw new LabelingFailure("ClientError: The labels of the label category configuration file are not unique.");
  }
  return names as string[];
}

function readLines(manifest: string): readonly ManifestLine[] {
  const texts = manifest.replace(/^\uFEFF/, "").split(/\r?\n/);
  const lines: ManifestLine[] = [];
  for (const [index, text] of texts.entries()) {
    if (text.trim() === "") continue;
    if (text.length > longestLine) throw badLine(index, `it has more than ${longestLine} characters`);
    const value = parseLine(text, index);
    if (typeof value["source-ref"] !== "string") throw badLine(index, "it has no source-ref");
    lines.push({ text: text.trim(), value });
  }
  if (lines.length === 0) throw new LabelingFailure("ClientError: The input manifest is empty.");
  if (lines.length > mostObjects) {
    throw new LabelingFailure(`ClientError: The input manifest has more than ${mostObjects} objects.`);
  }
  return lines;
}

function parseLine(text: string, index: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // told below
  }
  throw badLine(index, "it is no JSON object");
}

function badLine(index: number, problem: string): LabelingFailure {
  return new LabelingFailure(`ClientError: Line ${index + 1} of the input manifest cannot be used: ${problem}.`);
}

/** The colour map of a line's metadata: every class of the job, also those that the image lacks. */
export function colorMap(classes: LabelingClasses, confidence: number): Record<string, unknown> {
  return Object.fromEntries(
    classes.names.map((name, index) => [
      String(index),
      { "class-name": name, "hex-color": formatColor(classes.colors[index]!), confidence },
    ]),
  );
}
