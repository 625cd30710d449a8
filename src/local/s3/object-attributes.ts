import { Refusal } from "../http/index.js";
import { defaultContentType, type ObjectAttributes, type ObjectRecord } from "../store/index.js";
import { checksumHeader } from "./body-claims.js";
import type { S3Call } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { readTagHeader } from "./tagging.js";

/** Headers that come with an object and are given back with it. */
const kept = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-language",
  "expires",
  "x-amz-website-redirect-location",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
] as const;

const storageClasses = new Set(
  "STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER DEEP_ARCHIVE GLACIER_IR".split(" "),
);

const metaPrefix = "x-amz-meta-";
const maxMetadata = 2048; // bytes of names and values (Amazon S3 User Guide, "User-defined object metadata")

/** What a request wants to be written with its object. */
export function readAttributes(call: S3Call): ObjectAttributes {
  const headers: Record<string, string> = {};
  for (const name of kept) {
    const value = call.header(name);
    if (value !== undefined && value !== "") headers[name] = value;
  }
  headers["content-type"] ??= defaultContentType;
  // How the body travelled is no property of the object.
  const encoding = (call.header("content-encoding") ?? "")
    .split(",")
    .map((token) => token.trim())
    .filter((token) => token !== "" && token.toLowerCase() !== "aws-chunked");
  if (encoding.length > 0) headers["content-encoding"] = encoding.join(",");
  const storageClass = call.header("x-amz-storage-class") ?? "STANDARD";
  if (!storageClasses.has(storageClass)) {
    throw new Refusal(400, "InvalidStorageClass", "The storage class you specified is not valid");
  }
  if (storageClass !== "STANDARD") headers["x-amz-storage-class"] = storageClass;
  const metadata = readMetadata(call);
  const tagging = call.header("x-amz-tagging");
  return { headers, ...(metadata && { metadata }), ...(tagging !== undefined && { tags: readTagHeader(tagging) }) };
}

function readMetadata(call: S3Call): Record<string, string> | undefined {
  const pairs = Object.entries(call.request.headers)
    .filter(([name]) => name.startsWith(metaPrefix))
    .map(([name, value]): [string, string] => [name.slice(metaPrefix.length), value ?? ""]);
  // Header values arrive as Latin-1, one unit for each byte.
  const size = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > maxMetadata) {
    throw new Refusal(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      Size: String(size),
      MaxSizeAllowed: String(maxMetadata),
    });
  }
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** The headers that describe an object in answers to GET and HEAD. */
export function objectHeaders(record: ObjectRecord): Record<string, string> {
  const headers: Record<string, string> = {
    ...record.headers,
    "last-modified": new Date(record.lastModified).toUTCString(),
    etag: `"${record.etag}"`,
    "accept-ranges": "bytes",
  };
  for (const [name, value] of Object.entries(record.metadata ?? {})) headers[metaPrefix + name] = value;
  const tags = Object.keys(record.tags ?? {}).length;
  if (tags > 0) headers["x-amz-tagging-count"] = String(tags);
  return headers;
}

/** The headers that name an object's checksum. */
export function checksumHeaders(checksum: ObjectRecord["checksum"]): Record<string, string> {
  if (checksum === undefined) return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };
}

const overrides = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];

/** `response-content-type=...` and its kin: other people's text, so no line may be added by it. */
export function overriddenHeaders(call: S3Call): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of overrides) {
    const value = call.query(`response-${name}`);
    if (value === undefined) continue;
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    if (/[\u0000-\u001f\u007f]/.test(value)) {
      throw s3Error.invalidArgument(`response-${name}`, value, "Header value cannot contain control characters.");
    }
    headers[name] = Buffer.from(value).toString("latin1"); // the bytes of UTF-8, as Node writes headers
  }
  return headers;
}
