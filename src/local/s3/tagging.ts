import { decodePercent, Refusal } from "../http/index.js";
import type { LocalResponse } from "../contracts.js";
import type { S3Call, S3Operation } from "./s3-call.js";
import { s3Error } from "./s3-errors.js";
import { receiveDocument } from "./upload-body.js";
import { childText, readXml } from "./xml-reader.js";
import { leaf, node, xmlAnswer } from "./xml-writer.js";

type Tags = Readonly<Record<string, string>>;

const documentLimit = 64 * 1024;

/** Tags as a header carries them: `split=train&who=me`, form-encoded. */
export function readTagHeader(text: string): Tags {
  const decode = (part: string): string => decodePercent(part.replaceAll("+", " "));
  const pairs = text
    .split("&")
    .filter((pair) => pair !== "")
    .slice(0, 100)
    .map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      return equals === -1 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
  return checkTags(pairs, 10);
}

/** `GET key?tagging` */
export const getObjectTagging: S3Operation = (call) => {
  const record = call.objects().get(call.key);
  if (record === undefined) throw s3Error.noSuchKey(call.key);
  return tagDocument(record.tags ?? {});
};

/** `PUT key?tagging` */
export const putObjectTagging: S3Operation = async (call) => {
  const tags = await readTagDocument(call, 10);
  if (call.objects().get(call.key) === undefined) throw s3Error.noSuchKey(call.key);
  call.objects().annotate(call.key, (record) => ({ ...record, tags }));
  return { status: 200 };
};

/** `DELETE key?tagging` */
export const deleteObjectTagging: S3Operation = (call) => {
  if (call.objects().get(call.key) === undefined) throw s3Error.noSuchKey(call.key);
  call.objects().annotate(call.key, (record) => ({ ...record, tags: {} }));
  return { status: 204 };
};

/** `GET bucket?tagging` */
export const getBucketTagging: S3Operation = (call) => {
  call.objects();
  const tags = call.world.storage.settings(call.bucket)?.tags;
  if (tags === undefined)
    throw new Refusal(404, "NoSuchTagSet", "The TagSet does not exist", { BucketName: call.bucket });
  return tagDocument(tags);
};

/** `PUT bucket?tagging` */
export const putBucketTagging: S3Operation = async (call) => {
  call.objects();
  const tags = await readTagDocument(call, 50);
  call.world.storage.change(call.bucket, (settings) => ({ ...settings, tags }));
  return { status: 204 };
};

/** `DELETE bucket?tagging` */
export const deleteBucketTagging: S3Operation = (call) => {
  call.objects();
  call.world.storage.change(call.bucket, (settings) => ({ ...settings, tags: undefined }));
  return { status: 204 };
};

function tagDocument(tags: Tags): LocalResponse {
  const set = Object.entries(tags).map(([key, value]) => node("Tag", leaf("Key", key), leaf("Value", value)));
  return xmlAnswer("Tagging", node("TagSet", ...set));
}

async function readTagDocument(call: S3Call, most: number): Promise<Tags> {
  const root = readXml(await receiveDocument(call, documentLimit));
  const set = root.children.find((child) => child.name === "TagSet");
  if (root.name !== "Tagging" || set === undefined) throw s3Error.malformedXml();
  const pairs = set.children.map((tag): [string, string] => {
    const key = childText(tag, "Key");
    const value = childText(tag, "Value");
    if (tag.name !== "Tag" || key === undefined || value === undefined) throw s3Error.malformedXml();
    return [key, value];
  });
  return checkTags(pairs, most);
}

/** Amazon S3 User Guide, "Categorizing your objects using tags": counts and lengths. */
function checkTags(pairs: readonly [string, string][], most: number): Tags {
  if (pairs.length > most) {
    throw new Refusal(400, "BadRequest", `Object tags cannot be greater than ${most}`);
  }
  const tags = new Map(pairs);
  if (tags.size !== pairs.length) {
    throw new Refusal(400, "InvalidTag", "Cannot provide multiple Tags with the same key");
  }
  for (const [key, value] of pairs) {
    if (key === "" || key.length > 128) throw new Refusal(400, "InvalidTag", "The TagKey you have provided is invalid");
    if (value.length > 256) throw new Refusal(400, "InvalidTag", "The TagValue you have provided is invalid");
  }
  return Object.fromEntries(tags);
}
