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
 * An interrupted upload leaves whole objects only, and the same upload goes on where it ended: an object whose size
 * and entity tag are right is left alone. Of a complete dataset only what is gone or has another size is written again.
 *
 * @throws `dataset.occupied` when the folder holds another dataset or other files.
 */
export async function uploadDataset<Name extends string>(request: UploadRequest<Name>): Promise<Dataset<Name>> {
  const { store, classes, folder, prepared, signal } = request;
  const existing = await listExisting(store, folder, signal);
  const complete = await assertOurs(request, existing);
  const reporter = progressReporter(request.progress, "upload dataset", "images");
  let done = 0;
  let skipped = 0;
  try {
    await mapConcurrently(
      prepared.samples,
      parallelRequests,
      async (sample) => {
        const wrote = await writeSample(store, sample, { existing, complete, signal });
        if (!wrote) skipped++;
        reporter.report(++done, prepared.samples.length, skipped === 0 ? undefined : `${skipped} were there`);
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
  const hasImage = isThere(imageUri, source.size, source.etag, present);
  const hasMask = isThere(maskUri, maskFile.size, maskFile.md5, present);
  if (!hasImage) await store.copy(source.uri, imageUri, options);
  if (!hasMask) await store.write(maskUri, await sample.encode(signal), { contentType: "image/png", ...options });
  return !(hasImage && hasMask);
}

/**
 * Where a key encrypts the bucket, or the source was uploaded in parts, tags never match: then an interrupted upload
 * writes again, and only the receipt tells that all is there.
 */
function isThere(
  uri: string,
  size: number,
  etag: string | undefined,
  { existing, complete }: Pick<Present, "existing" | "complete">,
): boolean {
  const found = existing.get(uri);
  if (found?.size !== size) return false;
  return complete || (etag !== undefined && found.etag === etag);
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
