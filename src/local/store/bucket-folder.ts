import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SegmentationError } from "../../core/errors.js";
import { spellSegment } from "./file-names.js";

/** One CORS rule of a bucket. */
export interface CorsRule {
  readonly id?: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** What `bucket.json` says of a bucket. */
export interface BucketSettings {
  readonly name: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly cors?: readonly CorsRule[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

const settingsFile = "bucket.json";

/** Folder of a bucket below the store's; names like `con` are no folder names on Windows. */
export function bucketFolder(root: string, name: string): string {
  return join(root, spellSegment(name));
}

/** Makes a bucket's folder: complete or not at all. */
export function makeBucketFolder(root: string, settings: BucketSettings): void {
  // A leading dot is no bucket name, so what a kill leaves here is never taken for a bucket.
  const fresh = join(root, `.new-${randomUUID()}`);
  mkdirSync(fresh);
  writeSettings(fresh, settings);
  renameSync(fresh, bucketFolder(root, settings.name));
}

/** Removes a bucket's folder: first out of sight, then from disk. */
export function removeBucketFolder(root: string, name: string): void {
  const old = join(root, `.old-${randomUUID()}`);
  renameSync(bucketFolder(root, name), old);
  rmSync(old, { recursive: true, force: true });
}

/** Writes `bucket.json`, by a rename. */
export function writeSettings(folder: string, settings: BucketSettings): void {
  const path = join(folder, settingsFile);
  writeFileSync(`${path}.new`, JSON.stringify(settings, null, 2) + "\n");
  renameSync(`${path}.new`, path);
}

/**
 * Reads `bucket.json`; `undefined` when the folder has none and so is no bucket.
 *
 * @throws `local.state` when it is damaged.
 */
export function readSettings(folder: string): BucketSettings | undefined {
  const path = join(folder, settingsFile);
  if (!existsSync(path)) return undefined;
  try {
    const settings = JSON.parse(readFileSync(path, "utf8")) as Partial<BucketSettings>;
    if (typeof settings.name === "string" && typeof settings.region === "string") {
      return { ...settings, name: settings.name, region: settings.region, created: settings.created ?? 0 };
    }
  } catch {
    // told below
  }
  throw new SegmentationError("local.state", `${path} is damaged.`, { file: path, expected: "a bucket's settings" });
}
