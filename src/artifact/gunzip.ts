import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { SegmentationError } from "../core/errors.js";

/** Unpacked bytes that come at a time: larger than zlib's default, so that fewer steps through its threads are needed. */
const chunkBytes = 1024 * 1024;

/**
 * The most that deflate makes of a byte (RFC 1951: a match of 258 bytes takes two bits at least, 1032:1), and some for
 * the frame.
 */
export function mostUnpacked(packed: number): number {
  return 1032 * packed + 1024;
}

/**
 * Unpacks gzip data as they come. The checksum is compared when the last chunk was asked for.
 *
 * @throws `artifact.damaged`, with the number of unpacked bytes so far as offset; what the source throws.
 */
export async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const unzip = createGunzip({ chunkSize: chunkBytes });
  let done = 0;
  // Its errors come out of the loop as well.
  pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), unzip, () => undefined);
  try {
    for await (const chunk of unzip) {
      done += (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !("code" in cause) || !String(cause.code).startsWith("Z_")) throw cause;
    const expected = "whole gzip data";
    throw new SegmentationError(
      "artifact.damaged",
      `The archive is damaged or cut off: ${cause.message}, after ${done} unpacked bytes.`,
      { offset: done, expected },
      { cause },
    );
  } finally {
    unzip.destroy();
  }
}
