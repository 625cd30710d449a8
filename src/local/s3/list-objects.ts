import type { ObjectRecord } from "../store/index.js";
import { readCount, type S3Call, type S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { isoTime, leaf, node, urlEncode, xmlAnswer } from "./xml-writer.js";

const pageLimit = 1000;
const tokenMark = "1";

/** `GET bucket?list-type=2` */
export const listObjectsV2: S3Operation = (call) => {
  const bucket = call.objects();
  const encode = textEncoding(call);
  const prefix = call.query("prefix") ?? "";
  const delimiter = call.query("delimiter");
  const startAfter = call.query("start-after");
  const token = call.query("continuation-token");
  const limit = readCount(call, "max-keys", pageLimit, pageLimit);
  const after = token !== undefined ? readToken(token) : { after: startAfter };
  const page = bucket.list({ prefix, limit, ...defined(after), ...defined({ delimiter }) });
  const last = page.entries.at(-1);
  const next = page.truncated && last !== undefined ? makeToken(last) : undefined;
  const owned = call.query("fetch-owner") === "true" ? owner(call) : "";
  return xmlAnswer(
    "ListBucketResult",
    leaf("Name", call.bucket),
    leaf("Prefix", encode(prefix)),
    leaf("StartAfter", startAfter === undefined ? undefined : encode(startAfter)),
    leaf("ContinuationToken", token),
    leaf("NextContinuationToken", next),
    leaf("KeyCount", page.entries.length),
    leaf("MaxKeys", limit),
    leaf("Delimiter", delimiter === undefined ? undefined : encode(delimiter)),
    leaf("EncodingType", call.query("encoding-type")),
    leaf("IsTruncated", page.truncated),
    ...page.entries.map((entry) =>
      entry.kind === "key" ? contents(entry.value, encode, owned) : commonPrefix(entry.prefix, encode),
    ),
  );
};

/** `GET bucket`, the first version of the listing: pages by the last name instead of a token. */
export const listObjects: S3Operation = (call) => {
  const bucket = call.objects();
  const encode = textEncoding(call);
  const prefix = call.query("prefix") ?? "";
  const delimiter = call.query("delimiter");
  const marker = call.query("marker") ?? "";
  const limit = readCount(call, "max-keys", pageLimit, pageLimit);
  // A marker that is a common prefix came from NextMarker: that prefix was shown already.
  const shown = delimiter !== undefined && delimiter !== "" && marker.endsWith(delimiter);
  const after = marker === "" ? {} : shown ? { afterPrefix: marker } : { after: marker };
  const page = bucket.list({ prefix, limit, ...after, ...defined({ delimiter }) });
  const last = page.entries.at(-1);
  const next = page.truncated && last !== undefined ? (last.kind === "key" ? last.key : last.prefix) : undefined;
  return xmlAnswer(
    "ListBucketResult",
    leaf("Name", call.bucket),
    leaf("Prefix", encode(prefix)),
    leaf("Marker", encode(marker)),
    leaf("NextMarker", next === undefined || delimiter === undefined ? undefined : encode(next)),
    leaf("MaxKeys", limit),
    leaf("Delimiter", delimiter === undefined ? undefined : encode(delimiter)),
    leaf("EncodingType", call.query("encoding-type")),
    leaf("IsTruncated", page.truncated),
    ...page.entries.map((entry) =>
      entry.kind === "key" ? contents(entry.value, encode, owner(call)) : commonPrefix(entry.prefix, encode),
    ),
  );
};

/** How names are written in a listing: as they are, or url-encoded for names that XML cannot hold. */
export function textEncoding(call: S3Call): (text: string) => string {
  const type = call.query("encoding-type");
  if (type === undefined || type === "") return (text) => text;
  if (type === "url") return urlEncode;
  throw s3Error.invalidArgument("encoding-type", type, "Invalid Encoding Method specified in Request");
}

/** Owner and initiator are always the one account of the backend. */
export function owner(call: S3Call): string {
  return node("Owner", leaf("ID", call.world.account));
}

function contents(record: ObjectRecord, encode: (text: string) => string, owned: string): string {
  return node(
    "Contents",
    leaf("Key", encode(record.key)),
    leaf("LastModified", isoTime(record.lastModified)),
    leaf("ETag", `"${record.etag}"`),
    leaf("ChecksumAlgorithm", record.checksum?.algorithm),
    leaf("ChecksumType", record.checksum?.type),
    leaf("Size", record.size),
    owned,
    leaf("StorageClass", record.headers["x-amz-storage-class"] ?? "STANDARD"),
  );
}

function commonPrefix(prefix: string, encode: (text: string) => string): string {
  return node("CommonPrefixes", leaf("Prefix", encode(prefix)));
}

function makeToken(
  last: { readonly kind: "key"; readonly key: string } | { readonly kind: "prefix"; readonly prefix: string },
): string {
  const text = last.kind === "key" ? `k${last.key}` : `p${last.prefix}`;
  return Buffer.from(tokenMark + text).toString("base64url");
}

function readToken(token: string): { readonly after?: string; readonly afterPrefix?: string } {
  const text = Buffer.from(token, "base64url").toString();
  const name = text.slice(2);
  if (Buffer.from(text).toString("base64url") === token) {
    if (text.startsWith(`${tokenMark}k`)) return { after: name };
    if (text.startsWith(`${tokenMark}p`)) return { afterPrefix: name };
  }
  throw s3Error.invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
}

/** An object without its undefined members. */
function defined<Shape extends object>(shape: Shape): { [Name in keyof Shape]?: Exclude<Shape[Name], undefined> } {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Shape]?: Exclude<Shape[Name], undefined>;
  };
}
