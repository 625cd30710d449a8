import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SegmentationError } from "../../core/errors.js";
import type { LocalObject, LocalObjects } from "../contracts.js";
import { Bucket } from "./bucket.js";
import {
  bucketFolder,
  makeBucketFolder,
  readSettings,
  removeBucketFolder,
  writeSettings,
  type BucketSettings,
} from "./bucket-folder.js";
import { readFileBody } from "./file-body.js";
import { toLocalObject } from "./object-record.js";

/** The object storage as the S3 room sees it: the common port, and each bucket with all it can do. */
export interface ObjectStorage extends LocalObjects {
  /** A bucket's objects. */
  bucket(name: string): Bucket | undefined;
  settings(name: string): BucketSettings | undefined;
  /** All buckets, by name. */
  buckets(): readonly BucketSettings[];
  /** Changes a bucket's settings, on disk as well. */
  change(name: string, change: (settings: BucketSettings) => BucketSettings): void;
  /** Removes an empty bucket with its unfinished uploads. */
  removeBucket(name: string): void;
}

/** Options of {@link openObjects}. */
export interface ObjectStorageOptions {
  /** Region of buckets that are made without one; default `us-east-1`. */
  readonly region?: string;
  /** Milliseconds since 1970, for the objects' times; default `Date.now`. */
  readonly now?: () => number;
}

/** Longest key in UTF-8 bytes (Amazon S3 User Guide, "Object key names"). */
export const maxKeyBytes = 1024;

/**
 * Opens the object storage below `<directory>/s3`, one folder for each bucket, and finishes what a kill cut off.
 * One process at a time: the index is in memory.
 *
 * @throws `local.state` when a file of it is damaged.
 */
export function openObjects(directory: string, options: ObjectStorageOptions = {}): Promise<ObjectStorage> {
  return Promise.resolve().then(() => new Storage(join(directory, "s3"), options));
}

class Storage implements ObjectStorage {
  private readonly open = new Map<string, { bucket: Bucket; settings: BucketSettings }>();
  private readonly now: () => number;

  constructor(
    private readonly root: string,
    private readonly options: ObjectStorageOptions,
  ) {
    this.now = options.now ?? Date.now;
    mkdirSync(root, { recursive: true });
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const folder = join(root, entry.name);
      if (/^\.(new|old)-[0-9a-f-]{36}$/.test(entry.name)) {
        rmSync(folder, { recursive: true, force: true });
        continue;
      }
      const settings = readSettings(folder);
      if (settings !== undefined) this.open.set(settings.name, { settings, bucket: new Bucket(folder, this.now) });
    }
  }

  bucket(name: string): Bucket | undefined {
    return this.open.get(name)?.bucket;
  }

  settings(name: string): BucketSettings | undefined {
    return this.open.get(name)?.settings;
  }

  buckets(): readonly BucketSettings[] {
    return [...this.open.values()].map(({ settings }) => settings).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  change(name: string, change: (settings: BucketSettings) => BucketSettings): void {
    const entry = this.open.get(name);
    if (entry === undefined) return;
    const settings = change(entry.settings);
    writeSettings(entry.bucket.root, settings);
    entry.settings = settings;
  }

  removeBucket(name: string): void {
    const entry = this.open.get(name);
    if (entry === undefined) return;
    for (const { record } of entry.bucket.uploads.all()) entry.bucket.uploads.abort(record.id);
    this.open.delete(name);
    removeBucketFolder(this.root, name);
  }

  hasBucket(name: string): Promise<boolean> {
    return Promise.resolve(this.open.has(name));
  }

  createBucket(name: string, region = this.options.region ?? "us-east-1"): Promise<void> {
    return Promise.resolve().then(() => {
      if (this.open.has(name)) return;
      const settings = { name, region, created: this.now() };
      makeBucketFolder(this.root, settings);
      this.open.set(name, { settings, bucket: new Bucket(bucketFolder(this.root, name), this.now) });
    });
  }

  async put(
    name: string,
    key: string,
    body: Uint8Array,
    options: { readonly contentType?: string } = {},
  ): Promise<LocalObject> {
    const bucket = this.needed(name);
    checkKey(key);
    const headers: Record<string, string> = {};
    if (options.contentType !== undefined) headers["content-type"] = options.contentType;
    return toLocalObject(name, bucket.commit(key, await bucket.stage(body), { headers }));
  }

  head(name: string, key: string): Promise<LocalObject | undefined> {
    const record = this.bucket(name)?.get(key);
    return Promise.resolve(record && toLocalObject(name, record));
  }

  async read(name: string, key: string): Promise<Uint8Array | undefined> {
    const opened = await this.bucket(name)?.open(key);
    return opened && (await readFileBody(opened.file, 0, opened.record.size));
  }

  list(
    name: string,
    options: { readonly prefix?: string; readonly after?: string; readonly limit?: number } = {},
  ): Promise<readonly LocalObject[]> {
    const page = this.bucket(name)?.list({ limit: Infinity, ...options });
    const objects: LocalObject[] = [];
    for (const entry of page?.entries ?? []) {
      if (entry.kind === "key") objects.push(toLocalObject(name, entry.value));
    }
    return Promise.resolve(objects);
  }

  delete(name: string, key: string): Promise<void> {
    return Promise.resolve().then(() => this.bucket(name)?.delete(key));
  }

  private needed(name: string): Bucket {
    const bucket = this.bucket(name);
    if (bucket !== undefined) return bucket;
    throw new SegmentationError("input.invalid", `There is no bucket ${name}.`, {
      parameter: "bucket",
      value: name,
      expected: "an existing bucket",
    });
  }
}

function checkKey(key: string): void {
  const bytes = Buffer.from(key);
  if (bytes.length > 0 && bytes.length <= maxKeyBytes && !bytes.includes(0) && bytes.toString() === key) return;
  throw new SegmentationError("input.invalid", "This cannot be an object's key.", {
    parameter: "key",
    value: key.slice(0, 100),
    expected: `1 to ${maxKeyBytes} bytes of UTF-8 without NUL`,
  });
}
