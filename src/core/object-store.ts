/** What a listing says of an object. */
export interface StoredObject {
  /** Full address, `s3://bucket/key`. */
  readonly uri: string;
  /** Size in bytes. */
  readonly size: number;
  /** Entity tag as the store gives it, without quotes. */
  readonly etag?: string;
}

/** Options of one write. */
export interface WriteOptions {
  /** Media type to store with the object, e.g. `image/png`. */
  readonly contentType?: string;
  /** On abort the signal's reason is thrown, and the object does not appear. */
  readonly signal?: AbortSignal;
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
  /** Copies inside the store, never through us. */
  copy(from: string, to: string, options?: WriteOptions): Promise<void>;
  /** What the store knows of an object, `undefined` when it does not exist. */
  head(uri: string, options?: { readonly signal?: AbortSignal }): Promise<StoredObject | undefined>;
}
