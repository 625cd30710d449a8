import type { ObjectStore } from "../core/object-store.js";
import { isObject, ownText } from "../manifest/json.js";
import type { JsonObject } from "../manifest/json.js";
import { maxLineLength, readLines } from "../manifest/lines.js";
import { parseEntry } from "../manifest/parse-entry.js";
import { formatColor } from "../mask/palette.js";
import { groundTruthLabels } from "./label-categories.js";
import { namedLikeImage } from "./image-source.js";
import type { LabelingPlan } from "./labeling-plan.js";

/** What the pre-annotation function gives the worker page (`task.input`). */
export interface TaskInput {
  /** The image. */
  readonly taskObject: string;
  /** The labels, or the answers of a verification. */
  readonly labels: readonly string[];
  /** The whole manifest line, in adjustment and verification jobs. */
  readonly manifestLine?: JsonObject;
}

/** A task of the job, of its first image or of the given one; of an adjustment or verification with a line to show. */
export async function sampleTask<Name extends string>(
  store: ObjectStore,
  plan: LabelingPlan<Name>,
  image: string | undefined,
  signal: AbortSignal | undefined,
): Promise<TaskInput> {
  const { images: source, shown } = plan;
  const labels =
    source?.kind === "labels" && source.categories !== undefined ? source.categories : groundTruthLabels(plan.classes);
  const line = source?.kind === "labels" ? await firstLine(store, source, image, signal) : undefined;
  const taskObject =
    ownText(line ?? {}, "source-ref") ??
    image ??
    (await firstImage(store, plan, signal)) ??
    "s3://example/no-image.jpg";
  if (shown === undefined) return { taskObject, labels };
  return { taskObject, labels, manifestLine: line ?? madeUpLine(plan, shown, taskObject) };
}

async function firstLine(
  store: ObjectStore,
  source: { readonly uri: string; readonly attribute: string },
  image: string | undefined,
  signal: AbortSignal | undefined,
): Promise<JsonObject | undefined> {
  const { uri, attribute } = source;
  const abort = signal === undefined ? {} : { signal };
  for await (const line of readLines(store.stream(uri, abort), { uri, maxLength: 10 * maxLineLength, ...abort })) {
    const { entry } = parseEntry(line, { attribute, uri });
    if (entry.state !== "labeled" || (image !== undefined && entry.imageUri !== image)) continue;
    const value: unknown = JSON.parse(line.text);
    if (isObject(value)) return value;
  }
  return undefined;
}

async function firstImage<Name extends string>(
  store: ObjectStore,
  { images: source, ownFolders }: LabelingPlan<Name>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const abort = signal === undefined ? {} : { signal };
  const named = source?.kind === "masks" ? source.images : source;
  if (named?.kind === "list") return named.uris[0];
  if (named?.kind === "folder") {
    for await (const { uri } of store.list(named.uri, abort)) {
      if (namedLikeImage(uri) && !ownFolders.some((own) => uri.startsWith(own))) return uri;
    }
  }
  if (named?.kind === "manifest") {
    for await (const { text } of readLines(store.stream(named.uri, abort), { uri: named.uri, ...abort })) {
      const value: unknown = JSON.parse(text);
      return isObject(value) ? ownText(value, "source-ref") : undefined;
    }
  }
  return source?.kind === "masks" ? source.given?.[0]?.image : undefined;
}

/** The mask of a job that has none yet is the image itself: only its place on the page matters. */
function madeUpLine<Name extends string>({ classes }: LabelingPlan<Name>, shown: string, image: string): JsonObject {
  const map = Object.fromEntries(
    classes.names.map((name, index) => [
      String(index),
      { "class-name": index === 0 ? "BACKGROUND" : name, "hex-color": formatColor(classes.colors[index]!) },
    ]),
  );
  return { "source-ref": image, [shown]: image, [`${shown}-metadata`]: { "internal-color-map": map } };
}
