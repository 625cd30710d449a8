import { describeKind, sniffKind } from "../codec/sniff-kind.js";
import { SegmentationError } from "../core/errors.js";
import type { ParameterArray } from "./artifact.js";
import type { ArtifactLimits } from "./limits.js";
import { ParamsCursor } from "./params-cursor.js";
import { namesFromEnd } from "./params-names.js";
import { readRecord } from "./params-record.js";
import type { ParamsRecord } from "./params-record.js";

/** Magic, a reserved word and the number of arrays, 64 bits each. */
const headBytes = 24;
/** The shortest record: that of an array without data, version 0. */
const leastRecordBytes = 4;

/** Whether bytes begin as a weights file does, in either byte order. */
export function looksLikeParams(head: Uint8Array): boolean {
  return startsWith(head, [0x12, 1, 0, 0, 0, 0, 0, 0]) || startsWith(head, [0, 0, 0, 0, 0, 0, 1, 0x12]);
}

/**
 * Reads the arrays of a weights file, as views of its bytes.
 *
 * The format is MXNet's list of arrays (`NDArray::Save` in `src/ndarray/ndarray.cc`), all versions. Stricter than MXNet:
 * equal names, a reserved word that is not 0 and bytes after the last name are refused.
 *
 * @throws `artifact.damaged`, `artifact.limit`; `artifact.unsupported` for sparse arrays, arrays without data, lists
 *   without names, and other files.
 */
export function readParams(
  bytes: Uint8Array,
  file: string,
  limits: ArtifactLimits,
): ReadonlyMap<string, ParameterArray> {
  if (!startsWith(bytes, [0x12, 1, 0, 0, 0, 0, 0, 0])) throw foreignFile(bytes, file);
  const cursor = new ParamsCursor(bytes, file, limits);
  cursor.u64("the magic number");
  const reserved = cursor.u64("a reserved word");
  if (reserved !== 0) throw cursor.damaged("a reserved word of 0", 8, String(reserved));
  const count = cursor.u64("the number of arrays");
  cursor.within("arrays", count, 16);
  const records = readRecords(cursor, count);
  const names = readNames(cursor, count, records);
  if (cursor.left > 0) throw cursor.damaged("the end after the last name", cursor.at, `${cursor.left} more bytes`);
  return named(cursor, records, names);
}

function readRecords(cursor: ParamsCursor, count: number): readonly ParamsRecord[] {
  if (count * leastRecordBytes > cursor.left) {
    throw cursor.damaged("a number of arrays that fit into the file", 16, `${count} arrays in ${cursor.left} bytes`);
  }
  const records: ParamsRecord[] = [];
  cursor.place = () => {
    const array = namesFromEnd(cursor.bytes, count, cursor.limits.nameBytes)?.[records.length];
    const number = `array ${records.length + 1} of ${count}`;
    return array === undefined
      ? { words: `, in ${number}` }
      : { array, words: `, in ${JSON.stringify(array)} (${number})` };
  };
  while (records.length < count) records.push(readRecord(cursor));
  cursor.place = () => ({ words: "" });
  return records;
}

function readNames(cursor: ParamsCursor, count: number, records: readonly ParamsRecord[]): readonly string[] {
  const at = cursor.at;
  const stated = cursor.u64("the number of names");
  if (stated === 0 && records.length > 0 && cursor.left === 0) {
    const expected = "arrays with names, as save_parameters writes them";
    throw unsupported(cursor, `a list of ${count} arrays without names`, expected, at);
  }
  if (stated !== count) throw cursor.damaged(`${count} names, one for each array`, at, `${stated} names`);
  return records.map(() => {
    const lengthAt = cursor.at;
    const length = cursor.u64("the length of a name");
    cursor.within("nameBytes", length, lengthAt);
    const name = cursor.take(length, "a name");
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
    } catch {
      throw cursor.damaged(
        "a name in UTF-8",
        lengthAt + 8,
        `bytes ${Buffer.from(name.subarray(0, 16)).toString("hex")}`,
      );
    }
  });
}

function named(
  cursor: ParamsCursor,
  records: readonly ParamsRecord[],
  names: readonly string[],
): ReadonlyMap<string, ParameterArray> {
  const arrays = new Map<string, ParameterArray>();
  for (const [index, record] of records.entries()) {
    const name = names[index]!;
    if (record.kind === "refused") {
      throw unsupported(cursor, record.found, "a dense array", record.offset, name);
    }
    if (arrays.has(name)) {
      cursor.place = () => ({ array: name, words: `, in ${JSON.stringify(name)}` });
      throw cursor.damaged("names that differ", record.offset, "two arrays of this name");
    }
    const { shape, type, offset, bytes } = record;
    arrays.set(name, { name, shape, type, offset, bytes });
  }
  return arrays;
}

function unsupported(
  { file }: ParamsCursor,
  found: string,
  expected: string,
  offset: number,
  array?: string,
): SegmentationError<"artifact.unsupported"> {
  const where = array === undefined ? "" : `, in ${JSON.stringify(array)}`;
  return new SegmentationError(
    "artifact.unsupported",
    `${file} holds ${found} at byte ${offset}${where}: expected ${expected}.`,
    { file, found, expected, offset, ...(array === undefined ? {} : { array }) },
  );
}

function foreignFile(bytes: Uint8Array, file: string): SegmentationError {
  const expected = "an MXNet weights file, which begins with 12 01 00 00 00 00 00 00";
  const found = foreignKind(bytes);
  const details = { file, found, expected, offset: 0 };
  if (found !== undefined) {
    const message = `${file} is ${found}: expected ${expected}.`;
    return new SegmentationError("artifact.unsupported", message, { ...details, found });
  }
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  const message = `${file} is damaged at byte 0: it begins with ${start === "" ? "nothing" : start}, expected ${expected}.`;
  return new SegmentationError("artifact.damaged", message, { file, offset: 0, expected });
}

function foreignKind(bytes: Uint8Array): string | undefined {
  if (bytes.length < headBytes && bytes.length > 0) return undefined;
  if (looksLikeParams(bytes)) return "an MXNet weights file of a machine with the other byte order (big-endian)";
  const embedded = new TextEncoder().encode("semseg embedded learner");
  if (startsWith(bytes, embedded)) return "a weights file of the embedded backend's own small network";
  const kind = sniffKind(bytes);
  return kind === "unknown" || kind === "text" || kind === "empty" ? undefined : describeKind(kind);
}

function startsWith(bytes: Uint8Array, start: ArrayLike<number>): boolean {
  return bytes.length >= start.length && Array.from(start).every((byte, index) => bytes[index] === byte);
}
