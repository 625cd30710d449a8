import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore, StoredObject } from "../core/object-store.js";
import { folderUri, parseS3Uri } from "../core/s3-uri.js";
import { labelingLimits } from "../facts/labeling-limits.js";
import { refusal } from "./refusal.js";

/** Where the images of a job come from. */
export type ImageSource = NamedImages | { readonly kind: "manifest"; readonly uri: string };

/** Images by their addresses. */
export type NamedImages =
  | { readonly kind: "folder"; readonly uri: string; readonly maxObjects: number }
  | { readonly kind: "list"; readonly uris: readonly string[]; readonly maxObjects: number };

/** Options of `.images(...)`. */
export interface ImageOptions {
  /**
   * Refuse more objects than this; default 20,000, Ground Truth's limit for segmentation jobs (guide,
   * input-data-limits). Raise it only if AWS raised yours.
   */
  readonly maxObjects?: number;
}

const imageName = /\.(?:jpe?g|png)$/i;

/** Whether an address ends as images do that Ground Truth takes. */
export function namedLikeImage(uri: string): boolean {
  return imageName.test(uri);
}

/** Makes a source of a folder or a list of images; checks all that needs no look into S3. */
export function imageSource(
  images: string | readonly string[],
  { maxObjects = labelingLimits.objects }: ImageOptions,
): NamedImages {
  if (!Number.isInteger(maxObjects) || maxObjects < 1) throw refusal("maxObjects", maxObjects, "an integer from 1");
  if (typeof images === "string") {
    if (imageName.test(images)) {
      throw refusal("images", images, "a folder such as s3://bucket/images/, or a list of images: [uri, ...]");
    }
    return { kind: "folder", uri: folderUri(images), maxObjects };
  }
  const uris = [...images];
  if (uris.length === 0) throw noImages("the given list", 0);
  if (uris.length > maxObjects) throw tooMany(maxObjects);
  const seen = new Set<string>();
  for (const uri of uris) {
    parseS3Uri(uri);
    if (!imageName.test(uri)) throw refusal("images", uri, "only .jpg, .jpeg and .png files");
    if (seen.has(uri)) throw refusal("images", uri, "each image once");
    seen.add(uri);
  }
  return { kind: "list", uris, maxObjects };
}

/**
 * The images of a source, checked one by one as they are passed on.
 *
 * Objects below `leaveOut` (what this package itself writes) and objects that are no JPEG or PNG by name are passed
 * over. Throws at the end, so that whoever writes the manifest from it writes nothing.
 *
 * @throws `labeling.no-images` when nothing is left, `labeling.invalid` for empty or too large images and too many.
 */
export async function* checkedImages(
  store: ObjectStore,
  source: NamedImages,
  leaveOut: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  const where = source.kind === "folder" ? source.uri : "the given list";
  const objects =
    source.kind === "folder"
      ? folderImages(store, source.uri, leaveOut, signal)
      : listedImages(store, source.uris, signal);
  const unusable: string[] = [];
  let count = 0;
  for await (const { uri, size } of objects) {
    if (++count > source.maxObjects) throw tooMany(source.maxObjects);
    if (size === 0 || size > labelingLimits.imageBytes) unusable.push(`${uri} (${size} bytes)`);
    if (unusable.length >= 10) break;
    yield uri;
  }
  if (unusable.length > 0) {
    throw refusal("images", unusable.join(", "), `images of 1 byte to 40 MB, Ground Truth's limit`);
  }
  if (count === 0) throw noImages(where, 0);
}

async function* folderImages(
  store: ObjectStore,
  folder: string,
  leaveOut: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<StoredObject, void, void> {
  let found = 0;
  let images = 0;
  for await (const object of store.list(folder, signal === undefined ? {} : { signal })) {
    found++;
    if (!imageName.test(object.uri) || leaveOut.some((own) => object.uri.startsWith(own))) continue;
    images++;
    yield object;
  }
  if (images === 0) throw noImages(folder, found);
}

/** Looks each listed image up, a batch at a time, in the order of the list. */
async function* listedImages(
  store: ObjectStore,
  uris: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<StoredObject, void, void> {
  const options = signal === undefined ? {} : { signal };
  for (let start = 0; start < uris.length; start += 256) {
    const batch = uris.slice(start, start + 256);
    const found = await mapConcurrently(
      batch,
      16,
      async (uri) => ({ uri, object: await store.head(uri, options) }),
      signal,
    );
    for (const { uri, object } of found) {
      if (object === undefined) throw refusal("images", uri, "an object that exists in S3");
      yield object;
    }
  }
}

function tooMany(maxObjects: number): SegmentationError {
  return refusal("images", `more than ${maxObjects}`, `at most ${maxObjects} images in one segmentation job`);
}

function noImages(prefix: string, found: number): SegmentationError {
  const other = found === 0 ? "nothing was found" : `${found} other objects were found`;
  return new SegmentationError("labeling.no-images", `There is no .jpg, .jpeg or .png image in ${prefix}: ${other}.`, {
    prefix,
    found,
  });
}
