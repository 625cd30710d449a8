import { readImageHead } from "../codec/image-head.js";
import type { ObjectStore } from "../core/object-store.js";

/** Size of an image as it is stored, before any EXIF rotation; `undefined` when it is no readable JPEG or PNG. */
export async function imageSize(
  store: ObjectStore,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly width: number; readonly height: number } | undefined> {
  const { kind, width, height } = await readImageHead(store, uri, signal);
  if (kind !== "jpeg" && kind !== "png") return undefined;
  return width === undefined || height === undefined ? undefined : { width, height };
}
