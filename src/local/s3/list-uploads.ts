import { compareKeys } from "../store/index.js";
import { owner, textEncoding } from "./list-objects.js";
import { findUpload } from "./multipart.js";
import { readCount, type S3Operation } from "./s3-call.js";
import { isoTime, leaf, node, xmlAnswer } from "./xml-writer.js";

const pageLimit = 1000;

/** `GET key?uploadId=...` */
export const listParts: S3Operation = (call) => {
  const { record, parts } = findUpload(call);
  const limit = readCount(call, "max-parts", pageLimit, pageLimit);
  const marker = readCount(call, "part-number-marker", 0, 2_147_483_647);
  const rest = [...parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
  const page = rest.slice(0, limit);
  const truncated = limit > 0 && rest.length > page.length;
  return xmlAnswer(
    "ListPartsResult",
    leaf("Bucket", call.bucket),
    leaf("Key", textEncoding(call)(call.key)),
    leaf("UploadId", record.id),
    node("Initiator", leaf("ID", call.world.account)),
    owner(call),
    leaf("StorageClass", record.headers["x-amz-storage-class"] ?? "STANDARD"),
    leaf("ChecksumAlgorithm", record.checksumAlgorithm),
    leaf("ChecksumType", record.checksumType),
    leaf("PartNumberMarker", marker),
    leaf("NextPartNumberMarker", page.at(-1)?.number ?? 0),
    leaf("MaxParts", limit),
    leaf("IsTruncated", truncated),
    ...page.map((part) =>
      node(
        "Part",
        leaf("PartNumber", part.number),
        leaf("LastModified", isoTime(part.lastModified)),
        leaf("ETag", `"${part.etag}"`),
        leaf("Size", part.size),
        part.checksum === undefined ? "" : leaf(`Checksum${part.checksum.algorithm}`, part.checksum.value),
      ),
    ),
  );
};

/** `GET bucket?uploads` */
export const listMultipartUploads: S3Operation = (call) => {
  const encode = textEncoding(call);
  const prefix = call.query("prefix") ?? "";
  const delimiter = call.query("delimiter") ?? "";
  const keyMarker = call.query("key-marker") ?? "";
  const idMarker = call.query("upload-id-marker") ?? "";
  const limit = readCount(call, "max-uploads", pageLimit, pageLimit);
  const commonPrefixes = new Set<string>();
  const uploads = call
    .objects()
    .uploads.all()
    .map(({ record }) => record)
    .filter(({ key }) => key.startsWith(prefix))
    .sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.id, b.id))
    .filter(({ key, id }) => {
      const order = compareKeys(key, keyMarker);
      return order > 0 || (order === 0 && idMarker !== "" && compareKeys(id, idMarker) > 0);
    })
    .filter(({ key }) => {
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (end !== -1) commonPrefixes.add(key.slice(0, end + delimiter.length));
      return end === -1;
    });
  const page = uploads.slice(0, limit);
  const truncated = limit > 0 && uploads.length > page.length;
  const last = truncated ? page.at(-1) : undefined;
  return xmlAnswer(
    "ListMultipartUploadsResult",
    leaf("Bucket", call.bucket),
    leaf("KeyMarker", encode(keyMarker)),
    leaf("UploadIdMarker", idMarker),
    leaf("NextKeyMarker", last && encode(last.key)),
    leaf("NextUploadIdMarker", last?.id),
    leaf("Prefix", encode(prefix)),
    leaf("Delimiter", delimiter === "" ? undefined : encode(delimiter)),
    leaf("EncodingType", call.query("encoding-type")),
    leaf("MaxUploads", limit),
    leaf("IsTruncated", truncated),
    ...page.map((record) =>
      node(
        "Upload",
        leaf("Key", encode(record.key)),
        leaf("UploadId", record.id),
        node("Initiator", leaf("ID", call.world.account)),
        owner(call),
        leaf("StorageClass", record.headers["x-amz-storage-class"] ?? "STANDARD"),
        leaf("Initiated", isoTime(record.initiated)),
        leaf("ChecksumAlgorithm", record.checksumAlgorithm),
        leaf("ChecksumType", record.checksumType),
      ),
    ),
    ...[...commonPrefixes].map((common) => node("CommonPrefixes", leaf("Prefix", encode(common)))),
  );
};
