import { creationDate } from "./creation-date.js";
import { isObject, own, ownText } from "./json.js";
import type { JsonObject } from "./json.js";
import { describeLabelType, segmentationType } from "./label-kinds.js";
import { attributeError } from "./attribute-error.js";

/** One label attribute of a line, with its metadata. */
export interface Label {
  readonly attribute: string;
  readonly metadata: JsonObject;
  readonly value: unknown;
  readonly type: string | undefined;
}

/** What the name of a metadata key ends in. */
export const metadataSuffix = "-metadata";

/** Attributes with metadata. Keys that begin with `$` are Ground Truth's own; `source-ref` may have metadata too. */
export function findLabels(object: JsonObject): Label[] {
  const labels: Label[] = [];
  for (const [key, metadata] of Object.entries(object)) {
    if (!key.endsWith(metadataSuffix) || key.startsWith("$") || !isObject(metadata)) continue;
    const attribute = key.slice(0, -metadataSuffix.length);
    if (attribute === "" || attribute === "source" || attribute === "source-ref") continue;
    const type = ownText(metadata, "type");
    // The guide's oldest samples write `x-ref` with `x-metadata`.
    const name =
      type === segmentationType && !Object.hasOwn(object, attribute) ? refName(object, attribute) : attribute;
    labels.push({ attribute: name, metadata, value: own(object, name), type });
  }
  return labels;
}

function refName(object: JsonObject, base: string): string {
  const name = `${base}-ref`;
  return Object.hasOwn(object, name) && !Object.hasOwn(object, name + metadataSuffix) ? name : base;
}

/**
 * The label of the attribute asked for; `undefined` when the line has none.
 *
 * @throws `manifest.attribute` when it is of another type, `manifest.line` when its metadata is missing.
 */
export function askedLabel(
  object: JsonObject,
  labels: readonly Label[],
  attribute: string,
  uri: string | undefined,
  fail: (expected: string) => Error,
): Label | undefined {
  const label = labels.find((candidate) => candidate.attribute === attribute);
  if (label === undefined) {
    if (own(object, attribute) !== undefined) throw fail(`"${attribute}${metadataSuffix}" beside "${attribute}"`);
    return undefined;
  }
  if (label.type !== undefined && label.type !== segmentationType) {
    const found = [`${attribute}: ${describeLabelType(label.type)}`];
    throw attributeError(attribute, found, uri);
  }
  return label;
}

/** The newest mask; without one a segmentation attribute in another state; without one any failure that has no type. */
export function newestLabel(labels: readonly Label[]): Label | undefined {
  const ours = labels.filter(({ type }) => type === segmentationType);
  const masks = ours.filter(({ value }) => value !== undefined && value !== null);
  const time = ({ metadata }: Label): number =>
    creationDate(ownText(metadata, "creation-date"))?.getTime() ?? -Infinity;
  // Of equals the later key counts: a chained job appends its labels.
  const byDate = (best: Label | undefined, label: Label): Label =>
    best === undefined || time(label) >= time(best) ? label : best;
  return (
    masks.reduce<Label | undefined>(byDate, undefined) ??
    ours.find(isFailed) ??
    labels.find((label) => label.type === undefined && label.value === undefined && isFailed(label)) ??
    ours[0]
  );
}

/** Whether a label says why it could not be made. */
export function isFailed({ metadata }: Label): boolean {
  return ownText(metadata, "failure-reason") !== undefined;
}
