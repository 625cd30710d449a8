import { eachRecord, isRecordIO, maxRecordBytes, writeRecordHead } from "../recordio.js";
import { SegmentationError } from "../../core/errors.js";
import { checkLimit } from "../../core/limit.js";
import { PackedFloats } from "./packed-floats.js";
import { packedOf, readRecord } from "./read-record.js";
import type { DataRecord, RecordValue } from "./read-record.js";
import type { ReadRecordOptions } from "./record-budget.js";
import { recordError } from "./wire-reader.js";

/** Probabilities as the algorithm answers them, without class names. */
export interface Probabilities {
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `[classes, height, width]`. */
  readonly shape: readonly [classes: number, height: number, width: number];
  /** Row-major: `data[(c * height + y) * width + x]`. */
  readonly data: Float32Array;
}

/** Limits of what is read of a probability answer. */
export interface ReadProbabilitiesOptions extends ReadRecordOptions {
  /** Largest picture in pixels; default 100 million. */
  readonly maxPixels?: number;
}

/** Default of `maxPixels`, as for masks. */
export const defaultMaxPixels = 100_000_000;

/**
 * Reads the algorithm's probability answer: one protobuf `Record`, in RecordIO or bare; the bytes themselves tell which.
 *
 * `data` is a view on `bytes` where the values lie on a multiple of 4; then it keeps the whole answer in memory.
 *
 * @throws `codec.recordio`, `codec.record` (damaged, not exactly one record, no feature `target`, shape and values
 * differ), `codec.limit`.
 */
export function readProbabilities(bytes: Uint8Array, options: ReadProbabilitiesOptions = {}): Probabilities {
  const { shape, packed } = readPackedProbabilities(bytes, options);
  return { width: shape[2], height: shape[1], shape, data: packed.array };
}

/** The same, with the values as they lie in the answer. */
export function readPackedProbabilities(
  bytes: Uint8Array,
  options: ReadProbabilitiesOptions = {},
): {
  readonly shape: Probabilities["shape"];
  readonly packed: PackedFloats;
} {
  const record = readRecord(onlyRecord(bytes), options);
  const target = record.features.get("target");
  if (target === undefined || target.type === "bytes") throw noTarget([...record.features.keys()]);
  if (target.keys.length > 0) throw sparseTarget();
  const shape = readShape(record, target);
  checkPixels(shape[1] * shape[2], checkLimit("maxPixels", options.maxPixels ?? defaultMaxPixels));
  const packed = packedOf(target) ?? PackedFloats.of(Float32Array.from(target.values));
  const [classes, height, width] = shape;
  if (classes * height * width !== packed.length) throw otherCount(shape, packed.length);
  return { shape, packed };
}

function onlyRecord(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) throw recordError("There are no bytes", 0, "a record");
  if (!isRecordIO(bytes)) return bytes;
  let only: Uint8Array | undefined;
  for (const record of eachRecord(bytes)) {
    if (only !== undefined) throw recordError("There are 2 records or more", 0, "one record for one image");
    only = record;
  }
  // A stream that begins with the magic has a record or is damaged.
  return only!;
}

/** Refuses answers of more pixels than allowed. */
export function checkPixels(actual: number, limit: number): void {
  if (actual <= limit) return;
  throw new SegmentationError(
    "codec.limit",
    `The answer has ${actual} pixels, more than the limit of ${limit}. Raise maxPixels to read it.`,
    { what: "pixels", limit, actual },
  );
}

/** The feature `shape` (1, C, H, W), or without it the tensor's own; the leading 1 may be missing. */
function readShape(record: DataRecord, target: RecordValue): Probabilities["shape"] {
  const feature = record.features.get("shape");
  const own = target.type === "bytes" ? [] : target.shape;
  const given = feature === undefined ? own : feature.type === "bytes" ? [] : [...feature.values];
  return checkShape(given);
}

/** Takes (1, C, H, W) or (C, H, W); refuses anything else. */
export function checkShape(given: readonly number[]): Probabilities["shape"] {
  const sizes = given.length === 4 && given[0] === 1 ? given.slice(1) : given;
  const [classes, height, width] = sizes;
  const fits = sizes.length === 3 && sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= 0x7fffffff);
  if (!fits || classes === undefined || height === undefined || width === undefined) {
    throw recordError(
      `The shape is (${given.slice(0, 8).join(", ")})`,
      0,
      "(1, classes, height, width)",
      "feature shape",
    );
  }
  return [classes, height, width];
}

/** The error of a record without probabilities; `names` are the features that it has. */
export function noTarget(names: readonly string[]): SegmentationError<"codec.record"> {
  const found = names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 40)));
  const has = found.length === 0 ? "no features" : `the features ${found.join(", ")}`;
  return recordError(`The record has ${has}`, 0, "a tensor named target", "feature target");
}

/** The error of values with keys. */
export function sparseTarget(): SegmentationError<"codec.record"> {
  return recordError("The values are sparse", 0, "a dense tensor", "feature target");
}

/** The error of a shape that stands for another number of values than there are. */
export function otherCount(shape: Probabilities["shape"], count: number): SegmentationError<"codec.record"> {
  const [classes, height, width] = shape;
  const expected = `${classes * height * width} values`;
  return recordError(`The shape ${shape.join(" x ")} does not fit ${count} values`, 0, expected, "feature target");
}

/** Options of {@link encodeProbabilities}. */
export interface WriteProbabilitiesOptions {
  /** `recordio` (default) or the bare protobuf message. */
  readonly framing?: "recordio" | "bare";
}

/**
 * Writes probabilities as the algorithm answers them: features `shape` (1, C, H, W) and `target`, in this order.
 *
 * @throws `codec.limit` when the record would not fit into 2^29 bytes, `input.invalid` when the shape is none, and when
 * shape and data differ.
 */
export function writeProbabilities(
  { shape, data }: Pick<Probabilities, "shape" | "data">,
  options: WriteProbabilitiesOptions = {},
): Uint8Array {
  const [classes, height, width] = shape;
  if (!shape.every((size) => Number.isInteger(size) && size >= 1)) {
    throw unfit("shape", shape, "classes, height and width as integers of 1 or more");
  }
  const { framing = "recordio" } = options;
  if (!["recordio", "bare"].includes(framing)) throw unfit("framing", framing, '"recordio" or "bare"');
  if (classes * height * width !== data.length) {
    const expected = `${classes * height * width} values`;
    throw new SegmentationError("input.invalid", `The data has ${data.length} values. Expected ${expected}.`, {
      parameter: "data",
      value: data.length,
      expected,
    });
  }
  // Field 7 of Value is int32_tensor, field 2 float32_tensor; values are field 1 of both, packed.
  const sizes = [1, classes, height, width].flatMap((size) => varint(size));
  const shapeEntry = [...textField("shape"), ...nest([0x12, 0x3a, 0x0a], sizes)];
  const body = data.length * 4;
  const valuesHead = [0x0a, ...varint(body)];
  const tensor = valuesHead.length + body;
  const valueHead = [0x12, ...varint(tensor)];
  const value = valueHead.length + tensor;
  const targetHead = [...textField("target"), 0x12, ...varint(value), ...valueHead, ...valuesHead];
  const head = [
    ...[0x0a, ...varint(shapeEntry.length), ...shapeEntry],
    ...[0x0a, ...varint(targetHead.length + body), ...targetHead],
  ];
  const length = head.length + body;
  if (length > maxRecordBytes) {
    throw new SegmentationError("codec.limit", `Probabilities of ${length} bytes do not fit into a record.`, {
      what: "record bytes",
      limit: maxRecordBytes,
      actual: length,
    });
  }
  const framed = framing === "recordio";
  const start = framed ? 8 : 0;
  const bytes = new Uint8Array(start + (framed ? (length + 3) & ~3 : length));
  if (framed) writeRecordHead(bytes, 0, length);
  bytes.set(head, start);
  writeFloats(data, bytes, start + head.length);
  return bytes;
}

function writeFloats(data: Float32Array, bytes: Uint8Array, at: number): void {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    return;
  }
  const view = new DataView(bytes.buffer);
  for (const [index, value] of data.entries()) view.setFloat32(at + index * 4, value, true);
}

function unfit(parameter: string, value: unknown, expected: string): SegmentationError {
  return new SegmentationError("input.invalid", `The ${parameter} does not fit. Expected ${expected}.`, {
    parameter,
    value,
    expected,
  });
}

/** Field 1 with a text. */
function textField(text: string): number[] {
  return [0x0a, text.length, ...new TextEncoder().encode(text)];
}

/** Length-delimited messages in each other, the outermost tag first. */
function nest(tags: readonly number[], inner: readonly number[]): number[] {
  return [...tags].reverse().reduce<number[]>((body, tag) => [tag, ...varint(body.length), ...body], [...inner]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}
