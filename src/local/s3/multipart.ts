import {
  checksumAlgorithms,
  fileBody,
  type ChecksumAlgorithm,
  type StagedBody,
  type StoredChecksum,
  type Upload,
} from "../store/index.js";
import { checksumHeader, readClaims } from "./body-claims.js";
import { copySource } from "./copy-object.js";
import { readPartNumber } from "./get-object.js";
import { readAttributes } from "./object-attributes.js";
import type { S3Call, S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { receiveBody } from "./upload-body.js";
import { isoTime, leaf, xmlAnswer } from "./xml-writer.js";

/** `POST key?uploads` */
export const createMultipartUpload: S3Operation = (call) => {
  const bucket = call.objects();
  const text = call.header("x-amz-checksum-algorithm")?.toUpperCase();
  const algorithm = checksumAlgorithms.find((candidate) => candidate === text);
  if (text !== undefined && algorithm === undefined) {
    throw s3Error.invalidRequest(
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types",
    );
  }
  const type = call.header("x-amz-checksum-type")?.toUpperCase();
  if (type !== undefined && type !== "FULL_OBJECT" && type !== "COMPOSITE") {
    throw s3Error.invalidRequest("Value for x-amz-checksum-type header is invalid.");
  }
  const checksum = algorithm && {
    checksumAlgorithm: algorithm,
    checksumType: type ?? (algorithm === "CRC64NVME" ? ("FULL_OBJECT" as const) : ("COMPOSITE" as const)),
  };
  const record = bucket.uploads.create({ ...readAttributes(call), ...checksum, key: call.key });
  const answer = xmlAnswer(
    "InitiateMultipartUploadResult",
    leaf("Bucket", call.bucket),
    leaf("Key", call.key),
    leaf("UploadId", record.id),
  );
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...(record.checksumAlgorithm && { "x-amz-checksum-algorithm": record.checksumAlgorithm }),
      ...(record.checksumType && { "x-amz-checksum-type": record.checksumType }),
    },
  };
};

/** `PUT key?partNumber=1&uploadId=...` */
export const uploadPart: S3Operation = async (call) => {
  const bucket = call.objects();
  const number = readPartNumber(call.query("partNumber") ?? "");
  const { record } = findUpload(call);
  checkAnnounced(record.checksumAlgorithm, readClaims(call).checksum?.algorithm);
  const { staged, checksum } = await receiveBody(call, bucket, record.checksumAlgorithm);
  const part = bucket.uploads.commitPart(record.id, staged, { number, ...(checksum && { checksum }) });
  if (part === undefined) throw s3Error.noSuchUpload(record.id);
  const headers = checksum && { [checksumHeader(checksum.algorithm)]: checksum.value };
  return { status: 200, headers: { etag: `"${part.etag}"`, ...headers } };
};

/** `PUT key?partNumber=1&uploadId=...` with `x-amz-copy-source` */
export const uploadPartCopy: S3Operation = async (call) => {
  const bucket = call.objects();
  const number = readPartNumber(call.query("partNumber") ?? "");
  const { record } = findUpload(call);
  const source = copySource(call);
  const opened = await source.bucket.open(source.record.key);
  if (opened === undefined) throw s3Error.noSuchKey(source.record.key);
  const body = fileBody(opened.file, 0, opened.record.size);
  let staged: StagedBody;
  try {
    const { start, length } = copyRange(call, opened.record.size);
    const algorithms = record.checksumAlgorithm === undefined ? [] : [record.checksumAlgorithm];
    staged = await bucket.stage(fileBody(opened.file, start, length), algorithms);
  } finally {
    await body.return?.();
  }
  const checksum = partChecksum(staged, record.checksumAlgorithm);
  const part = bucket.uploads.commitPart(record.id, staged, { number, ...(checksum && { checksum }) });
  if (part === undefined) throw s3Error.noSuchUpload(record.id);
  return xmlAnswer(
    "CopyPartResult",
    leaf("LastModified", isoTime(part.lastModified)),
    leaf("ETag", `"${part.etag}"`),
    checksum === undefined ? "" : leaf(`Checksum${checksum.algorithm}`, checksum.value),
  );
};

/** `DELETE key?uploadId=...` */
export const abortMultipartUpload: S3Operation = (call) => {
  const { record } = findUpload(call);
  call.objects().uploads.abort(record.id);
  return { status: 204 };
};

/** The upload that a request names; an id is looked up and never becomes a path. @throws `NoSuchUpload` */
export function findUpload(call: S3Call): Upload {
  const id = call.query("uploadId") ?? "";
  const upload = call.objects().uploads.get(id, call.key);
  if (upload === undefined) throw s3Error.noSuchUpload(id.slice(0, 200));
  return upload;
}

/**
 * "This checksum algorithm must be the same for all parts and it match the checksum value supplied in the
 * CreateMultipartUpload request" (API reference, UploadPart). Where none was announced any is taken: AWS's own clients
 * add a CRC-32 to each part by themselves.
 */
function checkAnnounced(announced: ChecksumAlgorithm | undefined, claimed: ChecksumAlgorithm | undefined): void {
  if (announced === undefined || claimed === undefined || claimed === announced) return;
  const [expected, actual] = [announced.toLowerCase(), claimed.toLowerCase()];
  throw s3Error.invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
  );
}

function partChecksum(staged: StagedBody, algorithm: ChecksumAlgorithm | undefined): StoredChecksum | undefined {
  const value = algorithm && staged.checksums.get(algorithm)?.toString("base64");
  return algorithm && value !== undefined ? { algorithm, value, type: "FULL_OBJECT" } : undefined;
}

function copyRange(call: S3Call, size: number): { readonly start: number; readonly length: number } {
  const text = call.header("x-amz-copy-source-range");
  if (text === undefined) return { start: 0, length: size };
  const found = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(text);
  const start = Number(found?.[1] ?? NaN);
  const end = Number(found?.[2] ?? NaN);
  if (start <= end && end < size) return { start, length: end - start + 1 };
  const expected = `The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy; the source has ${size} bytes`;
  throw s3Error.invalidArgument("x-amz-copy-source-range", text, expected);
}
