import { SegmentationError } from "../core/errors.js";
import { labelingLimits } from "../facts/labeling-limits.js";
import type { ObjectStore } from "../core/object-store.js";
import { lineError, readLines } from "../manifest/lines.js";
import { isObject, ownText } from "../manifest/json.js";
import { refusal } from "./refusal.js";

/**
 * Reads a manifest that the caller made, line by line, before a job is started with it.
 *
 * A bad line would make its task fail after the job was paid for. Each line must be an object with `source-ref`, an S3
 * address (guide, sms-input-data-input-manifest).
 *
 * @throws `manifest.line`, `labeling.no-images` when it is empty, `labeling.invalid` when it is too long.
 */
export async function checkManifest(
  store: ObjectStore,
  uri: string,
  seen: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  let count = 0;
  for await (const { number, text } of readLines(store.stream(uri, options), { uri, ...options })) {
    const line = parseObject(text);
    if (line === undefined) throw lineError({ number, uri }, "a JSON object");
    const image = ownText(line, "source-ref");
    if (image === undefined || !/^s3:\/\/[^/]+\/.+/.test(image)) {
      throw lineError({ number, uri }, '"source-ref" with the S3 address of an image');
    }
    if (++count > labelingLimits.objects) {
      throw refusal(
        "manifest",
        uri,
        `at most ${labelingLimits.objects} lines, Ground Truth's limit for segmentation jobs`,
      );
    }
    seen();
  }
  if (count === 0) {
    throw new SegmentationError("labeling.no-images", `The manifest ${uri} has no line.`, { prefix: uri, found: 0 });
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
