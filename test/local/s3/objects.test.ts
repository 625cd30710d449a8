import { createHash } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawHead, rawRequest, startLocalS3, statusOf, type LocalS3 } from "../../support/local-s3.js";

const Bucket = "bucket";
let local: LocalS3;
beforeAll(async () => {
  local = await startLocalS3();
  await local.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => local.close());

let count = 0;
const fresh = (): string => `fresh/${count++}`;
const put = (Key: string, Body: PutObjectCommandInput["Body"] = "hello", more: Partial<PutObjectCommandInput> = {}) =>
  local.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string): Promise<string> => {
  const { Body } = await local.s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? "";
};
/** Name and status of the error that a call ends in. */
const refusal = async (call: Promise<unknown>): Promise<string> => {
  const error = (await call.then(
    () => ({ name: "accepted" }),
    (reason: unknown) => reason,
  )) as { name: string; $metadata?: { httpStatusCode?: number } };
  return `${error.name} ${error.$metadata?.httpStatusCode ?? ""}`;
};

describe("PutObject and GetObject", () => {
  it("gives back bytes, type, metadata and headers", async () => {
    const key = fresh();
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
    const { ETag } = await put(key, body, {
      ContentType: "image/jpeg",
      CacheControl: "no-cache",
      Metadata: { shot: "7", __proto__: "odd" },
    });
    expect(ETag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
    const answer = await local.s3.send(new GetObjectCommand({ Bucket, Key: key }));
    expect(Buffer.from(await answer.Body!.transformToByteArray()).equals(body)).toBe(true);
    expect(answer).toMatchObject({ ContentType: "image/jpeg", CacheControl: "no-cache", ContentLength: 300_000 });
    expect(answer.Metadata).toMatchObject({ shot: "7" });
  });

  // The client frames a stream as aws-chunked with the CRC in the trailer.
  it("unframes a stream and keeps its checksum", async () => {
    const key = fresh();
    const pieces = [Buffer.alloc(70_000, "a"), Buffer.alloc(70_000, "b"), Buffer.from("tail")];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    await put(key, Readable.from(pieces), { ContentLength: length });
    expect(await get(key)).toBe(Buffer.concat(pieces).toString());
    const head = await local.s3.send(new HeadObjectCommand({ Bucket, Key: key, ChecksumMode: "ENABLED" }));
    expect(head.ContentEncoding).toBeUndefined();
    expect(head.ChecksumCRC32).toMatch(/^[\w+/]{6}==$/);
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)("checks and keeps %s", async (algorithm) => {
    const key = fresh();
    const sent = await put(key, "123456789", { ChecksumAlgorithm: algorithm }).catch((reason: unknown) => {
      // The client brings two of them only with a further package installed.
      if (reason instanceof Error && /Please check whether you have installed|not installed/.test(reason.message))
        return undefined;
      throw reason;
    });
    if (sent === undefined) return;
    const head = await local.s3.send(new HeadObjectCommand({ Bucket, Key: key, ChecksumMode: "ENABLED" }));
    expect(head[`Checksum${algorithm}`]).toBe(sent[`Checksum${algorithm}`]);
    expect(head[`Checksum${algorithm}`]).toBeDefined();
  });

  it("refuses bytes that are not what the request says, and stores nothing", async () => {
    const key = fresh();
    expect(await refusal(put(key, "hello", { ChecksumCRC32: "AAAAAA==" }))).toBe("BadDigest 400");
    expect(await refusal(put(key, "hello", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }))).toBe("BadDigest 400");
    expect(await refusal(put(key, "hello", { ContentMD5: "no" }))).toBe("InvalidDigest 400");
    expect(await refusal(get(key))).toBe("NoSuchKey 404");
  });

  it("writes only where its conditions hold", async () => {
    const key = fresh();
    expect(await refusal(put(key, "x", { IfMatch: '"0"' }))).toBe("NoSuchKey 404");
    const { ETag } = await put(key, "first", { IfNoneMatch: "*" });
    expect(await refusal(put(key, "second", { IfNoneMatch: "*" }))).toBe("PreconditionFailed 412");
    expect(await refusal(put(key, "second", { IfMatch: '"0"' }))).toBe("PreconditionFailed 412");
    expect(await get(key)).toBe("first");
    await put(key, "second", { IfMatch: ETag });
    expect(await get(key)).toBe("second");
  });

  it("lets one of many create", async () => {
    const key = fresh();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => refusal(put(key, String(i), { IfNoneMatch: "*" }))),
    );
    expect(all.filter((outcome) => outcome.startsWith("accepted"))).toHaveLength(1);
  });

  it.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=8-", "89", "bytes 8-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=-99", "0123456789", "bytes 0-9/10"],
    ["bytes=5-99999999999999999999", "56789", "bytes 5-9/10"],
  ])("answers %s with %s", async (Range, expected, ContentRange) => {
    await put("ranged", "0123456789");
    const answer = await local.s3.send(new GetObjectCommand({ Bucket, Key: "ranged", Range }));
    expect(answer).toMatchObject({ ContentRange, ContentLength: expected.length });
    expect(await answer.Body?.transformToString()).toBe(expected);
  });

  it.each(["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=-"])(
    "ignores the range %s",
    async (Range) => {
      await put("ranged", "0123456789");
      const answer = await local.s3.send(new GetObjectCommand({ Bucket, Key: "ranged", Range }));
      expect(await answer.Body?.transformToString()).toBe("0123456789");
    },
  );

  it.each(["bytes=10-", "bytes=-0"])("refuses the range %s", async (Range) => {
    await put("ranged", "0123456789");
    const call = local.s3.send(new GetObjectCommand({ Bucket, Key: "ranged", Range }));
    expect(await refusal(call)).toBe("InvalidRange 416");
  });

  it("reads under conditions", async () => {
    const key = fresh();
    const { ETag } = await put(key, "x");
    const old = new Date("2020-01-01");
    const read = (more: object) => refusal(local.s3.send(new GetObjectCommand({ Bucket, Key: key, ...more })));
    expect(await read({ IfMatch: ETag, IfUnmodifiedSince: old })).toMatch(/^accepted/); // RFC 9110: If-Match decides
    expect(await read({ IfUnmodifiedSince: old })).toBe("PreconditionFailed 412");
    expect(await read({ IfNoneMatch: ETag })).toMatch(/304$/);
    expect(await read({ IfModifiedSince: new Date() })).toMatch(/304$/);
    expect(await read({ IfNoneMatch: '"0"', IfModifiedSince: new Date() })).toMatch(/^accepted/);
  });

  it("overrides headers, but adds no lines by them", async () => {
    const key = fresh();
    await put(key, "x");
    const answer = await local.s3.send(
      new GetObjectCommand({ Bucket, Key: key, ResponseContentType: "text/plain", ResponseCacheControl: "ü" }),
    );
    expect(answer.ContentType).toBe("text/plain");
    const line = `GET /${Bucket}/${key}?response-content-type=a%0d%0aInjected:%201`;
    const raw = await rawRequest(local.port, rawHead(local.port, line));
    expect(statusOf(raw)).toBe(400);
    expect(raw).not.toMatch(/^injected/im);
  });

  it("keeps keys in error answers escaped", async () => {
    const raw = await rawRequest(local.port, rawHead(local.port, `GET /${Bucket}/%3Cb%3E%26%07`));
    expect(raw).toContain("<Key>&lt;b&gt;&amp;&#7;</Key>");
  });

  it.each([
    ["a key of 1025 bytes", "k".repeat(1025), {}, "KeyTooLongError 400"],
    ["metadata of more than 2 KB", "k", { Metadata: { big: "m".repeat(2100) } }, "MetadataTooLarge 400"],
    ["an unknown storage class", "k", { StorageClass: "NOPE" as "STANDARD" }, "InvalidStorageClass 400"],
    ["eleven tags", "k", { Tagging: Array.from({ length: 11 }, (_, i) => `t${i}=1`).join("&") }, "BadRequest 400"],
  ])("refuses %s", async (_, key, more, expected) => {
    expect(await refusal(put(key, "x", more))).toBe(expected);
  });
});

describe("ListObjects", () => {
  const names = ["a.jpg", "b/1.jpg", "b/2.jpg", "b-0.jpg", "c/d/1.jpg", "é.jpg", "😀.jpg", "\uffee.jpg"];
  beforeAll(async () => {
    for (const name of names) await put(`list/${name}`);
  });

  it("lists in the order of UTF-8 bytes, page by page", async () => {
    const pages: number[] = [];
    const keys: string[] = [];
    for await (const page of paginateListObjectsV2({ client: local.s3, pageSize: 3 }, { Bucket, Prefix: "list/" })) {
      pages.push(page.KeyCount ?? 0);
      keys.push(...(page.Contents ?? []).map(({ Key = "" }) => Key.slice("list/".length)));
    }
    expect(pages).toEqual([3, 3, 2]);
    expect(keys).toEqual([...names].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))));
  });

  it("rolls names up at the delimiter, each prefix once over all pages", async () => {
    const prefixes: (string | undefined)[] = [];
    let keys = 0;
    const options = { client: local.s3, pageSize: 1 };
    for await (const page of paginateListObjectsV2(options, { Bucket, Prefix: "list/", Delimiter: "/" })) {
      prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      keys += page.Contents?.length ?? 0;
    }
    expect(prefixes).toEqual(["list/b/", "list/c/"]);
    expect(keys).toBe(5);
  });

  it("does the same in the first version, by NextMarker", async () => {
    const shown: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await local.s3.send(
        new ListObjectsCommand({ Bucket, Prefix: "list/", Delimiter: "/", MaxKeys: 2, ...(Marker && { Marker }) }),
      );
      shown.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      shown.push(...(page.Contents ?? []).map(({ Key }) => Key));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(shown).toHaveLength(7);
    expect(new Set(shown).size).toBe(7);
  });

  it("writes names that XML cannot hold in url encoding when asked, with + as %2B", async () => {
    await put("odd/bell\u0007 +ü", "x");
    const answer = await rawRequest(
      local.port,
      rawHead(local.port, `GET /${Bucket}?list-type=2&prefix=odd/&encoding-type=url`),
    );
    expect(answer).toContain("<Key>odd/bell%07%20%2B%C3%BC</Key>");
    expect(answer).toContain("<EncodingType>url</EncodingType>");
  });

  it("refuses senseless arguments", async () => {
    const list = (more: object) => refusal(local.s3.send(new ListObjectsV2Command({ Bucket, ...more })));
    expect(await list({ MaxKeys: -1 })).toBe("InvalidArgument 400");
    expect(await list({ ContinuationToken: "no-such-token" })).toBe("InvalidArgument 400");
    expect(await list({ EncodingType: "base64" })).toBe("InvalidArgument 400");
    expect(await refusal(local.s3.send(new ListObjectsV2Command({ Bucket: "none" })))).toBe("NoSuchBucket 404");
  });
});

describe("CopyObject, tags and deletes", () => {
  it("copies bytes and attributes, or replaces these", async () => {
    const from = `${fresh()} ü+%20`;
    const to = fresh();
    await put(from, "pixels", { ContentType: "image/png", Metadata: { a: "1" }, Tagging: "split=train" });
    const CopySource = `${Bucket}/${encodeURIComponent(from)}`;
    const { CopyObjectResult } = await local.s3.send(new CopyObjectCommand({ Bucket, Key: to, CopySource }));
    expect(CopyObjectResult?.ETag).toBe(`"${createHash("md5").update("pixels").digest("hex")}"`);
    const copied = await local.s3.send(new HeadObjectCommand({ Bucket, Key: to }));
    expect(copied).toMatchObject({ ContentType: "image/png", Metadata: { a: "1" }, TagCount: 1 });
    const replaced = { MetadataDirective: "REPLACE", ContentType: "image/x", Metadata: { b: "2" } } as const;
    await local.s3.send(new CopyObjectCommand({ Bucket, Key: to, CopySource, ...replaced }));
    const again = await local.s3.send(new HeadObjectCommand({ Bucket, Key: to }));
    expect(again).toMatchObject({ ContentType: "image/x", Metadata: { b: "2" } });
    await local.s3.send(new DeleteObjectCommand({ Bucket, Key: from }));
    expect(await get(to)).toBe("pixels");
  });

  it("refuses copies without sense or source", async () => {
    const copy = (Key: string, CopySource: string, more = {}) =>
      refusal(local.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more })));
    await put("self", "x");
    expect(await copy("self", `${Bucket}/self`)).toBe("InvalidRequest 400");
    expect(await copy("k", `${Bucket}/none`)).toBe("NoSuchKey 404");
    await put("by-hand");
    await unlink(join(local.directory, "s3", Bucket, "objects", "by-hand"));
    expect(await copy("k", `${Bucket}/by-hand`)).toBe("NoSuchKey 404");
    expect(await copy("k", "none/none")).toBe("NoSuchBucket 404");
    expect(await copy("k", Bucket)).toBe("InvalidArgument 400");
    expect(await copy("k", `${Bucket}/../../etc/passwd`)).toBe("NoSuchKey 404");
    expect(await copy("k", `${Bucket}/self`, { CopySourceIfMatch: '"0"' })).toBe("PreconditionFailed 412");
  });

  it("keeps tags", async () => {
    const key = fresh();
    await put(key, "x", { Tagging: "who=me&why=a%20b" });
    const tags = async () => (await local.s3.send(new GetObjectTaggingCommand({ Bucket, Key: key }))).TagSet;
    expect(await tags()).toEqual([
      { Key: "who", Value: "me" },
      { Key: "why", Value: "a b" },
    ]);
    const TagSet = [{ Key: "<&>", Value: "" }];
    await local.s3.send(new PutObjectTaggingCommand({ Bucket, Key: key, Tagging: { TagSet } }));
    expect(await tags()).toEqual(TagSet);
    expect(await get(key)).toBe("x");
  });

  it("deletes many, also such that never were, and keeps to 1,000", async () => {
    const odd = " a & <b>\r\n.txt ";
    await put(odd, "x");
    const Objects = [{ Key: odd }, { Key: "never" }];
    const { Deleted } = await local.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted?.map(({ Key }) => Key)).toContain("never");
    expect(await refusal(get(odd))).toBe("NoSuchKey 404");
    const many = Array.from({ length: 1001 }, (_, i) => ({ Key: `k${i}` }));
    const call = local.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: many } }));
    expect(await refusal(call)).toBe("MalformedXML 400");
  });

  it("demands a digest for DeleteObjects", async () => {
    const body = "<Delete><Object><Key>self</Key></Object></Delete>";
    const head = rawHead(local.port, `POST /${Bucket}?delete`, { "content-length": String(body.length) });
    expect(await rawRequest(local.port, head + body)).toContain("Missing required header for this request");
  });
});
