import type { S3Client } from "@aws-sdk/client-s3";
import type { ObjectStore, StoredObject } from "../core/object-store.js";
import { SegmentationError } from "../core/errors.js";
import { formatS3Uri, parseS3Uri } from "../core/s3-uri.js";
import { guardStream } from "./send.js";
import { sendPatiently } from "./send-patiently.js";
import { copyInParts } from "./copy-in-parts.js";
import { uploadStream } from "./stream-upload.js";
import { undefinedIfAbsent } from "./undefined-if-absent.js";

type Client = () => Promise<S3Client>;

/** How large objects are copied; tests use smaller sizes. */
export interface CopyLimits {
  /** `CopyObject` takes sources of up to 5 GB (S3 user guide). */
  readonly largestCopy: number;
  /** Bytes of a part: at least 5 MB, at most 5 GB, at most 10,000 parts (S3 user guide). */
  readonly partSize: number;
}

/** 1 GB parts reach S3's largest object of 5 TB. */
const defaultLimits: CopyLimits = { largestCopy: 5 * 1024 ** 3, partSize: 1024 ** 3 };

/** The {@link ObjectStore} port over an S3 client; the client is asked for when first needed. */
export function createS3Store(client: Client, limits: CopyLimits = defaultLimits): ObjectStore {
  // Loaded with the first call, as every AWS package.
  const s3 = () => import("@aws-sdk/client-s3");

  async function head(uri: string, { signal }: { signal?: AbortSignal } = {}): Promise<StoredObject | undefined> {
    const target = objectOf(uri);
    const { HeadObjectCommand } = await s3();
    const api = await client();
    const answer = await undefinedIfAbsent(
      sendPatiently("HeadObject", (o) => api.send(new HeadObjectCommand(target), o), signal),
    );
    if (answer === undefined) return undefined;
    const metadata = answer.Metadata ?? {};
    const kept = Object.keys(metadata).length === 0 ? {} : { metadata };
    return { uri, size: answer.ContentLength ?? 0, ...etagOf(answer.ETag), ...kept };
  }

  return {
    async *list(prefix, { signal } = {}) {
      const { bucket, key } = parseS3Uri(prefix);
      const { ListObjectsV2Command } = await s3();
      const api = await client();
      let token: string | undefined;
      do {
        const request = { Bucket: bucket, Prefix: key, ...(token === undefined ? {} : { ContinuationToken: token }) };
        const page = await sendPatiently(
          "ListObjectsV2",
          (o) => api.send(new ListObjectsV2Command(request), o),
          signal,
        );
        // A page may be empty and yet have a successor.
        for (const { Key, Size, ETag } of page.Contents ?? []) {
          if (Key !== undefined) yield { uri: formatS3Uri({ bucket, key: Key }), size: Size ?? 0, ...etagOf(ETag) };
        }
        token = nextToken(page, token);
      } while (token !== undefined);
    },

    async read(uri, { bytes, signal } = {}) {
      const target = objectOf(uri);
      const { GetObjectCommand } = await s3();
      const api = await client();
      const range = bytes === undefined ? {} : { Range: `bytes=0-${Math.max(1, bytes) - 1}` };
      try {
        return await sendPatiently(
          "GetObject",
          async (o) => {
            const { Body } = await api.send(new GetObjectCommand({ ...target, ...range }), o);
            return Body === undefined ? new Uint8Array() : await Body.transformToByteArray();
          },
          signal,
        );
      } catch (error) {
        // No range of an empty object can be answered (416).
        if (bytes !== undefined && SegmentationError.is(error, "aws") && error.details.status === 416)
          return new Uint8Array();
        throw error;
      }
    },

    async *stream(uri, { signal } = {}) {
      const target = objectOf(uri);
      const { GetObjectCommand } = await s3();
      const api = await client();
      const { Body } = await sendPatiently("GetObject", (o) => api.send(new GetObjectCommand(target), o), signal);
      // On Node the body is a Readable; the type also covers browsers.
      if (Body !== undefined) yield* guardStream("GetObject", Body as AsyncIterable<Uint8Array>, signal);
    },

    async write(uri, body, { contentType, metadata, signal } = {}) {
      const target = { ...objectOf(uri), ...attributes(contentType, metadata) };
      const api = await client();
      if (body instanceof Uint8Array) {
        const { PutObjectCommand } = await s3();
        await sendPatiently("PutObject", (o) => api.send(new PutObjectCommand({ ...target, Body: body }), o), signal);
      } else await uploadStream(api, target, body, signal);
    },

    async copy(from, to, { contentType, metadata, size, signal } = {}) {
      const source = objectOf(from);
      const target = objectOf(to);
      const api = await client();
      const given = attributes(contentType, metadata);
      const inParts = async (bytes: number): Promise<void> => {
        const copy = { source: copySource(source.Bucket, source.Key), size: bytes, partSize: limits.partSize };
        await copyInParts(api, { ...target, ...given }, copy, signal);
      };
      if (size !== undefined && size > limits.largestCopy) return inParts(size);
      const { CopyObjectCommand } = await s3();
      const replace = Object.keys(given).length === 0 ? {} : { MetadataDirective: "REPLACE" as const };
      const request = { ...target, ...given, ...replace, CopySource: copySource(source.Bucket, source.Key) };
      try {
        await sendPatiently("CopyObject", (o) => api.send(new CopyObjectCommand(request), o), signal);
      } catch (error) {
        if (!SegmentationError.is(error, "aws.validation") || size !== undefined) throw error;
        // The size was not known. What hinders this look must not hide the refusal.
        const actual = (await head(from, signal === undefined ? {} : { signal }).catch(() => undefined))?.size;
        signal?.throwIfAborted();
        if (actual === undefined || actual <= limits.largestCopy) throw error;
        await inParts(actual);
      }
    },

    head,
  };
}

function attributes(
  contentType: string | undefined,
  metadata: Readonly<Record<string, string>> | undefined,
): { readonly ContentType?: string; readonly Metadata?: Record<string, string> } {
  return {
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
  };
}

/** A listing that ends early or never would silently lose objects or hang. */
function nextToken(
  page: { readonly IsTruncated?: boolean | undefined; readonly NextContinuationToken?: string | undefined },
  token: string | undefined,
): string | undefined {
  if (page.IsTruncated !== true) return undefined;
  const next = page.NextContinuationToken;
  if (next !== undefined && next !== token) return next;
  throw new SegmentationError("aws.server", "ListObjectsV2 failed: the answer says that there is more and not where.", {
    operation: "ListObjectsV2",
    name: "InvalidAnswer",
    retryable: false,
  });
}

/** `x-amz-copy-source` is a URL: every byte but the slashes is encoded, or `+` would be read as a blank. */
function copySource(bucket: string, key: string): string {
  return `${bucket}/${key.split("/").map(encodeSegment).join("/")}`;
}

function encodeSegment(segment: string): string {
  const hex = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(segment).replace(/[!'()*]/g, hex);
}

function objectOf(uri: string): { readonly Bucket: string; readonly Key: string } {
  const { bucket, key } = parseS3Uri(uri);
  if (key !== "") return { Bucket: bucket, Key: key };
  const expected = "s3://bucket/key of an object";
  throw new SegmentationError("s3.uri", `"${uri}" names a bucket: expected ${expected}.`, { uri, expected });
}

function etagOf(etag: string | undefined): { readonly etag?: string } {
  return etag === undefined ? {} : { etag: etag.replaceAll('"', "") };
}
