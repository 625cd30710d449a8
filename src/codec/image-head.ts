import type { ObjectStore } from "../core/object-store.js";
import { sniffImage } from "./sniff-image.js";
import type { SniffedImage } from "./sniff-image.js";

/** Most sizes stand in the first kilobytes; behind thumbnails and colour profiles it can be hundreds of them. */
const rangesToTry = [4 * 1024, 64 * 1024, 512 * 1024, 8 * 1024 ** 2];

/** The beginning of an image file, and what it tells. */
export interface ImageHead extends SniffedImage {
  readonly bytes: Uint8Array;
}

/** Reads as much of an image's beginning as its size needs. Throws `aws.*` only. */
export async function readImageHead(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<ImageHead> {
  let bytes: Uint8Array = new Uint8Array();
  let found: SniffedImage = sniffImage(bytes);
  for (const range of rangesToTry) {
    bytes = await store.read(uri, { bytes: range, ...(signal === undefined ? {} : { signal }) });
    found = sniffImage(bytes);
    if (bytes.length < range || found.kind !== "jpeg" || found.jpeg !== undefined) break;
  }
  return { ...found, bytes };
}
