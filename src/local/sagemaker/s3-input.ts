import type { LocalObject, LocalObjects } from "../contracts.js";
import { ContainerError } from "../contracts.js";

/** Bucket and key of an S3 URI; `undefined` for anything that names no bucket. */
export function s3Location(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\s\S]*))?$/.exec(uri);
  return match === null ? undefined : { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** Most bytes that are read of one object, by what it is: everything is read as a whole. */
export const readLimits = {
  /** An image or a mask. */
  picture: 64 * 1024 * 1024,
  /** `model.tar.gz`. */
  artifact: 512 * 1024 * 1024,
  /** Manifests, also those that a labeling job wrote. */
  manifest: 256 * 1024 * 1024,
  /** Worker templates, label categories, label maps. */
  setting: 4 * 1024 * 1024,
} as const;

/**
 * Reads an object; `undefined` when the URI, the bucket or the object is not there. Rejects with a
 * {@link ContainerError} when the object has more than `limit` bytes.
 */
export async function readObject(
  objects: LocalObjects,
  uri: string,
  limit: number = readLimits.picture,
): Promise<Uint8Array | undefined> {
  const object = await headObject(objects, uri);
  if (object === undefined) return undefined;
  if (object.size > limit) {
    throw new ContainerError(
      "ClientError",
      `The object ${uri} has ${object.size} bytes. The embedded backend reads objects of this kind up to ${limit} bytes.`,
    );
  }
  return objects.read(object.bucket, object.key);
}

/** Reads an object as UTF-8 text. */
export async function readText(objects: LocalObjects, uri: string, limit: number): Promise<string | undefined> {
  const bytes = await readObject(objects, uri, limit);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** What is known of an object; `undefined` when the URI, the bucket or the object is not there. */
export async function headObject(objects: LocalObjects, uri: string): Promise<LocalObject | undefined> {
  const place = s3Location(uri);
  if (place === undefined || place.key === "" || !(await objects.hasBucket(place.bucket))) return undefined;
  return objects.head(place.bucket, place.key);
}

export async function objectExists(objects: LocalObjects, uri: string): Promise<boolean> {
  return (await headObject(objects, uri)) !== undefined;
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
