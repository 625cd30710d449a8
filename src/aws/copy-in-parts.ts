import type { S3Client } from "@aws-sdk/client-s3";
import { mapConcurrently } from "../core/concurrency.js";
import type { SendOptions } from "./send.js";
import { sendPatiently } from "./send-patiently.js";
import type { UploadTarget } from "./stream-upload.js";

/** What is copied. */
export interface CopiedSource {
  /** `x-amz-copy-source`, encoded. */
  readonly source: string;
  readonly size: number;
  readonly partSize: number;
}

/** Parts in flight at a time; each moves up to a part's bytes inside S3. */
const parallelParts = 4;

/**
 * Copies a large object inside S3, part by part. The copy appears with the last request; on abort and on any error the
 * parts are removed before the error is thrown.
 */
export async function copyInParts(
  client: S3Client,
  target: UploadTarget,
  { source, size, partSize }: CopiedSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const s3 = await import("@aws-sdk/client-s3");
  const request = <Output>(name: string, call: (options: SendOptions) => Promise<Output>): Promise<Output> =>
    sendPatiently(name, call, signal);
  const { UploadId } = await request("CreateMultipartUpload", (o) =>
    client.send(new s3.CreateMultipartUploadCommand(target), o),
  );
  const upload = { Bucket: target.Bucket, Key: target.Key, UploadId };
  try {
    const starts = Array.from({ length: Math.ceil(size / partSize) }, (_, at) => at * partSize);
    const parts = await mapConcurrently(
      starts,
      parallelParts,
      async (start, at) => {
        const part = {
          ...upload,
          PartNumber: at + 1,
          CopySource: source,
          CopySourceRange: `bytes=${start}-${Math.min(size, start + partSize) - 1}`,
        };
        const copied = await request("UploadPartCopy", (o) => client.send(new s3.UploadPartCopyCommand(part), o));
        return { PartNumber: at + 1, ETag: copied.CopyPartResult?.ETag };
      },
      signal,
    );
    const whole = { ...upload, MultipartUpload: { Parts: parts } };
    await request("CompleteMultipartUpload", (o) => client.send(new s3.CompleteMultipartUploadCommand(whole), o));
  } catch (error) {
    // What failed first is what matters; parts that stay behind are the business of the bucket's lifecycle rules.
    await client.send(new s3.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}
