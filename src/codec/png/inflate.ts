import { freshBytes } from "../fresh-bytes.js";
import { kernel } from "../kernel/kernel.js";
import type { Kernel } from "../kernel/kernel.js";
import { nodeZlib } from "../zlib.js";
import { noMoreThan, notInflated, tooShort } from "./failure.js";
import { KernelInflate } from "./kernel-inflate.js";
import { inflatePlainly } from "../plain-inflate.js";

/**
 * Inflates the IDAT stream to exactly `expected` bytes into memory that nobody else uses.
 *
 * The Adler checksum is verified. A stream that would give more is stopped after one byte too many.
 */
export function inflateExactly(parts: readonly Uint8Array[], expected: number, offset: number): Uint8Array {
  const zlib = nodeZlib();
  if (zlib === undefined) {
    const found = kernel();
    return found === undefined
      ? inflatePlainly(parts, expected, offset)
      : inflateInKernel(found, parts, expected, offset);
  }
  const stream = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  let raw: Uint8Array;
  try {
    // One byte more than needed: zlib then fills one buffer and does not take a second to see the end of the stream.
    raw = zlib.inflateSync(stream, { chunkSize: Math.max(64, expected + 1), maxOutputLength: expected + 1 });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw noMoreThan(expected, offset);
    }
    throw notInflated(offset, error);
  }
  if (raw.length > expected) throw noMoreThan(expected, offset);
  if (raw.length < expected) throw tooShort(raw.length, expected, offset);
  // Node serves small buffers from a shared pool; results must not alias it.
  return raw.buffer.byteLength === raw.byteLength || raw.length > 8192
    ? new Uint8Array(raw.buffer, raw.byteOffset, raw.length)
    : new Uint8Array(raw);
}

function inflateInKernel(found: Kernel, parts: readonly Uint8Array[], expected: number, offset: number): Uint8Array {
  const stream = new KernelInflate(found, parts, expected, offset);
  const raw = freshBytes(expected);
  let at = 0;
  while (!stream.finished) {
    stream.next();
    const count = stream.end - stream.start;
    raw.set(found.bytes.subarray(stream.start, stream.end), at);
    stream.used(count);
    at += count;
  }
  return raw;
}
