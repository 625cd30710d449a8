import type { CompletedPart, S3Client } from "@aws-sdk/client-s3";
import type { SendOptions } from "./send.js";
import { sendPatiently } from "./send-patiently.js";

/** The object that a stream becomes. */
export interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType?: string;
  readonly Metadata?: Record<string, string>;
}

/** S3 takes at most 10,000 parts of at least 5 MB: this allows 80 GB. */
const partSize = 8 * 1024 ** 2;

/**
 * The client sends a CRC-32 with every part, and nothing of it when the upload is begun. S3 refuses parts with a checksum
 * that the upload did not announce, and the completion of an announced one without each part's.
 */
const checksum = { ChecksumAlgorithm: "CRC32" } as const;

/**
 * Uploads a stream of unknown length: in one request when it fits into one part, else in parts.
 *
 * The object appears with the last request. On abort and on any error, the source's own included, the parts are
 * removed before the error is thrown, and nothing goes on in the background.
 */
export async function uploadStream(
  client: S3Client,
  target: UploadTarget,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const s3 = await import("@aws-sdk/client-s3");
  // Parts are whole buffers, so each request can be sent again.
  const request = <Output>(name: string, call: (options: SendOptions) => Promise<Output>): Promise<Output> =>
    sendPatiently(name, call, signal);

  let upload: string | undefined;
  const parts: CompletedPart[] = [];
  try {
    for await (const { bytes, last } of inParts(body, signal)) {
      if (last && parts.length === 0) {
        const command = new s3.PutObjectCommand({ ...target, Body: bytes });
        await request("PutObject", (o) => client.send(command, o));
        return;
      }
      upload ??= (
        await request("CreateMultipartUpload", (o) =>
          client.send(new s3.CreateMultipartUploadCommand({ ...target, ...checksum }), o),
        )
      ).UploadId;
      const part = { Bucket: target.Bucket, Key: target.Key, UploadId: upload, PartNumber: parts.length + 1 };
      const sent = await request("UploadPart", (o) =>
        client.send(new s3.UploadPartCommand({ ...part, ...checksum, Body: bytes }), o),
      );
      parts.push({
        PartNumber: part.PartNumber,
        ETag: sent.ETag,
        ...(sent.ChecksumCRC32 === undefined ? {} : { ChecksumCRC32: sent.ChecksumCRC32 }),
      });
    }
    const whole = {
      Bucket: target.Bucket,
      Key: target.Key,
      UploadId: upload,
      MultipartUpload: { Parts: parts },
    };
    await request("CompleteMultipartUpload", (o) => client.send(new s3.CompleteMultipartUploadCommand(whole), o));
  } catch (error) {
    if (upload !== undefined) {
      const parted = { Bucket: target.Bucket, Key: target.Key, UploadId: upload };
      // What failed first is what matters; parts that stay behind are the business of the bucket's lifecycle rules.
      await client.send(new s3.AbortMultipartUploadCommand(parted)).catch(() => undefined);
    }
    throw error;
  }
}

/** Joins chunks into parts of equal size; the last may be smaller, and there is always at least one. */
async function* inParts(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly last: boolean }, void, void> {
  let part = new Uint8Array(0);
  let filled = 0;
  for await (const chunk of body) {
    signal?.throwIfAborted();
    for (let at = 0; at < chunk.length;) {
      if (filled === partSize) {
        yield { bytes: part, last: false };
        part = new Uint8Array(partSize);
        filled = 0;
      }
      const piece = chunk.subarray(at, at + partSize - filled);
      part = withRoom(part, filled + piece.length);
      part.set(piece, filled);
      filled += piece.length;
      at += piece.length;
    }
  }
  yield { bytes: part.subarray(0, filled), last: true };
}

/** Grows by doubling, so that a short stream needs little memory. */
function withRoom(part: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  if (size <= part.length) return part;
  const grown = new Uint8Array(Math.min(partSize, Math.max(64 * 1024, size, part.length * 2)));
  grown.set(part);
  return grown;
}
