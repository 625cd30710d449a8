import { undefinedIfAbsent } from "../aws/undefined-if-absent.js";
import type { ObjectStore } from "../core/object-store.js";
import { isObject, own, ownText } from "../manifest/json.js";
import { lineError, maxLineLength, readLines } from "../manifest/lines.js";
import type { LabelingState } from "./labeling-state.js";

/** An image that could not be labeled. */
export interface FailedObject {
  /** Line number in the output manifest, from 1. */
  readonly line: number;
  /** The image. */
  readonly imageUri: string;
  /** Ground Truth's own words. */
  readonly reason: string;
  /** What to do, where that is known. */
  readonly advice?: string;
  /** How often Ground Truth tried again, when the line says so. */
  readonly retryCount?: number;
}

/**
 * The failed objects in the output manifest of a job, of a running one what it holds now (it can lag some minutes); none
 * while there is no manifest.
 *
 * @throws `manifest.line` for a line that cannot be read, `aws.*`.
 */
export async function failedObjects(
  store: ObjectStore,
  state: Pick<LabelingState, "outputManifest" | "manifestOnTheWay" | "attribute">,
  signal: AbortSignal | undefined,
): Promise<readonly FailedObject[]> {
  const uri = state.outputManifest ?? state.manifestOnTheWay;
  if (uri === undefined) return [];
  return (await undefinedIfAbsent(readFailed(store, uri, state.attribute, signal))) ?? [];
}

async function readFailed(
  store: ObjectStore,
  uri: string,
  attribute: string,
  signal: AbortSignal | undefined,
): Promise<readonly FailedObject[]> {
  const abort = signal === undefined ? {} : { signal };
  const key = `${attribute}-metadata`;
  const failed: FailedObject[] = [];
  const lines = readLines(store.stream(uri, abort), { uri, maxLength: 10 * maxLineLength, ...abort });
  for await (const { number, text } of lines) {
    // Most lines have not failed, and a look at the text is cheaper than parsing it.
    if (!text.includes("failure-reason")) continue;
    const line = parse(text);
    if (line === undefined) throw lineError({ number, uri }, "one JSON object");
    const metadata = own(line, key);
    const reason = isObject(metadata) ? ownText(metadata, "failure-reason") : undefined;
    if (!isObject(metadata) || reason === undefined || own(line, attribute) !== undefined) continue;
    const advice = adviceOn(reason);
    const retryCount = own(metadata, "retry-count");
    failed.push({
      line: number,
      imageUri: ownText(line, "source-ref") ?? "",
      reason,
      ...(advice === undefined ? {} : { advice }),
      ...(typeof retryCount === "number" ? { retryCount } : {}),
    });
  }
  return failed;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What to do about Ground Truth's reason; `undefined` when nothing is known. */
export function adviceOn(reason: string): string | undefined {
  if (/expired/i.test(reason)) {
    return "No worker finished it in time: give more time (timeLimits), more workers or, on Mechanical Turk, a higher price; then retryFailed(...).";
  }
  if (/access denied|forbidden|403|cannot be read|does not exist|no such key/i.test(reason)) {
    return "The job's role must be able to read the image (s3:GetObject), and the image must be there.";
  }
  if (/cors/i.test(reason)) return "The image's bucket needs a CORS rule for GET; check({ apply: true }) adds it.";
  if (/too large|size|dimension|pixels/i.test(reason)) {
    return "Images may have 40 MB and 100 million pixels, 1920 x 1080 pixels with automated labeling.";
  }
  return undefined;
}
