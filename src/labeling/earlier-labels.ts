import type { GroundTruthTask } from "../facts/ground-truth-regions.js";
import { labelingLimits } from "../facts/labeling-limits.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import type { LabeledEntry } from "../manifest/entry.js";
import { maxLineLength, readLines } from "../manifest/lines.js";
import { parseEntry } from "../manifest/parse-entry.js";
import type { AnyClassTable } from "../mask/classes.js";
import { refusal } from "./refusal.js";

/** Which of the earlier labels a job takes up. */
export interface EarlierLabelsOptions {
  /** Takes the entries for which it gives `true`; default: all that have a mask. */
  readonly filter?: (entry: LabeledEntry) => boolean;
}

/** Labels of an earlier job whose masks the workers see. */
export interface EarlierLabels {
  readonly kind: "labels";
  readonly task: Exclude<GroundTruthTask, "labeling">;
  readonly uri: string;
  readonly attribute: string;
  /** Class names of the earlier job. */
  readonly names: readonly string[];
  /** Answers of a verification, in the order of the page. */
  readonly categories?: readonly string[];
  readonly filter: (entry: LabeledEntry) => boolean;
}

/** Makes the source of an adjustment or verification job. */
export function earlierLabels(
  labels: { readonly uri: string; readonly attribute: string | undefined; readonly classes: AnyClassTable },
  task: EarlierLabels["task"],
  { filter = () => true, categories }: EarlierLabelsOptions & { readonly categories?: readonly string[] },
): EarlierLabels {
  if (labels.attribute === undefined) {
    throw refusal(
      "labels",
      labels.uri,
      "labels of one attribute, which the worker page names: session.labels(uri, classes, attribute)",
    );
  }
  return {
    kind: "labels",
    task,
    uri: labels.uri,
    attribute: labels.attribute,
    names: labels.classes.names,
    ...(categories === undefined ? {} : { categories: checkCategories(categories) }),
    filter,
  };
}

/** At most 10 answers: the crowd element's limit, where the console allows 30 (guide, crowd-image-classifier). */
function checkCategories(categories: readonly string[]): readonly string[] {
  if (categories.length < 2 || categories.length > 10)
    throw refusal("categories", categories.length, "2 to 10 answers");
  const wrong = categories.find((name) => name.trim() === "" || name.length > 256);
  if (wrong !== undefined) throw refusal("categories", wrong, "texts of 1 to 256 characters");
  if (new Set(categories).size !== categories.length) throw refusal("categories", categories.join(", "), "each once");
  return [...categories];
}

/**
 * The lines of an earlier job's manifest whose masks can be shown, as they are. Failed and unlabeled ones are left out:
 * in such a job each would fail, for money.
 *
 * @throws `labeling.invalid` for colour maps without colours, with which the job would end in its setup, and for more
 * objects than a job takes; `labeling.no-images` when nothing is left.
 */
export async function* earlierLines(
  store: ObjectStore,
  { uri, attribute, filter }: EarlierLabels,
  seen: () => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  let count = 0;
  let left = 0;
  for await (const line of manifestLines(store, uri, signal)) {
    const { entry } = parseEntry(line, { attribute, uri });
    if (entry.state !== "labeled" || !filter(entry)) {
      left++;
      continue;
    }
    if (entry.colorMap.some(({ color }) => color === undefined) || entry.colorMap.length === 0) {
      throw refusal(
        "labels",
        `${uri}:${line.number}`,
        "colour maps with hex-color, which the worker page needs; adjustMasks(...) writes such masks anew",
      );
    }
    yield encoder.encode(`${checkedLine(line.text, uri, line.number)}\n`);
    seen();
    if (++count > labelingLimits.objects) {
      throw refusal(
        "labels",
        uri,
        `at most ${labelingLimits.objects} images, Ground Truth's limit for segmentation jobs`,
      );
    }
  }
  if (count === 0) throw nothingLeft(uri, left);
}

/**
 * The lines of a manifest that failed in a job, as they were before it: without the failure.
 *
 * @throws `labeling.no-images` when none failed.
 */
export async function* failedLines(
  store: ObjectStore,
  source: { readonly uri: string; readonly attribute: string },
  seen: () => void,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const { uri, attribute } = source;
  const encoder = new TextEncoder();
  let count = 0;
  let left = 0;
  for await (const line of manifestLines(store, uri, signal)) {
    const { entry } = parseEntry(line, { attribute, uri });
    if (entry.state !== "failed") {
      left++;
      continue;
    }
    // `parseEntry` has found an object in it.
    const value = JSON.parse(line.text) as Readonly<Record<string, unknown>>;
    const before = Object.entries(value).filter(([key]) => key !== `${attribute}-metadata`);
    yield encoder.encode(`${checkedLine(JSON.stringify(Object.fromEntries(before)), uri, line.number)}\n`);
    seen();
    count++;
  }
  if (count === 0) throw nothingLeft(uri, left);
}

function manifestLines(store: ObjectStore, uri: string, signal: AbortSignal | undefined) {
  const abort = signal === undefined ? {} : { signal };
  // Chained jobs add to their lines, so an output line may be longer than an input line.
  return readLines(store.stream(uri, abort), { uri, maxLength: 10 * maxLineLength, ...abort });
}

function checkedLine(text: string, uri: string, number: number): string {
  if (text.length <= maxLineLength) return text;
  throw refusal("labels", `${uri}:${number}`, `lines of at most ${maxLineLength} characters as a job's input`);
}

function nothingLeft(uri: string, left: number): SegmentationError {
  return new SegmentationError(
    "labeling.no-images",
    `No line of ${uri} can be taken: ${left} others were passed over.`,
    {
      prefix: uri,
      found: left,
    },
  );
}
