import type { Admission, ObjectRecord } from "../store/index.js";
import type { S3Call } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";

/**
 * Conditions of a read, in the order of RFC 9110 section 13.2.2.
 *
 * @param prefix - `""` for the object asked for, `"x-amz-copy-source-"` for the source of a copy.
 * @returns `"not-modified"` when a GET is to be answered with 304; a copy is refused instead.
 */
export function checkReadConditions(call: S3Call, record: ObjectRecord, prefix = ""): "ok" | "not-modified" {
  const ifMatch = call.header(`${prefix}if-match`);
  const ifNoneMatch = call.header(`${prefix}if-none-match`);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, record)) throw s3Error.preconditionFailed("If-Match");
  } else {
    const before = readDate(call.header(`${prefix}if-unmodified-since`));
    if (before !== undefined && seconds(record) > before) throw s3Error.preconditionFailed("If-Unmodified-Since");
  }
  const since = readDate(call.header(`${prefix}if-modified-since`));
  const same =
    ifNoneMatch !== undefined ? matches(ifNoneMatch, record) : since !== undefined && seconds(record) <= since;
  if (!same) return "ok";
  if (prefix !== "")
    throw s3Error.preconditionFailed(ifNoneMatch === undefined ? "If-Modified-Since" : "If-None-Match");
  return "not-modified";
}

/** Conditions of a write: create only (`If-None-Match: *`) and compare-and-swap (`If-Match`). */
export function writeConditions(call: S3Call): Admission | undefined {
  const ifMatch = call.header("if-match");
  const ifNoneMatch = call.header("if-none-match");
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== "*") throw s3Error.notImplemented();
  return (current) => {
    if (ifNoneMatch !== undefined && current !== undefined) throw s3Error.preconditionFailed("If-None-Match");
    if (ifMatch === undefined) return;
    if (current === undefined) throw s3Error.noSuchKey(call.key);
    if (!matches(ifMatch, current)) throw s3Error.preconditionFailed("If-Match");
  };
}

function matches(list: string, record: ObjectRecord): boolean {
  return list.split(",").some((item) => {
    const tag = item.trim().replace(/^W\//, "");
    return tag === "*" || tag === record.etag || tag === `"${record.etag}"`;
  });
}

/** HTTP dates know whole seconds. */
function seconds(record: ObjectRecord): number {
  return Math.floor(record.lastModified / 1000) * 1000;
}

/** A date that is none counts as not given (RFC 9110 section 13.1.3). */
function readDate(text: string | undefined): number | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
