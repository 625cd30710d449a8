import type { LocalResponse } from "../contracts.js";
import { fileBody, readFileBody, type ObjectRecord } from "../store/index.js";
import { readRange, type ByteRange } from "./byte-range.js";
import { checkReadConditions } from "./conditions.js";
import { checksumHeaders, objectHeaders, overriddenHeaders } from "./object-attributes.js";
import type { S3Call, S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";

const inMemory = 256 * 1024; // smaller answers are read at once

/** `GET key` */
export const getObject: S3Operation = async (call) => {
  const opened = await call.objects().open(call.key);
  if (opened === undefined) throw s3Error.noSuchKey(call.key);
  const { record, file } = opened;
  let handedOver = false;
  try {
    const { answer, range } = describe(call, record);
    if (answer.status === 304) return answer;
    if (range.length <= inMemory) return { ...answer, body: await readFileBody(file, range.start, range.length) };
    handedOver = true;
    return { ...answer, body: fileBody(file, range.start, range.length) };
  } finally {
    if (!handedOver) await file.close().catch(() => undefined);
  }
};

/** `HEAD key` */
export const headObject: S3Operation = (call) => {
  const record = call.objects().get(call.key);
  if (record === undefined) throw s3Error.noSuchKey(call.key);
  return describe(call, record).answer;
};

/** Status and headers for an object, or the part of it that was asked for. */
function describe(call: S3Call, record: ObjectRecord): { readonly answer: LocalResponse; readonly range: ByteRange } {
  checkVersion(call);
  const whole = { start: 0, length: record.size };
  if (checkReadConditions(call, record) === "not-modified") {
    const { etag = "", "last-modified": time = "" } = objectHeaders(record);
    return { answer: { status: 304, headers: { etag, "last-modified": time } }, range: whole };
  }
  const headers = { ...objectHeaders(record), ...overriddenHeaders(call) };
  const part = partRange(call, record);
  const range = part ?? rangeOf(call, record);
  if (part !== undefined) headers["x-amz-mp-parts-count"] = String(record.parts?.length ?? 1);
  const { start, length } = range ?? whole;
  headers["content-length"] = String(length);
  if (range !== undefined) headers["content-range"] = `bytes ${start}-${start + length - 1}/${record.size}`;
  else if (call.header("x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
    Object.assign(headers, checksumHeaders(record.checksum));
  }
  return { answer: { status: range === undefined ? 200 : 206, headers }, range: range ?? whole };
}

function rangeOf(call: S3Call, record: ObjectRecord): ByteRange | undefined {
  const condition = call.header("if-range");
  if (condition !== undefined && condition !== `"${record.etag}"`) return undefined;
  return readRange(call.header("range"), record.size);
}

/** `partNumber=2`: the bytes of that part, by its place among the parts that were uploaded. */
function partRange(call: S3Call, record: ObjectRecord): ByteRange | undefined {
  const text = call.query("partNumber");
  if (text === undefined) return undefined;
  if (call.header("range") !== undefined) {
    throw s3Error.invalidRequest("Cannot specify both Range header and partNumber query parameter");
  }
  const number = readPartNumber(text);
  const parts = record.parts ?? [{ size: record.size }];
  const part = parts[number - 1];
  if (part === undefined) {
    throw s3Error.invalidArgument("partNumber", text, "The requested partnumber is not satisfiable");
  }
  const start = parts.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0);
  return part.size === 0 ? undefined : { start, length: part.size };
}

/** A part number, 1 to 10,000. @throws `InvalidArgument` */
export function readPartNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 10_000) return number;
  const expected = "Part number must be an integer between 1 and 10000, inclusive";
  throw s3Error.invalidArgument("partNumber", text, expected);
}

/** There are no versions here; `null` names the only one. */
export function checkVersion(call: S3Call): void {
  const version = call.query("versionId");
  if (version !== undefined && version !== "null") {
    throw s3Error.invalidArgument("versionId", version, "Invalid version id specified");
  }
}
