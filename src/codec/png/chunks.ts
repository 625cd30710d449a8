import { SegmentationError } from "../../core/errors.js";
import { checkLimit } from "../../core/limit.js";
import { crc32 } from "../crc32.js";
import { describeKind, sniffKind } from "../sniff-kind.js";
import { pngError } from "./failure.js";

/** The first eight bytes of every PNG (PNG 3rd edition, 5.2). */
export const pngSignature: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Default of `maxChunks`: a hundred million pixels of noise in the usual pieces of 8 KB have fewer. */
export const defaultMaxChunks = 100_000;

/** One chunk; `data` is a view on the file. */
export interface PngChunk {
  /** Four letters, e.g. `IDAT`. */
  readonly type: string;
  /** Where the chunk's length field stands in the file. */
  readonly offset: number;
  readonly data: Uint8Array;
}

/** Refuses files that do not begin as a PNG, saying what they are instead. */
export function checkSignature(file: Uint8Array): void {
  for (const [index, byte] of pngSignature.entries()) {
    if (file[index] === byte) continue;
    const kind = sniffKind(file);
    const what = kind === "png" || kind === "unknown" || kind === "text" ? "The PNG signature is damaged" : undefined;
    throw pngError(what ?? `This is ${describeKind(kind)}, not a PNG`, index, { expected: "a PNG file" });
  }
}

/**
 * Walks the chunks up to and with IEND, each with its checksum verified. What follows IEND is not looked at.
 *
 * Lengths are compared with what is left of the file before anything is touched. Throws `codec.limit` above `maxChunks`:
 * what is kept of a chunk takes many times the 12 bytes that an empty one has in the file.
 */
export function* readChunks(file: Uint8Array, maxChunks = defaultMaxChunks): Generator<PngChunk> {
  checkLimit("maxChunks", maxChunks);
  checkSignature(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let offset = pngSignature.length;
  for (let count = 1; ; count++) {
    if (count > maxChunks) {
      throw new SegmentationError(
        "codec.limit",
        `The PNG has more than ${maxChunks} chunks (byte ${offset}). Raise maxChunks to read it.`,
        { what: "chunks", limit: maxChunks, actual: count, offset },
      );
    }
    if (offset + 12 > file.length) {
      throw pngError("The file ends before the IEND chunk", file.length, { expected: "a whole file" });
    }
    const length = view.getUint32(offset);
    const type = String.fromCharCode(...file.subarray(offset + 4, offset + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) {
      throw pngError("A chunk type is not four letters", offset + 4, { expected: "a chunk" });
    }
    if (length > file.length - offset - 12) {
      throw pngError(`A chunk announces ${length} bytes, the file has ${file.length - offset - 12} left`, offset, {
        chunk: type,
        expected: "a whole file",
      });
    }
    const end = offset + 8 + length;
    if (crc32(file.subarray(offset + 4, end)) !== view.getUint32(end)) {
      throw pngError("The checksum of a chunk is wrong", end, { chunk: type, expected: "an undamaged file" });
    }
    yield { type, offset, data: file.subarray(offset + 8, end) };
    if (type === "IEND") return;
    offset = end + 4;
  }
}
