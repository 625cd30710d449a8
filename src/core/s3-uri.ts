import { SegmentationError } from "./errors.js";

/** An S3 address in parts; `key` may be empty and is never decoded. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Splits `s3://bucket/key`. Throws `s3.uri` when it is anything else. */
export function parseS3Uri(uri: string): S3Location {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\s\S]*))?$/.exec(uri);
  if (match === null) {
    const expected = "s3://bucket/key, with a bucket name of 3 to 63 small letters, digits, dots and hyphens";
    throw new SegmentationError("s3.uri", `"${uri}" is no S3 URI: expected ${expected}.`, { uri, expected });
  }
  return { bucket: match[1] ?? "", key: match[2] ?? "" };
}

/** Puts an S3 address together. */
export function formatS3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}

/**
 * The same URI ending in exactly one `/`.
 *
 * `S3Prefix` matches strings, not folders: without the slash `data/train` also takes `data/train_annotation/`
 * (every published run of the AWS notebook logs that warning).
 */
export function folderUri(uri: string): string {
  parseS3Uri(uri);
  return uri.replace(/\/*$/, "/");
}

/** Joins a folder URI and a relative key with one slash. */
export function joinS3Uri(folder: string, ...parts: readonly string[]): string {
  return (
    folderUri(folder) +
    parts
      .map((part) => part.replace(/^\/+/, ""))
      .join("/")
      .replace(/([^:])\/{2,}/g, "$1/")
  );
}

/** The last segment of a key, e.g. `cat.jpg` of `s3://b/photos/cat.jpg`. */
export function baseName(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}

/** A file name without its last extension, e.g. `cat` of `cat.jpg`. */
export function stem(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}
