import { SegmentationError } from "./errors.js";
import type { ObjectStore } from "./object-store.js";

/** Largest mask file that is read, in bytes: a mask of 100 million pixels is far smaller as a PNG. */
export const largestMaskFile = 256 * 1024 ** 2;

/** Largest image file that is read, in bytes: ten times what an endpoint takes. */
export const largestImageFile = 256 * 1024 ** 2;

/**
 * Reads a whole object of at most `limit` bytes; of a larger one not more than that is fetched.
 *
 * @param what - What the object is, for the message, e.g. `"mask"`.
 * @throws `codec.limit` above the limit, `aws.*`.
 */
export async function readWithin(
  store: ObjectStore,
  uri: string,
  { what, limit, signal }: { readonly what: string; readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const bytes = await store.read(uri, { bytes: limit + 1, ...(signal === undefined ? {} : { signal }) });
  if (bytes.length <= limit) return bytes;
  throw new SegmentationError("codec.limit", `The ${what} ${uri} is larger than ${limit} bytes, the limit.`, {
    what: `bytes of a ${what} file`,
    limit,
    actual: bytes.length,
  });
}
