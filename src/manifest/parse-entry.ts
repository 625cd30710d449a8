import { annotatorOf } from "./annotator.js";
import { creationDate } from "./creation-date.js";
import { parseColorMap } from "./color-map.js";
import type { EntryBase, FailedEntry, LabeledEntry, LineLabels, ManifestEntry } from "./entry.js";
import { isObject, own, ownText } from "./json.js";
import type { JsonObject } from "./json.js";
import { segmentationType } from "./label-kinds.js";
import { askedLabel, findLabels, isFailed, metadataSuffix, newestLabel } from "./line-labels.js";
import type { Label } from "./line-labels.js";
import { lineError } from "./lines.js";
import type { ManifestLine } from "./lines.js";
import { verificationOf } from "./verification.js";

/** A line with what it says of other labels. */
export interface ParsedLine {
  readonly entry: ManifestEntry;
  /** Whether the line has an attribute of type semantic segmentation. */
  readonly segmentation: boolean;
  /** Labels of other types on the line. */
  readonly others: readonly { readonly attribute: string; readonly type: string }[];
}

/** Options of {@link parseEntry}. */
export interface ParseEntryOptions {
  /** The label attribute to read; default: the newest of type semantic segmentation. */
  readonly attribute?: string | undefined;
  /** Address of the manifest for error messages. */
  readonly uri?: string | undefined;
}

/**
 * Reads one line of an output manifest into its state: labeled, failed or untouched.
 *
 * @throws `manifest.line` when it is no such line, `manifest.attribute` when the attribute asked for holds other labels.
 */
export function parseEntry(line: ManifestLine, options: ParseEntryOptions = {}): ParsedLine {
  const { fail, object, base } = openLine(line, options.uri);
  const labels = findLabels(object);
  const others = otherLabels(labels);
  const label =
    options.attribute === undefined
      ? newestLabel(labels)
      : askedLabel(object, labels, options.attribute, options.uri, fail);
  return {
    entry: label === undefined ? { ...base, state: "untouched" } : entryOf(base, label, fail),
    segmentation: labels.some(({ type }) => type === segmentationType),
    others,
  };
}

/**
 * Reads one line with all its masks and what was said of them.
 *
 * @throws `manifest.line` when it is no such line.
 */
export function parseAllLabels(line: ManifestLine, uri: string | undefined): LineLabels {
  const { fail, object, base } = openLine(line, uri);
  const found = findLabels(object);
  const labels: (LabeledEntry | FailedEntry)[] = [];
  for (const label of found) {
    // A failure has no type: it is one of ours unless the line says otherwise.
    if (label.type !== segmentationType && !(label.type === undefined && isFailed(label))) continue;
    const entry = entryOf(base, label, fail);
    if (entry.state !== "untouched") labels.push(entry);
  }
  const verifications = found.flatMap((label) => {
    const verification = verificationOf(label);
    return verification === undefined ? [] : [verification];
  });
  return { ...base, labels: oldestFirst(labels), verifications, others: otherLabels(found) };
}

function openLine(
  line: ManifestLine,
  uri: string | undefined,
): {
  readonly fail: (expected: string, cause?: unknown) => Error;
  readonly object: JsonObject;
  readonly base: EntryBase;
} {
  const fail = (expected: string, cause?: unknown): Error =>
    lineError({ number: line.number, offset: line.offset, uri }, expected, cause);
  const object = parseObject(line, fail);
  const imageUri = ownText(object, "source-ref");
  if (imageUri === undefined || imageUri === "") throw fail(`an image under "source-ref"`);
  return { fail, object, base: { line: line.number, imageUri } };
}

function otherLabels(labels: readonly Label[]): ParsedLine["others"] {
  return labels.flatMap(({ attribute, type }) =>
    type === undefined || type === segmentationType ? [] : [{ attribute, type }],
  );
}

/** Labels without date stay where the line has them, before those with one: a chained job appends its labels. */
function oldestFirst(labels: readonly (LabeledEntry | FailedEntry)[]): readonly (LabeledEntry | FailedEntry)[] {
  const time = (label: LabeledEntry | FailedEntry): number =>
    label.state === "labeled" ? (label.createdAt?.getTime() ?? 0) : 0;
  return [...labels].sort((one, other) => time(one) - time(other));
}

function parseObject({ text, last }: ManifestLine, fail: (expected: string, cause?: unknown) => Error): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // A download that broke off ends so.
    const cutShort = last && text.startsWith("{") && !text.trimEnd().endsWith("}");
    throw fail(cutShort ? "one JSON object; the file ends in the middle of this line" : "one JSON object", cause);
  }
  if (!isObject(value)) throw fail("one JSON object");
  return value;
}

function entryOf(base: EntryBase, label: Label, fail: (expected: string) => Error): ManifestEntry {
  const { attribute, metadata, value } = label;
  if (value === undefined || value === null) {
    return isFailed(label) ? failedEntry(base, label) : { ...base, state: "untouched" };
  }
  if (typeof value !== "string" || value === "") throw fail(`the address of a mask under "${attribute}"`);
  if (label.type === undefined) throw fail(`"type": "${segmentationType}" in "${attribute}${metadataSuffix}"`);
  return labeledEntry(base, attribute, value, metadata, fail);
}

function failedEntry(base: EntryBase, { attribute, metadata }: Label): FailedEntry {
  const retryCount = own(metadata, "retry-count");
  return {
    ...base,
    state: "failed",
    attribute,
    reason: ownText(metadata, "failure-reason") ?? "",
    ...(typeof retryCount === "number" ? { retryCount } : {}),
  };
}

function labeledEntry(
  base: EntryBase,
  attribute: string,
  maskUri: string,
  metadata: JsonObject,
  fail: (expected: string) => Error,
): LabeledEntry {
  const colorMap = parseColorMap(own(metadata, "internal-color-map"), fail);
  const confidence = colorMap.find((entry) => entry.confidence !== undefined)?.confidence;
  const createdAt = creationDate(ownText(metadata, "creation-date"));
  const jobName = ownText(metadata, "job-name");
  const adjustment = ownText(metadata, "adjustment-status");
  return {
    ...base,
    state: "labeled",
    attribute,
    maskUri,
    colorMap,
    annotatedBy: annotatorOf(metadata),
    ...(confidence === undefined ? {} : { confidence }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(jobName === undefined ? {} : { jobName }),
    ...(adjustment === "adjusted" || adjustment === "unadjusted" ? { adjustment } : {}),
  };
}
