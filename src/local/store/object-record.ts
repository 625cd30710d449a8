import type { LocalObject } from "../contracts.js";
import type { ChecksumAlgorithm } from "./checksums.js";

/** A checksum as S3 reports it: base64, with `-parts` when it was made over the parts' checksums. */
export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  readonly type: "FULL_OBJECT" | "COMPOSITE";
}

/** One part of a finished multipart object, or of an upload. */
export interface PartRecord {
  readonly number: number;
  readonly size: number;
  /** Hex MD5. */
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum?: StoredChecksum;
}

/** What is written with an object besides its bytes. */
export interface ObjectAttributes {
  /** Header values to give back, by lower-case name: `content-type`, `cache-control`, ... */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata by lower-case name, without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** An object as the journal holds it. */
export interface ObjectRecord extends ObjectAttributes {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  readonly checksum?: StoredChecksum;
  readonly parts?: readonly PartRecord[];
  /** The multipart upload it came from: a repeated completion is answered like the first. */
  readonly uploadId?: string;
  /** Path of the bytes below the bucket's folder, with `/`. */
  readonly file: string;
  /** Name under which the bytes lay in `staging` before they were moved to `file`. */
  readonly staged?: string;
}

/** Everything of a record that the store does not find out by itself. */
export type ObjectDraft = ObjectAttributes &
  Pick<ObjectRecord, "checksum" | "parts" | "uploadId"> & { readonly etag?: string };

/** Throws to refuse a change; called with what is there at the very moment of the change. */
export type Admission = (current: ObjectRecord | undefined) => void;

/** The content type of an object that came without one, as in S3. */
export const defaultContentType = "binary/octet-stream";

/** What the other rooms see of a record. */
export function toLocalObject(bucket: string, record: ObjectRecord): LocalObject {
  return {
    bucket,
    key: record.key,
    size: record.size,
    etag: record.etag,
    lastModified: new Date(record.lastModified),
    contentType: record.headers["content-type"] ?? defaultContentType,
  };
}
