import { creationDate } from "./creation-date.js";
import { parseColorMap } from "./color-map.js";
import type { EntryBase, FailedEntry, LabeledEntry, ManifestEntry } from "./entry.js";
import { isObject, own, ownText } from "./json.js";
import type { JsonObject } from "./json.js";
import { segmentationType } from "./label-kinds.js";
import { askedLabel, findLabels, isFailed, metadataSuffix, newestLabel } from "./line-labels.js";
import type { Label } from "./line-labels.js";
import { lineError } from "./lines.js";
import type { ManifestLine } from "./lines.js";

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
  const fail = (expected: string, cause?: unknown): Error =>
    lineError({ number: line.number, uri: options.uri }, expected, cause);
  const object = parseObject(line.text, fail);
  const imageUri = ownText(object, "source-ref");
  if (imageUri === undefined || imageUri === "") throw fail(`an image under "source-ref"`);
  const base = { line: line.number, imageUri };

  const labels = findLabels(object);
  const others = labels.flatMap(({ attribute, type }) =>
    type === undefined || type === segmentationType ? [] : [{ attribute, type }],
  );
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

function parseObject(text: string, fail: (expected: string, cause?: unknown) => Error): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw fail("one JSON object", cause);
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
    annotatedBy: annotator(own(metadata, "human-annotated")),
    ...(confidence === undefined ? {} : { confidence }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(jobName === undefined ? {} : { jobName }),
    ...(adjustment === "adjusted" || adjustment === "unadjusted" ? { adjustment } : {}),
  };
}

/** `yes` and `no` in labeled lines, `true` in failed ones. */
function annotator(value: unknown): LabeledEntry["annotatedBy"] {
  if (value === "yes" || value === "true" || value === true) return "human";
  if (value === "no" || value === "false" || value === false) return "machine";
  return undefined;
}
