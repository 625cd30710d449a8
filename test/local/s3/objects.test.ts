import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsOn, outcomeOf } from "../../support/local-s3-calls.js";
import { rawHead, rawRequest, startLocalS3, statusOf, type LocalS3 } from "../../support/local-s3.js";

const Bucket = "bucket";
let local: LocalS3;
let { fresh, get, put } = {} as ReturnType<typeof callsOn>;
beforeAll(async () => {
  local = await startLocalS3();
  ({ fresh, get, put } = callsOn(local, Bucket));
  await local.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => local.close());

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
    expect(await outcomeOf(put(key, "hello", { ChecksumCRC32: "AAAAAA==" }))).toBe("BadDigest 400");
    expect(await outcomeOf(put(key, "hello", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" }))).toBe("BadDigest 400");
    expect(await outcomeOf(put(key, "hello", { ContentMD5: "no" }))).toBe("InvalidDigest 400");
    expect(await outcomeOf(get(key))).toBe("NoSuchKey 404");
  });

  it("writes only where its conditions hold", async () => {
    const key = fresh();
    expect(await outcomeOf(put(key, "x", { IfMatch: '"0"' }))).toBe("NoSuchKey 404");
    const { ETag } = await put(key, "first", { IfNoneMatch: "*" });
    expect(await outcomeOf(put(key, "second", { IfNoneMatch: "*" }))).toBe("PreconditionFailed 412");
    expect(await outcomeOf(put(key, "second", { IfMatch: '"0"' }))).toBe("PreconditionFailed 412");
    expect(await get(key)).toBe("first");
    await put(key, "second", { IfMatch: ETag });
    expect(await get(key)).toBe("second");
  });

  it("lets one of many create", async () => {
    const key = fresh();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, i) => outcomeOf(put(key, String(i), { IfNoneMatch: "*" }))),
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
    expect(await outcomeOf(call)).toBe("InvalidRange 416");
  });

  it("reads under conditions", async () => {
    const key = fresh();
    const { ETag } = await put(key, "x");
    const old = new Date("2020-01-01");
    const read = (more: object) => outcomeOf(local.s3.send(new GetObjectCommand({ Bucket, Key: key, ...more })));
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
    expect(await outcomeOf(put(key, "x", more))).toBe(expected);
  });
});
