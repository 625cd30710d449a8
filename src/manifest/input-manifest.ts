import { SegmentationError } from "../core/errors.js";
import type { ObjectStore } from "../core/object-store.js";
import { parseS3Uri } from "../core/s3-uri.js";
import { maxLineLength } from "./lines.js";

/** An image for an input manifest: its address, or its address with further keys that the job passes through. */
export type InputImage = string | { readonly uri: string; readonly extra?: Readonly<Record<string, unknown>> };

/** Longest value of one key in characters (guide, sms-input-data-input-manifest). */
const maxValueLength = 20_000;
const chunkLength = 64 * 1024;

/**
 * Makes an input manifest as bytes, as the images come: one `{"source-ref": uri}` object for each line.
 *
 * @throws `s3.uri` for an address that is none, `input.invalid` for keys that Ground Truth reserves (`source`,
 * `source-ref`, anything that begins with `$`) and for lines over 100,000 or values over 20,000 characters.
 */
export async function* inputManifest(
  images: Iterable<InputImage> | AsyncIterable<InputImage>,
): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const image of images) {
    text += manifestLine(image);
    if (text.length < chunkLength) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}

/** Writes an input manifest to S3, streamed; it appears only when it is complete. Resolves to the number of images. */
export async function writeInputManifest(
  store: ObjectStore,
  uri: string,
  images: Iterable<InputImage> | AsyncIterable<InputImage>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<number> {
  let count = 0;
  async function* counted(): AsyncGenerator<InputImage, void, void> {
    for await (const image of images) {
      options.signal?.throwIfAborted();
      count++;
      yield image;
    }
  }
  await store.write(uri, inputManifest(counted()), { contentType: "application/jsonlines", ...options });
  return count;
}

function manifestLine(image: InputImage): string {
  const { uri, extra = {} } = typeof image === "string" ? { uri: image } : image;
  if (parseS3Uri(uri).key === "") {
    throw new SegmentationError("s3.uri", `"${uri}" names no object.`, { uri, expected: "s3://bucket/key" });
  }
  const pairs: [string, unknown][] = [["source-ref", uri]];
  for (const [key, value] of Object.entries(extra)) {
    if (key === "source" || key === "source-ref" || key.startsWith("$")) {
      throw invalid(key, value, `a key other than "source", "source-ref" and those that begin with "$"`);
    }
    if (JSON.stringify([value]).length > maxValueLength + 2) {
      throw invalid(key, undefined, `a value of at most ${maxValueLength} characters`);
    }
    pairs.push([key, value]);
  }
  const line = JSON.stringify(Object.fromEntries(pairs));
  if (line.length > maxLineLength) {
    throw invalid("extra", undefined, `at most ${maxLineLength} characters in the line of ${uri}`);
  }
  return `${line}\n`;
}

function invalid(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError(
    "input.invalid",
    `The manifest key "${parameter}" cannot be used. Expected ${expected}.`,
    {
      parameter,
      expected,
      ...(value === undefined ? {} : { value }),
    },
  );
}
