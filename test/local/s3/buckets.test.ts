import { createHash, randomBytes } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openObjects } from "../../../src/local/store/index.js";
import { rawHead, rawRequest, startLocalS3, statusOf, type LocalS3 } from "../../support/local-s3.js";

const Bucket = "bucket";
let local: LocalS3;
beforeAll(async () => {
  local = await startLocalS3();
  await local.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => local.close());

const refusal = async (call: Promise<unknown>): Promise<string> => {
  const error = (await call.then(
    () => ({ name: "accepted" }),
    (reason: unknown) => reason,
  )) as { name: string };
  return error.name;
};

describe("buckets", () => {
  it("makes, lists, finds and deletes them", async () => {
    const name = { Bucket: "second-bucket" };
    await local.s3.send(new CreateBucketCommand(name));
    await local.s3.send(new CreateBucketCommand(name)); // us-east-1 takes a second time for a success
    expect((await local.s3.send(new ListBucketsCommand({}))).Buckets?.map((bucket) => bucket.Name)).toContain(
      name.Bucket,
    );
    expect((await local.s3.send(new HeadBucketCommand(name))).BucketRegion).toBe("us-east-1");
    expect((await local.s3.send(new GetBucketLocationCommand(name))).LocationConstraint).toBeUndefined();
    await local.s3.send(new PutObjectCommand({ ...name, Key: "k", Body: "x" }));
    expect(await refusal(local.s3.send(new DeleteBucketCommand(name)))).toBe("BucketNotEmpty");
    await local.objects.delete(name.Bucket, "k");
    await local.s3.send(new DeleteBucketCommand(name));
    expect(await refusal(local.s3.send(new HeadBucketCommand(name)))).toBe("NotFound");
  });

  it.each(["Upper-Case", "under_score", "ab", "a..b", "-a-", "127.0.0.1", "xn--a"])(
    "refuses the name %s",
    async (name) => {
      const answer = await rawRequest(local.port, rawHead(local.port, `PUT /${name}`, { "content-length": "0" }));
      expect(answer).toContain("<Code>InvalidBucketName</Code>");
    },
  );

  it.each(["acl", "lifecycle", "session"])("says that %s is not implemented", async (name) => {
    expect(statusOf(await rawRequest(local.port, rawHead(local.port, `GET /${Bucket}?${name}`)))).toBe(501);
  });
});

describe("CORS", () => {
  const preflight = (origin: string, method: string, headers = ""): Promise<string> =>
    rawRequest(
      local.port,
      rawHead(local.port, `OPTIONS /${Bucket}/k`, {
        authorization: undefined,
        origin,
        "access-control-request-method": method,
        ...(headers !== "" && { "access-control-request-headers": headers }),
      }),
    );

  it("says no to every page until the bucket's rules say yes", async () => {
    expect(await refusal(local.s3.send(new GetBucketCorsCommand({ Bucket })))).toBe("NoSuchCORSConfiguration");
    expect(await preflight("https://a.example", "GET")).not.toMatch(/access-control-allow/i);
    const rule = {
      AllowedMethods: ["GET", "PUT"],
      AllowedOrigins: ["https://*.example"],
      AllowedHeaders: ["x-amz-*"],
      ExposeHeaders: ["ETag"],
      MaxAgeSeconds: 60,
    };
    await local.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    expect((await local.s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([rule]);
    const yes = await preflight("https://a.example", "PUT", "X-Amz-Date");
    expect(statusOf(yes)).toBe(200);
    expect(yes).toMatch(/access-control-allow-origin: https:\/\/a\.example/i);
    expect(statusOf(await preflight("https://a.example", "DELETE"))).toBe(403);
    expect(statusOf(await preflight("https://a.test", "GET"))).toBe(403);
    expect(statusOf(await preflight("https://a.example", "GET", "authorization"))).toBe(403);
    // A refusal carries the headers too, or the page could not read it.
    const missing = await rawRequest(
      local.port,
      rawHead(local.port, `GET /${Bucket}/none`, { origin: "https://a.example" }),
    );
    expect(missing).toMatch(/^HTTP\/1\.1 404[^]*access-control-allow-origin/i);
    await local.s3.send(new DeleteBucketCorsCommand({ Bucket }));
    expect(statusOf(await preflight("https://a.example", "GET"))).toBe(403);
  });

  it("refuses rules that could not be sent as headers", async () => {
    const rule = { AllowedMethods: ["GET"], AllowedOrigins: ["https://a\r\nx"] };
    const call = local.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
    expect(await refusal(call)).toBe("MalformedXML");
  });
});

describe("multipart uploads", () => {
  const part = Buffer.from(randomBytes(5 * 1024 * 1024));
  const crc32 = { ChecksumAlgorithm: "CRC32" } as const;

  it("puts parts together, with the ETag and checksum that clients expect", async () => {
    const body = Buffer.concat([part, Buffer.from("tail")]);
    const target = { Bucket, Key: "managed" };
    const algorithm = { ChecksumAlgorithm: "SHA256" } as const;
    const { UploadId } = await local.s3.send(
      new CreateMultipartUploadCommand({ ...target, ...algorithm, ContentType: "image/x" }),
    );
    const Parts = [];
    for (const [i, Body] of [part, Buffer.from("tail")].entries()) {
      const input = { ...target, ...algorithm, UploadId, PartNumber: i + 1, Body };
      const { ETag, ChecksumSHA256 } = await local.s3.send(new UploadPartCommand(input));
      Parts.push({ PartNumber: i + 1, ETag, ChecksumSHA256 });
    }
    const done = await local.s3.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
    );
    // Amazon S3 User Guide: the digest of the parts' digests, and the number of parts.
    const digest = (name: string): Buffer =>
      createHash(name)
        .update(createHash(name).update(part).digest())
        .update(createHash(name).update("tail").digest())
        .digest();
    expect(done.ETag).toBe(`"${digest("md5").toString("hex")}-2"`);
    expect(done.ChecksumSHA256).toBe(`${digest("sha256").toString("base64")}-2`);
    const answer = await local.s3.send(new GetObjectCommand({ Bucket, Key: "managed" }));
    expect(answer.ContentType).toBe("image/x");
    expect(Buffer.from(await answer.Body!.transformToByteArray()).equals(body)).toBe(true);
    const second = await local.s3.send(new GetObjectCommand({ Bucket, Key: "managed", PartNumber: 2 }));
    expect(second.PartsCount).toBe(2);
    expect(await second.Body?.transformToString()).toBe("tail");
  });

  it("goes on after a restart, and completes twice with one answer", async () => {
    const target = { Bucket, Key: "resumed" };
    const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand({ ...target, ...crc32 }));
    const send = (PartNumber: number, Body: Buffer) =>
      local.s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
    await send(2, Buffer.from("replaced"));
    const first = await send(1, part);
    const last = await send(2, Buffer.from("last"));
    const reopened = await openObjects(local.directory); // reads what a killed process would have left
    const [found] = reopened.bucket(Bucket)?.uploads.all() ?? [];
    expect([...(found?.parts.values() ?? [])].map(({ size }) => size).sort()).toEqual([4, part.length]);
    const listed = await local.s3.send(new ListPartsCommand({ ...target, UploadId, MaxParts: 1 }));
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1" });
    const uploads = await local.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(uploads.Uploads?.map((upload) => upload.UploadId)).toEqual([UploadId]);
    const Parts = [first, last].map(({ ETag, ChecksumCRC32 }, i) => ({ PartNumber: i + 1, ETag, ChecksumCRC32 }));
    const complete = () =>
      local.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
    const done = await complete();
    expect((await complete()).ETag).toBe(done.ETag);
    const head = await local.s3.send(new HeadObjectCommand(target));
    expect(head.ContentLength).toBe(part.length + 4);
    expect((await openObjects(local.directory)).bucket(Bucket)?.uploads.all()).toEqual([]);
  });

  it("refuses what S3 refuses", async () => {
    const target = { Bucket, Key: "refused" };
    const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand({ ...target, ...crc32 }));
    const send = async (PartNumber: number, Body: Buffer) => {
      const { ETag, ChecksumCRC32 } = await local.s3.send(
        new UploadPartCommand({ ...target, UploadId, PartNumber, Body }),
      );
      return { ETag, ChecksumCRC32 };
    };
    const sent = [await send(1, Buffer.from("small")), await send(2, part)];
    const complete = (...numbers: number[]) => {
      const unknown = { ETag: '"0"', ChecksumCRC32: "AAAAAA==" };
      const Parts = numbers.map((PartNumber) => ({ PartNumber, ...(sent[PartNumber - 1] ?? unknown) }));
      return refusal(
        local.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } })),
      );
    };
    expect(await complete(2, 1)).toBe("InvalidPartOrder");
    expect(await complete(1, 2)).toBe("EntityTooSmall");
    expect(await complete(2, 3)).toBe("InvalidPart");
    expect(await complete()).toBe("MalformedXML");
    expect(await refusal(send(10_001, part))).toBe("InvalidArgument");
    await local.s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    expect(await refusal(send(1, part))).toBe("NoSuchUpload");
    expect(await complete(2)).toBe("NoSuchUpload");
    expect(await refusal(local.s3.send(new HeadObjectCommand(target)))).toBe("NotFound");
  });

  it("refuses parts with another checksum than announced, and completions without the announced ones", async () => {
    const target = { Bucket, Key: "announced" };
    const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand({ ...target, ...crc32 }));
    const other = { ...target, UploadId, PartNumber: 1, Body: part, ChecksumAlgorithm: "SHA1" } as const;
    expect(await refusal(local.s3.send(new UploadPartCommand(other)))).toBe("InvalidRequest");
    const { ETag, ChecksumCRC32 } = await local.s3.send(
      new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: part }),
    );
    const complete = (given: { ChecksumCRC32?: string | undefined }) => {
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ...given }] };
      return local.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    };
    expect(await refusal(complete({}))).toBe("InvalidRequest");
    expect(await refusal(complete({ ChecksumCRC32: "AAAAAA==" }))).toBe("InvalidPart");
    expect((await complete({ ChecksumCRC32 })).ETag).toMatch(/-1"$/);
  });

  it("takes the checksum that clients add by themselves where none was announced", async () => {
    const target = { Bucket, Key: "silent" };
    const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand(target));
    const sent = await local.s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: part }));
    expect(sent.ChecksumCRC32).toHaveLength(8);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: sent.ETag }] };
    await local.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
  });

  it("asks for no checksums of parts where that of the whole object was announced", async () => {
    const target = { Bucket, Key: "whole" };
    const { UploadId } = await local.s3.send(
      new CreateMultipartUploadCommand({ ...target, ...crc32, ChecksumType: "FULL_OBJECT" }),
    );
    const { ETag } = await local.s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: part }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const done = await local.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    expect(done.ChecksumType).toBe("FULL_OBJECT");
  });

  it("copies ranges as parts", async () => {
    await local.s3.send(new PutObjectCommand({ Bucket, Key: "source", Body: part }));
    const target = { Bucket, Key: "copied" };
    const { UploadId } = await local.s3.send(new CreateMultipartUploadCommand(target));
    const copy = (CopySourceRange: string) => {
      const input = { ...target, UploadId, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange };
      return local.s3.send(new UploadPartCopyCommand(input));
    };
    expect(await refusal(copy(`bytes=0-${part.length}`))).toBe("InvalidArgument");
    const { CopyPartResult } = await copy("bytes=1-5");
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
    await local.s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
    expect(Buffer.from((await local.objects.read(Bucket, "copied"))!)).toEqual(part.subarray(1, 6));
  });
});
