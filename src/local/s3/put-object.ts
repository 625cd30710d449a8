import { Refusal } from "../http/index.js";
import { writeConditions } from "./conditions.js";
import { checksumHeaders, readAttributes } from "./object-attributes.js";
import { hasDigest, receiveBody, receiveDocument } from "./upload-body.js";
import type { S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { checkVersion } from "./get-object.js";
import { childText, readXml, type XmlElement } from "./xml-reader.js";
import { leaf, node, xmlAnswer } from "./xml-writer.js";

/** `PUT key` */
export const putObject: S3Operation = async (call) => {
  const bucket = call.objects();
  const attributes = readAttributes(call);
  const admit = writeConditions(call);
  admit?.(bucket.get(call.key)); // before the body comes; again when it is there
  const { staged, checksum } = await receiveBody(call, bucket);
  if (call.world.storage.bucket(call.bucket) !== bucket) {
    await staged.discard();
    throw s3Error.noSuchBucket(call.bucket); // deleted while the body came
  }
  const record = bucket.commit(call.key, staged, { ...attributes, ...(checksum && { checksum }) }, admit);
  const encryption = Object.entries(record.headers).filter(([name]) => name.startsWith("x-amz-server-side-encryption"));
  return {
    status: 200,
    headers: { etag: `"${record.etag}"`, ...checksumHeaders(checksum), ...Object.fromEntries(encryption) },
  };
};

/** `DELETE key` */
export const deleteObject: S3Operation = (call) => {
  checkVersion(call);
  call.objects().delete(call.key, writeConditions(call));
  return { status: 204 };
};

const deleteLimit = 1000;
const deleteBytes = 8 * 1024 * 1024;
const deletedAtOnce = 50; // each delete is a synchronous step; others get a turn in between

/** `POST bucket?delete` */
export const deleteObjects: S3Operation = async (call) => {
  const bucket = call.objects();
  if (!hasDigest(call)) {
    throw s3Error.invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
  }
  const root = readXml(await receiveDocument(call, deleteBytes));
  const objects = root.children.filter((child) => child.name === "Object");
  if (root.name !== "Delete" || objects.length === 0 || objects.length > deleteLimit) throw s3Error.malformedXml();
  const keys = objects.map(readObjectKey);
  const quiet = childText(root, "Quiet")?.trim() === "true";
  for (const [i, key] of keys.entries()) {
    if (i % deletedAtOnce === deletedAtOnce - 1) await new Promise((resolve) => setImmediate(resolve));
    bucket.delete(key);
  }
  return xmlAnswer("DeleteResult", ...(quiet ? [] : keys.map((key) => node("Deleted", leaf("Key", key)))));
};

function readObjectKey(object: XmlElement): string {
  const key = childText(object, "Key");
  if (key === undefined || key === "") throw s3Error.malformedXml();
  if (Buffer.byteLength(key) > 1024) throw new Refusal(400, "KeyTooLongError", "Your key is too long");
  return key;
}
