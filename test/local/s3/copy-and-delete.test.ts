import { createHash } from "node:crypto";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsOn, outcomeOf } from "../../support/local-s3-calls.js";
import { rawHead, rawRequest, startLocalS3, type LocalS3 } from "../../support/local-s3.js";

const Bucket = "bucket";
let local: LocalS3;
let { fresh, get, put } = {} as ReturnType<typeof callsOn>;
beforeAll(async () => {
  local = await startLocalS3();
  ({ fresh, get, put } = callsOn(local, Bucket));
  await local.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => local.close());

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
      outcomeOf(local.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more })));
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
    expect(await outcomeOf(get(odd))).toBe("NoSuchKey 404");
    const many = Array.from({ length: 1001 }, (_, i) => ({ Key: `k${i}` }));
    const call = local.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: many } }));
    expect(await outcomeOf(call)).toBe("MalformedXML 400");
  });

  it("demands a digest for DeleteObjects", async () => {
    const body = "<Delete><Object><Key>self</Key></Object></Delete>";
    const head = rawHead(local.port, `POST /${Bucket}?delete`, { "content-length": String(body.length) });
    expect(await rawRequest(local.port, head + body)).toContain("Missing required header for this request");
  });
});
