import { mapConcurrently } from "../core/concurrency.js";
import { SegmentationError } from "../core/errors.js";
import type { ObjectStore, StoredObject } from "../core/object-store.js";
import { type ProgressOption, progressReporter } from "../core/progress.js";
import type { ClassTable } from "../mask/classes.js";
import { receiptUri } from "./channels.js";
import type { Dataset } from "./dataset.js";
import { datasetFrom, readReceipt } from "./open-dataset.js";
import { type PreparedDataset, parallelRequests } from "./plan.js";
import type { PreparedSample } from "./prepare-sample.js";
import { encodeReceipt, makeReceipt } from "./receipt.js";
import { augmentedManifestUri } from "./manifest-address.js";

/** What is to be written, and where. */
export interface UploadRequest<in out Name extends string> {
  readonly store: ObjectStore;
  readonly classes: ClassTable<Name>;
  /** Folder of the dataset, ending in `/`. */
  readonly folder: string;
  readonly prepared: PreparedDataset;
  readonly signal: AbortSignal | undefined;
  readonly progress: ProgressOption | undefined;
}

/**
 * Writes what is not there yet: images by copies inside the store, masks as PNG files, the receipt last.
 *
 * An interrupted upload, killed at any point, leaves whole objects only, and the same upload goes on where it ended, on
 * whichever machine: an object whose size and content are right is left alone. Of a complete dataset only what is gone
 * or has another size is written again.
 *
 * @throws `dataset.occupied` when the folder holds another dataset or other files.
 */
export async function uploadDataset<Name extends string>(request: UploadRequest<Name>): Promise<Dataset<Name>> {
  const { store, classes, folder, prepared, signal } = request;
  const existing = await listExisting(store, folder, signal);
  const complete = await assertOurs(request, existing);
  const reporter = progressReporter(request.progress, "upload dataset", "images");
  const total = prepared.samples.length;
  const bytes = { done: 0, total: prepared.samples.reduce((sum, sample) => sum + bytesOf(sample), 0) };
  let done = 0;
  let skipped = 0;
  try {
    await mapConcurrently(
      prepared.samples,
      parallelRequests,
      async (sample) => {
        const wrote = await writeSample(store, sample, { existing, complete, signal });
        if (!wrote) skipped++;
        bytes.done += bytesOf(sample);
        reporter.report(++done, total, skipped === 0 ? undefined : `${skipped} were there`, { ...bytes });
      },
      signal,
    );
    const receipt = makeReceipt(classes, prepared);
    if (!complete) {
      const options = { contentType: "application/json", ...(signal === undefined ? {} : { signal }) };
      await store.write(receiptUri(folder), encodeReceipt(receipt), options);
    }
    return datasetFrom(store, folder, classes, receipt);
  } finally {
    reporter.end();
  }
}

async function listExisting(
  store: ObjectStore,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Map<string, StoredObject>> {
  const existing = new Map<string, StoredObject>();
  for await (const object of store.list(folder, signal === undefined ? {} : { signal })) {
    // Marks of the S3 console for empty folders.
    if (!object.uri.endsWith("/")) existing.set(object.uri, object);
  }
  return existing;
}

/**
 * A training job reads everything below a channel, so files of somebody else may not lie there; and a complete dataset
 * is never overwritten, a job may be reading it. Tells whether this very dataset is complete already.
 */
async function assertOurs<Name extends string>(
  { store, folder, prepared, signal }: UploadRequest<Name>,
  existing: ReadonlyMap<string, StoredObject>,
): Promise<boolean> {
  const receipt = existing.has(receiptUri(folder)) ? await readReceipt(store, folder, signal) : undefined;
  if (receipt !== undefined && receipt.digest !== prepared.digest)
    throw occupied(folder, [receiptUri(folder)], "The folder holds another dataset");
  const ours = new Set(prepared.samples.flatMap(({ imageUri, maskUri }) => [imageUri, maskUri]));
  for (const half of ["train", "validation"] as const) ours.add(augmentedManifestUri(folder, half));
  const foreign = [...existing.keys()].filter((uri) => !ours.has(uri) && uri !== receiptUri(folder));
  if (foreign.length > 0) throw occupied(folder, foreign, "The folder holds files that are not of this dataset");
  return receipt !== undefined;
}

interface Present {
  readonly existing: ReadonlyMap<string, StoredObject>;
  /** Whether all was written before, as the receipt says. */
  readonly complete: boolean;
  readonly signal: AbortSignal | undefined;
}

async function writeSample(store: ObjectStore, sample: PreparedSample, present: Present): Promise<boolean> {
  const { signal } = present;
  const options = signal === undefined ? {} : { signal };
  const { source, imageUri, maskUri, maskFile } = sample;
  const image = { uri: imageUri, size: source.size, etag: source.etag, content: contentOf(source) };
  const mask = { uri: maskUri, size: maskFile.size, etag: maskFile.md5, content: maskFile.md5 };
  const [hasImage, hasMask] = await Promise.all([isThere(store, image, present), isThere(store, mask, present)]);
  if (!hasImage)
    await store.copy(source.uri, imageUri, {
      contentType: imageUri.endsWith(".png") ? "image/png" : "image/jpeg",
      size: source.size,
      ...remark(image.content),
      ...options,
    });
  if (!hasMask) {
    const file = await sample.encode(signal);
    await store.write(maskUri, file, { contentType: "image/png", ...remark(mask.content), ...options });
  }
  return !(hasImage && hasMask);
}

/** One object as it is to be. */
interface Wanted {
  readonly uri: string;
  readonly size: number;
  /** Entity tag where it is the MD5 of the content. */
  readonly etag: string | undefined;
  /** What its content is known by; `undefined` when nothing tells. */
  readonly content: string | undefined;
}

/** Name of the remark beside every object that says what it was made of. */
const contentKey = "semseg-content";

function remark(content: string | undefined): { readonly metadata?: Readonly<Record<string, string>> } {
  return content === undefined ? {} : { metadata: { [contentKey]: content } };
}

/**
 * Entity tags tell the content of most objects, and a listing has them all. They never match where a key encrypts the
 * bucket, or where the source was uploaded in parts: then the remark that was stored with the object tells.
 */
async function isThere(
  store: ObjectStore,
  { uri, size, etag, content }: Wanted,
  { existing, complete, signal }: Present,
): Promise<boolean> {
  const found = existing.get(uri);
  if (found?.size !== size) return false;
  if (complete || (etag !== undefined && found.etag === etag)) return true;
  if (content === undefined) return false;
  const known = await store.head(uri, signal === undefined ? {} : { signal });
  return known?.size === size && known.metadata?.[contentKey] === content;
}

/** Two sources with equal tags and sizes have equal content; the tag of parts depends on their sizes as well. */
function contentOf({ size, etag }: StoredObject): string | undefined {
  return etag === undefined ? undefined : `${etag}-${size}`;
}

/** Bytes that an image and its mask have; a copy inside S3 moves its own without this machine. */
function bytesOf({ source, maskFile }: PreparedSample): number {
  return source.size + maskFile.size;
}

function occupied(folder: string, found: readonly string[], what: string): SegmentationError<"dataset.occupied"> {
  const expected = "an empty folder; choose another one with .to(uri), or remove what lies there";
  const shown = `${found.slice(0, 3).join(", ")}${found.length > 3 ? ", ..." : ""}`;
  return new SegmentationError("dataset.occupied", `${what}: ${shown}. Nothing was written. Expected ${expected}.`, {
    uri: folder,
    found: found.slice(0, 10),
    expected,
  });
}
