import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callsOn, outcomeOf } from "../../support/local-s3-calls.js";
import { rawHead, rawRequest, startLocalS3, type LocalS3 } from "../../support/local-s3.js";

const Bucket = "bucket";
let local: LocalS3;
let { put } = {} as ReturnType<typeof callsOn>;
beforeAll(async () => {
  local = await startLocalS3();
  ({ put } = callsOn(local, Bucket));
  await local.s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => local.close());

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
    const list = (more: object) => outcomeOf(local.s3.send(new ListObjectsV2Command({ Bucket, ...more })));
    expect(await list({ MaxKeys: -1 })).toBe("InvalidArgument 400");
    expect(await list({ ContinuationToken: "no-such-token" })).toBe("InvalidArgument 400");
    expect(await list({ EncodingType: "base64" })).toBe("InvalidArgument 400");
    expect(await outcomeOf(local.s3.send(new ListObjectsV2Command({ Bucket: "none" })))).toBe("NoSuchBucket 404");
  });
});
