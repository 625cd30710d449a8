/** What a listing says of an object. */
export interface StoredObject {
  /** Full address, `s3://bucket/key`. */
  readonly uri: string;
  /** Size in bytes. */
  readonly size: number;
  /** Entity tag as the store gives it, without quotes. */
  readonly etag?: string;
  /** What was stored beside the object, names in small letters; only `head` tells, and only when there is something. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Options of one write. */
export interface WriteOptions {
  /** Media type to store with the object, e.g. `image/png`. */
  readonly contentType?: string;
  /** Texts to store beside the object; names of small letters, digits and hyphens, values of ASCII. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** On abort the signal's reason is thrown, and the object does not appear. */
  readonly signal?: AbortSignal;
}

/** Options of a copy. */
export interface CopyOptions extends WriteOptions {
  /** Size of the source in bytes where it is known; S3 copies objects above 5 GB in parts. */
  readonly size?: number;
}

/**
 * The port through which the pure rooms see S3: addresses are `s3://bucket/key`.
 *
 * `aws/s3-store.ts` implements it over the client; tests may use any other.
 */
export interface ObjectStore {
  /** Objects below a string prefix, in key order, page by page. */
  list(prefix: string, options?: { readonly signal?: AbortSignal }): AsyncIterable<StoredObject>;
  /** A whole object, or its first `bytes` bytes (a ranged read). */
  read(uri: string, options?: { readonly bytes?: number; readonly signal?: AbortSignal }): Promise<Uint8Array>;
  /** An object as chunks, for what may be large. */
  stream(uri: string, options?: { readonly signal?: AbortSignal }): AsyncIterable<Uint8Array>;
  /** Writes a whole object; it appears only when complete. A stream is uploaded in parts. */
  write(uri: string, body: Uint8Array | AsyncIterable<Uint8Array>, options?: WriteOptions): Promise<void>;
  /**
   * Copies inside the store, never through us, also to another bucket. With `metadata` the copy has that and
   * `contentType` in place of what the source has; a copy in parts (above 5 GB) keeps nothing of the source's.
   */
  copy(from: string, to: string, options?: CopyOptions): Promise<void>;
  /** What the store knows of an object, `undefined` when it does not exist. */
  head(uri: string, options?: { readonly signal?: AbortSignal }): Promise<StoredObject | undefined>;
}
