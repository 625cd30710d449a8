import type { Bucket, ObjectRecord, StagedBody } from "../store/index.js";
import { fileBody } from "../store/index.js";
import { checkReadConditions, writeConditions } from "./conditions.js";
import { readAttributes } from "./object-attributes.js";
import { readAddress, type S3Call, type S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { readTagHeader } from "./tagging.js";
import { isoTime, leaf, xmlAnswer } from "./xml-writer.js";
import { maxBodyBytes } from "./upload-body.js";

/** The object that `x-amz-copy-source` names, with its bucket. */
export function copySource(call: S3Call): { readonly bucket: Bucket; readonly record: ObjectRecord } {
  const text = (call.header("x-amz-copy-source") ?? "").replace(/^\//, "");
  const mark = text.indexOf("?versionId=");
  const version = mark === -1 ? "null" : text.slice(mark + "?versionId=".length);
  const address = readAddress(mark === -1 ? text : text.slice(0, mark));
  if (address.bucket === "" || address.key === "") {
    const expected = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
    throw s3Error.invalidArgument("x-amz-copy-source", text, expected);
  }
  if (version !== "null") throw s3Error.invalidArgument("versionId", version, "Invalid version id specified");
  const bucket = call.world.storage.bucket(address.bucket);
  if (bucket === undefined) throw s3Error.noSuchBucket(address.bucket);
  const record = bucket.get(address.key);
  if (record === undefined) throw s3Error.noSuchKey(address.key);
  checkReadConditions(call, record, "x-amz-copy-source-");
  return { bucket, record };
}

/** `PUT key` with `x-amz-copy-source` */
export const copyObject: S3Operation = async (call) => {
  const target = call.objects();
  const admit = writeConditions(call);
  const replaced = directive(call, "x-amz-metadata-directive") === "REPLACE";
  const retagged = directive(call, "x-amz-tagging-directive") === "REPLACE";
  const given = readAttributes(call);
  for (;;) {
    const source = copySource(call);
    if (source.bucket === target && source.record.key === call.key && !replaced && !changesStorage(call)) {
      throw s3Error.invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
          "metadata, storage class, website redirect location or encryption attributes.",
      );
    }
    if (source.record.size > maxBodyBytes) {
      throw s3Error.invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${maxBodyBytes}`,
      );
    }
    const { headers, metadata } = replaced ? given : source.record;
    const tags = retagged ? readTagHeader(call.header("x-amz-tagging") ?? "") : source.record.tags;
    const staged = await stageSource(source.bucket, source.record, target);
    if (staged === undefined) continue; // replaced in the meantime: look again
    if (call.world.storage.bucket(call.bucket) !== target) {
      await staged.discard();
      throw s3Error.noSuchBucket(call.bucket);
    }
    const { checksum } = source.record;
    const keptChecksum = checksum?.type === "FULL_OBJECT" ? { checksum } : {};
    const attributes = { headers, ...(metadata && { metadata }), ...(tags && { tags }) };
    const record = target.commit(call.key, staged, { ...attributes, ...keptChecksum }, admit);
    return xmlAnswer(
      "CopyObjectResult",
      leaf("LastModified", isoTime(record.lastModified)),
      leaf("ETag", `"${record.etag}"`),
      record.checksum === undefined ? "" : leaf(`Checksum${record.checksum.algorithm}`, record.checksum.value),
    );
  }
};

/** A copy of a multipart object has a plain MD5 as its ETag, so its bytes must be read. */
async function stageSource(bucket: Bucket, record: ObjectRecord, target: Bucket): Promise<StagedBody | undefined> {
  if (!record.etag.includes("-")) return target.stageCopy(bucket, record);
  const opened = await bucket.open(record.key);
  if (opened === undefined) return undefined;
  const staged = await target.stage(fileBody(opened.file, 0, opened.record.size));
  if (opened.record === record) return staged;
  await staged.discard();
  return undefined;
}

function directive(call: S3Call, name: string): "COPY" | "REPLACE" {
  const value = call.header(name) ?? "COPY";
  if (value === "COPY" || value === "REPLACE") return value;
  throw s3Error.invalidArgument(name, value, `Unknown ${name.slice("x-amz-".length).replace("-", " ")}.`);
}

function changesStorage(call: S3Call): boolean {
  return ["x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption"].some(
    (name) => call.header(name) !== undefined,
  );
}
