import type { LocalObject, LocalObjects } from "../contracts.js";

/** Bucket and key of an S3 URI; `undefined` for anything that names no bucket. */
export function s3Location(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\s\S]*))?$/.exec(uri);
  return match === null ? undefined : { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** Reads an object; `undefined` when the URI, the bucket or the object is not there. */
export async function readObject(objects: LocalObjects, uri: string): Promise<Uint8Array | undefined> {
  const place = s3Location(uri);
  if (place === undefined || place.key === "" || !(await objects.hasBucket(place.bucket))) return undefined;
  return objects.read(place.bucket, place.key);
}

/** Reads an object as UTF-8 text. */
export async function readText(objects: LocalObjects, uri: string): Promise<string | undefined> {
  const bytes = await readObject(objects, uri);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

export async function objectExists(objects: LocalObjects, uri: string): Promise<boolean> {
  const place = s3Location(uri);
  if (place === undefined || place.key === "" || !(await objects.hasBucket(place.bucket))) return false;
  return (await objects.head(place.bucket, place.key)) !== undefined;
}

/** All objects below a string prefix (not a folder: `data/train` also takes `data/train_annotation/`). */
export async function listPrefix(objects: LocalObjects, uri: string, limit?: number): Promise<readonly LocalObject[]> {
  const place = s3Location(uri);
  if (place === undefined || !(await objects.hasBucket(place.bucket))) return [];
  return objects.list(place.bucket, { prefix: place.key, ...(limit === undefined ? {} : { limit }) });
}

/** An address below an output path, which may or may not end in a slash. */
export function below(outputPath: string, ...parts: readonly string[]): string {
  return [outputPath.replace(/\/+$/, ""), ...parts].join("/");
}
