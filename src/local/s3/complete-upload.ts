import { createHash } from "node:crypto";
import type { LocalResponse } from "../contracts.js";
import { Refusal } from "../http/index.js";
import {
  checksumAlgorithms,
  startChecksum,
  type ChecksumAlgorithm,
  type StagedBody,
  type StoredChecksum,
  type StoredPart,
  type Upload,
} from "../store/index.js";
import { checksumHeader } from "./body-claims.js";
import { writeConditions } from "./conditions.js";
import { findUpload } from "./multipart.js";
import type { S3Call, S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { receiveDocument } from "./upload-body.js";
import { childText, readXml } from "./xml-reader.js";
import { leaf, urlEncode, xmlAnswer } from "./xml-writer.js";

const smallestPart = 5 * 1024 * 1024;
const documentLimit = 8 * 1024 * 1024;

/** `POST key?uploadId=...` */
export const completeMultipartUpload: S3Operation = async (call) => {
  const bucket = call.objects();
  const id = call.query("uploadId") ?? "";
  const wanted = readPartList(await receiveDocument(call, documentLimit));
  const done = bucket.get(call.key);
  if (done?.uploadId === id) return completed(call, done.etag, done.checksum); // asked again, say after a lost answer
  const upload = findUpload(call);
  const parts = chooseParts(wanted, upload);
  const { checksumAlgorithm: algorithm, checksumType } = upload.record;
  const whole = algorithm !== undefined && checksumType === "FULL_OBJECT" ? [algorithm] : [];
  const record = await bucket.uploads.complete(
    id,
    parts,
    whole,
    (joined) => {
      const checksum = algorithm && objectChecksum(algorithm, parts, joined);
      const claimed = algorithm && call.header(checksumHeader(algorithm));
      if (claimed !== undefined && checksum !== undefined && claimed.split("-")[0] !== checksum.value.split("-")[0]) {
        throw new Refusal(400, "BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
      }
      return { etag: multipartEtag(parts), ...(checksum && { checksum }) };
    },
    writeConditions(call),
  );
  if (record === undefined) throw s3Error.noSuchUpload(id);
  return completed(call, record.etag, record.checksum);
};

function completed(call: S3Call, etag: string, checksum: StoredChecksum | undefined): LocalResponse {
  return xmlAnswer(
    "CompleteMultipartUploadResult",
    leaf("Location", `http://${call.header("host") ?? ""}/${call.bucket}/${urlEncode(call.key)}`),
    leaf("Bucket", call.bucket),
    leaf("Key", call.key),
    leaf("ETag", `"${etag}"`),
    checksum === undefined ? "" : leaf(`Checksum${checksum.algorithm}`, checksum.value),
    leaf("ChecksumType", checksum?.type),
  );
}

interface WantedPart {
  readonly number: number;
  readonly etag: string;
  /** Checksums in base64, as far as the request holds any. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

function readPartList(document: Uint8Array): readonly WantedPart[] {
  const root = readXml(document);
  const parts = root.children.filter((child) => child.name === "Part");
  if (root.name !== "CompleteMultipartUpload" || parts.length === 0 || parts.length > 10_000) {
    throw s3Error.malformedXml();
  }
  return parts.map((part) => {
    const number = childText(part, "PartNumber")?.trim() ?? "";
    const etag = childText(part, "ETag")?.trim();
    if (!/^\d{1,5}$/.test(number) || etag === undefined) throw s3Error.malformedXml();
    const checksums = new Map<ChecksumAlgorithm, string>();
    for (const algorithm of checksumAlgorithms) {
      const value = childText(part, `Checksum${algorithm}`)?.trim();
      if (value !== undefined) checksums.set(algorithm, value);
    }
    return { number: Number(number), etag: etag.replace(/^"|"$/g, ""), checksums };
  });
}

function chooseParts(wanted: readonly WantedPart[], upload: Upload): readonly StoredPart[] {
  let before = 0;
  for (const { number } of wanted) {
    if (number <= before) {
      throw new Refusal(
        400,
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        { UploadId: upload.record.id },
      );
    }
    before = number;
  }
  const { checksumAlgorithm: algorithm, checksumType } = upload.record;
  return wanted.map(({ number, etag, checksums }, i) => {
    const part = upload.parts.get(number);
    const claimed = algorithm && checksums.get(algorithm);
    if (algorithm !== undefined && claimed === undefined && checksumType === "COMPOSITE") {
      throw s3Error.invalidRequest(
        `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the ` +
          `checksum for each part. It was missing for part ${number} in the request.`,
      );
    }
    if (part?.etag !== etag || (claimed !== undefined && claimed !== part.checksum?.value)) {
      throw new Refusal(
        400,
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified " +
          "entity tag may not match the part's entity tag.",
        { UploadId: upload.record.id, PartNumber: String(number), ETag: etag.slice(0, 200) },
      );
    }
    if (part.size < smallestPart && i < wanted.length - 1) {
      throw new Refusal(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
        ProposedSize: String(part.size),
        MinSizeAllowed: String(smallestPart),
        PartNumber: String(number),
        ETag: etag,
      });
    }
    return part;
  });
}

/** MD5 over the MD5s of the parts, and their number: as every S3 client expects. */
function multipartEtag(parts: readonly StoredPart[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(Buffer.from(part.etag, "hex"));
  return `${hash.digest("hex")}-${parts.length}`;
}

/** Of the whole object, or of the parts' checksums one after the other ("Checking object integrity"). */
function objectChecksum(
  algorithm: ChecksumAlgorithm,
  parts: readonly StoredPart[],
  joined: StagedBody,
): StoredChecksum {
  const whole = joined.checksums.get(algorithm);
  if (whole !== undefined) return { algorithm, value: whole.toString("base64"), type: "FULL_OBJECT" };
  const running = startChecksum(algorithm);
  for (const part of parts) running.update(Buffer.from(part.checksum?.value ?? "", "base64"));
  return { algorithm, value: `${running.digest().toString("base64")}-${parts.length}`, type: "COMPOSITE" };
}
