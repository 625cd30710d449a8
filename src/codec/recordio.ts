import { SegmentationError } from "../core/errors.js";
import { checkBytes } from "../core/bytes.js";
import { checkLimit } from "../core/limit.js";

/** `0xCED7230A`, little-endian in the file. */
export const magic: Uint8Array = Uint8Array.of(0x0a, 0x23, 0xd7, 0xce);
const magicNumber = 0xced7230a;

/** Longest record: its length has 29 bits. */
export const maxRecordBytes = 2 ** 29 - 1;

/** Whether some bytes begin as a RecordIO stream. */
export function isRecordIO(bytes: Uint8Array): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** Options of {@link readRecordIO}. */
export interface ReadRecordIOOptions {
  /** Most records to read, default 1 million. */
  readonly maxRecords?: number;
}

/**
 * Reads the records of a RecordIO stream (dmlc's framing, as SageMaker's RecordIO-protobuf has it).
 *
 * Payloads are views on the stream, except records in several parts, which are joined with the magic put back between
 * them. Memory needed is at most the size of the stream.
 *
 * @throws `codec.recordio` where a magic is missing, the order of parts is wrong or the stream ends early (missing
 * padding included); `codec.limit` above `maxRecords`; `input.invalid` for what is no byte array.
 */
export function readRecordIO(bytes: Uint8Array, options: ReadRecordIOOptions = {}): readonly Uint8Array[] {
  const limit = checkLimit("maxRecords", options.maxRecords ?? 1_000_000);
  checkBytes("bytes", bytes);
  const records: Uint8Array[] = [];
  for (const record of eachRecord(bytes)) {
    if (records.length >= limit) {
      throw new SegmentationError(
        "codec.limit",
        `The stream has more than ${limit} records. Raise maxRecords to read it.`,
        { what: "records", limit, actual: limit + 1 },
      );
    }
    records.push(record);
  }
  return records;
}

/** The records one after another; what is damaged is found when it is come to. */
export function* eachRecord(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let open: OpenRecord | undefined;
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 8) throw streamError("The stream ends inside a record's head", bytes.length, "8 bytes");
    if (view.getUint32(at, true) !== magicNumber) {
      throw streamError("A record does not begin with the magic", at, "the bytes 0a 23 d7 ce");
    }
    const { part, length } = splitRecordWord(view.getUint32(at + 4, true));
    const padded = (length + 3) & ~3;
    if (padded > bytes.length - at - 8) {
      throw streamError(
        `A record announces ${length} bytes, the stream has ${bytes.length - at - 8} left`,
        at + 4,
        `${padded} bytes (padded to a multiple of 4)`,
      );
    }
    const refusal = partRefusal(part, length, open !== undefined);
    if (refusal !== undefined) throw streamError(refusal.message, at + 4, refusal.expected);
    if (part === 0) yield bytes.subarray(at + 8, at + 8 + length);
    else {
      open = open === undefined ? { at, size: length } : { at: open.at, size: open.size + magic.length + length };
      if (part === 3) {
        yield joinParts(bytes, open);
        open = undefined;
      }
    }
    at += 8 + padded;
  }
  if (open !== undefined) throw streamError("The stream ends inside a record of several parts", at, "its last part");
}

/** The second number of a record's head: three bits say which part it is, 29 how many bytes follow. */
export function splitRecordWord(word: number): { readonly part: number; readonly length: number } {
  return { part: word >>> 29, length: word & maxRecordBytes };
}

/** Parts: 0 whole record, 1 first, 2 middle, 3 last. What is wrong with a part in this place; `undefined` when it may stand here. `open`: within a record of several. */
export function partRefusal(
  part: number,
  length: number,
  open: boolean,
): { readonly message: string; readonly expected: string } | undefined {
  if (part > 3) return { message: `A record has the part flag ${part}`, expected: "0 to 3" };
  if (open ? part < 2 : part > 1) {
    const expected = "0 or 1, or 2 or 3 within a record";
    return { message: `A part with flag ${part} stands in the wrong place`, expected };
  }
  // Writers split where the magic stands on a multiple of 4.
  if ((part === 1 || part === 2) && length % 4 !== 0) {
    return { message: `A part of ${length} bytes is not the last`, expected: "a multiple of 4 bytes" };
  }
  return undefined;
}

/** A record of several parts whose last part is still to come. */
interface OpenRecord {
  /** Where its first part begins. */
  readonly at: number;
  /** Bytes so far, the magic between parts included. */
  readonly size: number;
}

/**
 * Walks over the parts again instead of keeping a list of them: a part takes 8 bytes in the stream, an entry of a list
 * many times that.
 */
function joinParts(bytes: Uint8Array, { at: first, size }: OpenRecord): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const joined = new Uint8Array(size);
  let filled = 0;
  for (let at = first; filled < size;) {
    if (at !== first) {
      joined.set(magic, filled);
      filled += magic.length;
    }
    const { length } = splitRecordWord(view.getUint32(at + 4, true));
    joined.set(bytes.subarray(at + 8, at + 8 + length), filled);
    filled += length;
    at += 8 + ((length + 3) & ~3);
  }
  return joined;
}

/** Options of {@link writeRecordIO}. */
export interface WriteRecordIOOptions {
  /**
   * Whether a payload is split where it holds the magic on a multiple of 4, as dmlc's writer does for readers that search
   * for records. Default false: SageMaker's own Python writer does not split, and its reader cannot join.
   */
  readonly split?: boolean;
}

/**
 * Writes payloads as a RecordIO stream, each padded with zeros to a multiple of 4.
 *
 * @throws `codec.limit` for a payload of 2^29 bytes or more.
 */
export function writeRecordIO(payloads: Iterable<Uint8Array>, options: WriteRecordIOOptions = {}): Uint8Array {
  const frames: { readonly part: number; readonly data: Uint8Array }[] = [];
  for (const payload of payloads) {
    if (payload.length > maxRecordBytes) {
      throw new SegmentationError("codec.limit", `A record of ${payload.length} bytes cannot be framed.`, {
        what: "record bytes",
        limit: maxRecordBytes,
        actual: payload.length,
      });
    }
    const pieces = options.split === true ? splitAtMagic(payload) : [payload];
    for (const [index, data] of pieces.entries()) {
      const part = pieces.length === 1 ? 0 : index === 0 ? 1 : index === pieces.length - 1 ? 3 : 2;
      frames.push({ part, data });
    }
  }
  const bytes = new Uint8Array(frames.reduce((sum, { data }) => sum + 8 + ((data.length + 3) & ~3), 0));
  let at = 0;
  for (const { part, data } of frames) {
    writeRecordHead(bytes, at, data.length, part);
    bytes.set(data, at + 8);
    at += 8 + ((data.length + 3) & ~3);
  }
  return bytes;
}

/** Writes the eight bytes before a payload. */
export function writeRecordHead(bytes: Uint8Array, at: number, length: number, part = 0): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(at, magicNumber, true);
  view.setUint32(at + 4, ((part << 29) | length) >>> 0, true);
}

function splitAtMagic(payload: Uint8Array): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at + 4 <= payload.length; at += 4) {
    if (!isRecordIO(payload.subarray(at, at + 4))) continue;
    pieces.push(payload.subarray(start, at));
    start = at + 4;
  }
  pieces.push(payload.subarray(start));
  return pieces;
}

/** The error of a damaged stream. */
export function streamError(message: string, offset: number, expected: string): SegmentationError<"codec.recordio"> {
  return new SegmentationError("codec.recordio", `${message} (RecordIO, byte ${offset}). Expected ${expected}.`, {
    offset,
    expected,
  });
}
