import { inflateSync } from "node:zlib";
import { pngError } from "./failure.js";

/** DEFLATE cannot expand more than this (RFC 1951: 258 bytes for 2 bits), so a smaller stream cannot be whole. */
const maxExpansion = 1032;

/**
 * Inflates the IDAT stream to exactly `expected` bytes into memory that nobody else uses.
 *
 * The Adler checksum is verified by zlib. A stream that would give more is stopped after one byte too many, and one
 * that cannot give enough is refused before memory is taken.
 */
export function inflateExactly(parts: readonly Uint8Array[], expected: number, offset: number): Uint8Array {
  const stream = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const chunk = "IDAT";
  if (expected > (stream.length + 1) * maxExpansion) {
    throw pngError(`${stream.length} bytes of image data cannot hold ${expected} bytes of pixels`, offset, {
      chunk,
      expected: "a whole file",
    });
  }
  let raw: Uint8Array;
  try {
    // One byte more than needed: zlib then fills one buffer and does not take a second to see the end of the stream.
    raw = inflateSync(stream, { chunkSize: Math.max(64, expected + 1), maxOutputLength: expected + 1 });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      throw tooLong(expected, offset);
    throw pngError("The image data cannot be inflated", offset, { chunk, expected: "an undamaged file", cause: error });
  }
  if (raw.length > expected) throw tooLong(expected, offset);
  if (raw.length < expected) {
    throw pngError(`The image data has ${raw.length} bytes of pixels, ${expected} are needed`, offset, {
      chunk,
      expected: "a whole file",
    });
  }
  // Node serves small buffers from a shared pool; results must not alias it.
  return raw.buffer.byteLength === raw.byteLength || raw.length > 8192
    ? new Uint8Array(raw.buffer, raw.byteOffset, raw.length)
    : new Uint8Array(raw);
}

function tooLong(expected: number, offset: number): Error {
  return pngError(`The image data holds more than the ${expected} bytes that the size needs`, offset, {
    chunk: "IDAT",
    expected: "pixel data of the announced size",
  });
}
