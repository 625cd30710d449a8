import { sniffImage } from "../codec/sniff-image.js";
import type { SniffedImage } from "../codec/sniff-image.js";
import type { ObjectStore } from "../core/object-store.js";

/** Thumbnails and colour profiles before the size can take hundreds of kilobytes; most files tell it in the first few. */
const rangesToTry = [16 * 1024, 512 * 1024, 8 * 1024 ** 2];

/** What the first kilobytes of an image in S3 tell: kind, size, rotation. Throws `aws.*` only. */
export async function imageHead(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<SniffedImage> {
  let found: SniffedImage = sniffImage(new Uint8Array());
  for (const range of rangesToTry) {
    const bytes = await store.read(uri, { bytes: range, ...(signal === undefined ? {} : { signal }) });
    found = sniffImage(bytes);
    if (bytes.length < range || found.kind !== "jpeg" || found.jpeg !== undefined) break;
  }
  return found;
}

/** Size of an image as it is stored, before any EXIF rotation; `undefined` when it is no readable JPEG or PNG. */
export async function imageSize(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly width: number; readonly height: number } | undefined> {
  const { kind, width, height } = await imageHead(store, uri, signal);
  if (kind !== "jpeg" && kind !== "png") return undefined;
  return width === undefined || height === undefined ? undefined : { width, height };
}
